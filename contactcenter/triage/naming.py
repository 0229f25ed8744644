"""Which topics a request names, and the one it is about. Pure.

A request names a topic by an expression of it, said as it is listed or in another form of the same
words; or by all the telling words of the expression near each other: "changer l'adresse de ma carte
grise" says "adresse carte grise". What counts is how many different telling words a topic explains.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from contactcenter.triage.rules import Case, plain

GAP = 8  # other words that may stand between the telling words of one expression
CLEARLY = 3  # what only one topic explains must be more than so many times what only another does
LANGUAGES = ("fr", "nl", "en", "de")  # in the order of the stemmed texts of a case
DENIALS = frozenset(
    plain("ne pas jamais sans niet geen zonder not no without nicht kein keine ohne").split()
)

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Phrase:
    """A word or expression of a topic.

    `forms` are its words made plain, then their stems in each language; `telling` says for each
    language which of them are more than small words there; `language` is the one it is listed in.
    """

    word: str
    forms: tuple[Tokens, ...]
    telling: tuple[tuple[bool, ...], ...] = ()
    language: str = ""

    @cached_property
    def told_by(self) -> tuple[int, ...]:
        """The places of its telling words, in its own language; of all if none tells anything."""
        tells = self.tells(self.language)
        return tuple(place for place, told in enumerate(tells) if told or not any(tells))

    @cached_property
    def telling_words(self) -> frozenset[str]:
        """Its words, as they are listed, without the small ones."""
        return frozenset(self.forms[0][place] for place in self.told_by)

    @cached_property
    def scattered(self) -> tuple[int, list[str]] | None:
        """Its telling words, and the place of their form; None where one alone would be enough."""
        form = LANGUAGES.index(self.language) + 1 if self.language in LANGUAGES else 0
        if form >= len(self.forms):
            return None
        words = [self.forms[form][place] for place in self.told_by]
        return (form, words) if len(set(words)) > 1 else None

    def tells(self, language: str | None) -> tuple[bool, ...]:
        """Which of its words tell something in this language; all, if nothing is known of it."""
        if language not in LANGUAGES or not self.telling:
            return (True,) * len(self.forms[0])
        return self.telling[LANGUAGES.index(language)]

    @property
    def first(self) -> int:
        """The place of its first telling word: who does not say that one does not say it."""
        tells = self.tells(self.language)
        return tells.index(True) if True in tells else 0


@dataclass
class Named:
    """What a request says of one topic: the words as listed, and the stems they explain."""

    words: list[str] = field(default_factory=list)
    stems: set[str] = field(default_factory=set)


Index = Mapping[str, Sequence[tuple[int, Phrase]]]


def indexed(topics: Mapping[int, Iterable[Phrase]]) -> Index:
    """Each topic's expressions under the first telling word of each of their forms."""
    index: dict[str, list[tuple[int, Phrase]]] = {}
    for topic_id, phrases in topics.items():
        for phrase in phrases:
            for first in {form[phrase.first] for form in phrase.forms if form}:
                index.setdefault(first, []).append((topic_id, phrase))
    return index


def named_by(index: Index, case: Case) -> Mapping[int, Named]:
    """For each topic that the request names, what it says of it, in the order it says it."""
    return _text(case).names(index)


def topic_named(named: Mapping[int, Named]) -> int | None:
    """The topic that the request is about; None if another is about as well named."""
    ranked = sorted(named, key=lambda each: len(named[each].stems), reverse=True)
    if not ranked:
        return None
    best = named[ranked[0]].stems
    is_clear = all(_is_clear(best, named[other].stems) for other in ranked[1:])
    return ranked[0] if is_clear else None


def _is_clear(best: set[str], other: set[str]) -> bool:
    """What says all that another says, and more, is closer to it: "carte grise" in "… perdue"."""
    return len(best - other) > CLEARLY * len(other - best)


class _Text:
    """A request in each of its forms, with where each word stands."""

    def __init__(self, case: Case) -> None:
        self.language = case.language
        self.forms = [tuple(text.split()) for text in (case.text, *case.stemmed)]
        self.places = [_places(form) for form in self.forms]
        own = LANGUAGES.index(case.language) + 1 if case.language in LANGUAGES else 0
        self.own = self.forms[own] if own < len(self.forms) else self.forms[0]
        self._named: tuple[Index, dict[int, Named]] | None = None

    def names(self, index: Index) -> Mapping[int, Named]:
        """Looked for once: who proposes a topic and who suggests others ask the same."""
        if self._named is None or self._named[0] is not index:
            self._named = index, self._names(index)
        return self._named[1]

    def _names(self, index: Index) -> dict[int, Named]:
        found: dict[int, Named] = {}
        seen: set[tuple[int, Tokens]] = set()
        for topic_id, phrase in self.candidates(index):
            if (topic_id, phrase.forms[0]) not in seen and (stems := self.said(phrase)):
                seen.add((topic_id, phrase.forms[0]))
                named = found.setdefault(topic_id, Named())
                named.words.append(phrase.word)
                named.stems |= stems
        return found

    def candidates(self, index: Index) -> Iterable[tuple[int, Phrase]]:
        for first in dict.fromkeys(word for form in self.forms for word in form):
            yield from index.get(first, ())

    def said(self, phrase: Phrase) -> set[str]:
        """The different telling words of the request by which it says this; none if it does not."""
        if not any(phrase.tells(self.language)):
            return set()  # "als" and "are" are topics to some and small words to others
        return {self.own[place] for place in self._as_listed(phrase) or self._scattered(phrase)}

    def _as_listed(self, phrase: Phrase) -> list[int]:
        for said, places, wanted in zip(self.forms, self.places, phrase.forms, strict=False):
            for begin in places.get(wanted[0], ()) if wanted else ():
                if said[begin : begin + len(wanted)] == wanted:
                    return [begin + place for place in phrase.told_by]
        return []

    def _scattered(self, phrase: Phrase) -> list[int]:
        """Where all its telling words stand near each other; one word alone is too little."""
        if phrase.scattered is None or phrase.scattered[0] >= len(self.forms):
            return []
        form, wanted = phrase.scattered
        return _near_each_other(wanted, self.places[form])


@lru_cache(maxsize=1)  # who asks what a request names asks again for what else it may be about
def _text(case: Case) -> _Text:
    return _Text(case)


def _near_each_other(wanted: Sequence[str], places: Mapping[str, Sequence[int]]) -> list[int]:
    if not all(word in places for word in wanted):
        return []
    for begin in places[wanted[0]]:
        found = [min(places[word], key=lambda place: abs(place - begin)) for word in wanted]
        if max(found) - min(found) < len(wanted) + GAP:
            return found
    return []


def _places(said: Tokens) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(said):
        places.setdefault(word, []).append(place)
    return places
