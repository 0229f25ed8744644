"""The search of the desk: by reference, by words, by who asks; the newest first.

Words answer only where the text may be read; a reference or a person leads to a line of a request
anywhere in the centre. What is misspelt is looked for as what it is near to, once nothing is found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.actions import country
from contactcenter.citizens.queries import matching
from contactcenter.citizens.rules import name_key
from contactcenter.citizens.rules import read_wanted as read_person
from contactcenter.db import db
from contactcenter.desk import search_queries
from contactcenter.desk.box import Wanted, read_wanted
from contactcenter.desk.filters import Filters, number
from contactcenter.desk.queries import PAGE, Reader
from contactcenter.tickets import search
from contactcenter.tickets.references import find_reference, references_ending
from contactcenter.tickets.search import Found
from contactcenter.tickets.search_rules import Terms

MOST_COUNTED = 1_000
MOST_OF_CITIZEN = 300  # of each person's requests, when words are looked for in them
MOST_TRIED = 4  # other spellings
SHORTEST_MISSPELT = 4
LIKE_ENOUGH = 0.7


@dataclass(frozen=True)
class Result:
    """A page of ids; `after` is where the next one begins, if there may be more.

    `total` is known where that costs nothing; `instead` are the words that were looked for because
    nothing was found with those that were typed. `further` means that only older ones are left to
    look at, with nothing more found so far.
    """

    ids: list[int]
    terms: Terms
    after: str = ""
    total: int | None = None
    instead: str = ""
    further: bool = False


def find(words: str, filters: Filters, person: Person, after: str) -> Result:
    """One page of what these words find."""
    looked_for = _Search(read_wanted(words), filters, person, number(after) or search.NEWEST)
    result = looked_for.page(is_first=not after)
    if result.ids or result.after or after:
        return result
    for terms in other_spellings(looked_for.wanted.terms):
        found = _Search(Wanted(terms, "", looked_for.wanted.askers), filters, person).page()
        if found.ids:
            typed = [f'de:"{asker}"' for asker in looked_for.wanted.askers]
            return Result(
                found.ids, terms, found.after, found.total, " ".join([*typed, str(terms)])
            )
    return result


def count(words: str, filters: Filters, person: Person) -> tuple[int, bool]:
    """How many are found, up to `MOST_COUNTED`, and whether there are or may be more."""
    wanted = _Search(read_wanted(words), filters, person)
    found = wanted.found(MOST_COUNTED + 1)
    return min(len(found.ids), MOST_COUNTED), len(found.ids) > MOST_COUNTED or found.end is not None


@dataclass(frozen=True)
class _Search:
    wanted: Wanted
    filters: Filters
    person: Person
    below: int = search.NEWEST

    @property
    def reader(self) -> Reader:
        return Reader(self.person, ())

    def page(self, *, is_first: bool = True) -> Result:
        first = self._referred() if is_first else []
        found = self.found(PAGE + 1)
        ids = first + [each for each in found.ids if each not in first]
        if len(ids) > PAGE:
            shown = [each for each in ids[:PAGE] if each not in first] or ids[:PAGE]
            return Result(ids[:PAGE], self.wanted.terms, str(shown[-1]))
        total = len(ids) if is_first and found.end is None else None
        return Result(
            ids,
            self.wanted.terms,
            str(found.end or ""),
            total,
            further=found.end is not None,
        )

    def found(self, enough: int) -> Found:
        """The newest first; nothing below the last that was looked at among the words' matches."""
        if self.wanted.askers:
            return self._of_askers(enough)
        if find_reference(self.wanted.loose):
            return Found(self._referred() if self.below == search.NEWEST else [])
        worded = self._worded(enough)
        citizens = _citizens(self.wanted.loose)
        if not citizens or self.wanted.terms.unwanted or self._has_phrase():
            return worded
        theirs = search_queries.of_citizens(
            citizens, self.reader, self.filters, below=self.below, most=enough
        )
        lowest = worded.end or 0
        ids = set(worded.ids) | {each for each in theirs if each >= lowest}
        return Found(sorted(ids, reverse=True), worded.end)

    def _worded(self, enough: int) -> Found:
        return search.readable(
            self.wanted.terms,
            lambda ids: search_queries.readable(ids, self.reader, self.filters),
            enough,
            self.below,
        )

    def _of_askers(self, enough: int) -> Found:
        """Requests of people; with words only those whose content may be read and holds them."""
        has_words = bool(self.wanted.terms.wanted or self.wanted.terms.unwanted)
        ids: set[int] | None = None
        for asker in self.wanted.askers:
            theirs = search_queries.of_citizens(
                _citizens(asker),
                self.reader,
                self.filters,
                below=self.below,
                most=MOST_OF_CITIZEN if has_words else enough,
                is_read=has_words,
            )
            ids = set(theirs) if ids is None else ids & set(theirs)
        newest = sorted(ids or (), reverse=True)
        return Found(search.among(newest, self.wanted.terms) if has_words else newest)

    def _referred(self) -> list[int]:
        """By reference, or by the number in it: 4512 stands for 2026-004512 and for older ones."""
        exact = find_reference(self.wanted.loose)
        year = clock.now().year
        wanted = [exact] if exact else references_ending(self.wanted.loose, year)
        if not wanted or self.wanted.askers:
            return []
        return search_queries.with_references(wanted, self.reader, self.filters)

    def _has_phrase(self) -> bool:
        return len(self.wanted.loose.split()) < len(self.wanted.terms.wanted)


def other_spellings(terms: Terms) -> Iterator[Terms]:
    """The same search with words that were written in this centre, the likeliest first.

    Which of them may be told is for the search to say: only one that finds something.
    """
    near = {word: _near(word) for word in terms.wanted if _can_be_misspelt(word)}
    unknown = [word for word, like in near.items() if name_key(word) not in map(name_key, like)]
    tried = 0
    for change in _changes({word: _others(word, near[word]) for word in near}, unknown):
        if tried < MOST_TRIED:
            tried += 1
            changed = terms
            for word, instead in change.items():
                changed = changed.but(word, instead)
            yield changed


def _changes(near: dict[str, list[str]], unknown: list[str]) -> Iterator[dict[str, str]]:
    """What to put for which word: for those nobody wrote at once, else for one after the other."""
    best = {word: near[word][0] for word in unknown if near[word]}
    if best:
        yield best
        for word in best:
            for other in near[word][1:]:
                yield best | {word: other}
    else:
        for word, others in near.items():
            for other in others[:2]:
                yield {word: other}


def _near(word: str) -> list[str]:
    """Words near to this one, the likeliest first; a usual word is likelier than a rare one."""
    plain = name_key(word)
    likeness = {
        row.word: SequenceMatcher(None, plain, name_key(row.word)).ratio()
        + min(row.times, 50) / 500
        for row in search.near_words(word, most=12)
    }
    like = [each for each, much in likeness.items() if much >= LIKE_ENOUGH]
    return sorted(like, key=lambda each: -likeness[each])


def _others(word: str, like: list[str]) -> list[str]:
    return [each for each in like if name_key(each) != name_key(word)]


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= SHORTEST_MISSPELT and word.isalpha()


def _citizens(words: str) -> list[int]:
    wanted = read_person(words, country())
    if wanted.is_nothing:
        return []
    return [citizen.id for citizen in db.session.scalars(matching(wanted))]
