"""Which topics a request names, and the one it is about. Pure.

A request names a topic by an expression of it, said as it is listed or in another form of the same
words; or by all the telling words of the expression near each other: "changer l'adresse de ma carte
grise" says "adresse carte grise". What counts is how many different telling words a topic explains.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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


def named_by(index: Index, case: Case) -> dict[int, Named]:
    """For each topic that the request names, what it says of it, in the order it says it."""
    text = _text(case)
    found: dict[int, Named] = {}
    seen: set[tuple[int, str]] = set()
    for topic_id, phrase in text.candidates(index):
        stems = text.said(phrase)
        if stems and (topic_id, phrase.word) not in seen:
            seen.add((topic_id, phrase.word))
            named = found.setdefault(topic_id, Named())
            named.words.append(phrase.word)
            named.stems |= stems
    return found


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
                    return [begin + n for n, tells in enumerate(_telling(phrase)) if tells]
        return []

    def _scattered(self, phrase: Phrase) -> list[int]:
        """Where all its telling words stand near each other; one word alone is too little."""
        form = LANGUAGES.index(phrase.language) + 1 if phrase.language in LANGUAGES else 0
        if form >= min(len(self.forms), len(phrase.forms)):
            return []
        pairs = zip(phrase.forms[form], _telling(phrase), strict=True)
        wanted = [word for word, tells in pairs if tells]
        if len(set(wanted)) < 2:
            return []
        return _near_each_other(wanted, self.places[form])


@lru_cache(maxsize=1)  # who asks what a request names asks again for what else it may be about
def _text(case: Case) -> _Text:
    return _Text(case)


def _telling(phrase: Phrase) -> tuple[bool, ...]:
    tells = phrase.tells(phrase.language)
    return tells if any(tells) else (True,) * len(tells)


def _near_each_other(wanted: Sequence[str], places: Mapping[str, Sequence[int]]) -> list[int]:
    for begin in places.get(wanted[0], ()):
        found = [
            min(places.get(word, ()), key=lambda place: abs(place - begin), default=None)
            for word in wanted
        ]
        known = [place for place in found if place is not None]
        if len(known) == len(wanted) and max(known) - min(known) < len(wanted) + GAP:
            return known
    return []


def _places(said: Tokens) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(said):
        places.setdefault(word, []).append(place)
    return places
