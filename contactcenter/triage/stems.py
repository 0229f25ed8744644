"""Words reduced to their stems by PostgreSQL's dictionaries, in each of the four languages.

The stem of a word never changes while a process runs, so each is asked for once.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text

from contactcenter.db import db
from contactcenter.triage.naming import DENIALS, LANGUAGES, Phrase, Tokens
from contactcenter.triage.rules import Stems, wanted

MOST_KEPT = 50_000
SHORTEST = 4  # a shorter stem is shared by words that have nothing in common: "taxe" and "taxi"

Known = Mapping[str, tuple[str | None, ...]]

_STEMS = text(
    "SELECT word, ts_lexize('french_stem', word) AS fr, ts_lexize('dutch_stem', word) AS nl,"
    " ts_lexize('english_stem', word) AS en, ts_lexize('german_stem', word) AS de"
    " FROM unnest(CAST(:words AS text[])) AS word"
)
_kept: dict[str, tuple[str | None, ...]] = {}


def stemmed(plain_text: str) -> Stems:
    """A plain text with each word replaced by its stem, once for each language."""
    words = plain_text.split()
    known = {word: _stems_or_word(word, stems) for word, stems in stems_of(words).items()}
    by_language = zip(*(known[word] for word in words), strict=True)
    return tuple(f" {' '.join(said)} " for said in by_language) or ("  ",) * len(LANGUAGES)


def stemmed_words(words: Iterable[str]) -> dict[str, Stems]:
    """For each word or expression, what stands for it in a stemmed text of each language."""
    looked_for = {word: wanted(word) for word in words}
    stems_of([part for each in looked_for.values() for part in each.split()])
    return {word: stemmed(each) if each else () for word, each in looked_for.items()}


def phrases(listed: Iterable[tuple[str, str]]) -> list[Phrase]:
    """The expressions of a topic, each given with the language it is listed in, as looked for."""
    looked_for = [(word, tuple(wanted(word).split()), language) for word, language in listed]
    known = stems_of([part for _word, parts, _language in looked_for for part in parts])
    return [
        Phrase(word, _forms(parts, known), _telling(parts, known), language)
        for word, parts, language in looked_for
        if parts
    ]


def telling_stems(plain_text: str, language: str) -> dict[str, str]:
    """The stems of a text in its language, each with the word read; small words are left out."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    words = [word for word in plain_text.split() if word.isalpha() and 3 < len(word) < 30]
    known = stems_of(words)
    return {stem: word for word in reversed(words) if (stem := known[word][place])}


def stems_of(words: Sequence[str]) -> dict[str, tuple[str | None, ...]]:
    """The stem of each plain word in each language; None for a word that says nothing in it."""
    asked = set(words)
    if missing := sorted(asked - _kept.keys()):
        if len(_kept) > MOST_KEPT:
            _kept.clear()
            missing = sorted(asked)
        for row in db.session.execute(_STEMS, {"words": missing}):
            _kept[row.word] = tuple(lexemes[0] if lexemes else None for lexemes in row[1:])
    return {word: _kept[word] for word in asked}


def _forms(parts: Tokens, known: Known) -> tuple[Tokens, ...]:
    return (parts, *zip(*(_stems_or_word(part, known[part]) for part in parts), strict=True))


def _telling(parts: Tokens, known: Known) -> tuple[tuple[bool, ...], ...]:
    """By language, which words are no small words in it; to deny something always tells."""
    return tuple(
        tuple(part in DENIALS or known[part][place] is not None for part in parts)
        for place in range(len(LANGUAGES))
    )


def _stems_or_word(word: str, stems: Iterable[str | None]) -> Tokens:
    return tuple(stem if stem and len(stem) >= SHORTEST else word for stem in stems)
