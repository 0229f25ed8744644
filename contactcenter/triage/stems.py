"""Words reduced to their stems by PostgreSQL's dictionaries, in each of the four languages.

The stem of a word never changes while a process runs, so each is asked for once.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import text

from contactcenter.db import db
from contactcenter.triage.rules import Stems, wanted

MOST_KEPT = 50_000
SHORTEST = 4  # a shorter stem is shared by words that have nothing in common: "taxe" and "taxi"
LANGUAGES = ("fr", "nl", "en", "de")

_STEMS = text(
    "SELECT word, ts_lexize('french_stem', word) AS fr, ts_lexize('dutch_stem', word) AS nl,"
    " ts_lexize('english_stem', word) AS en, ts_lexize('german_stem', word) AS de"
    " FROM unnest(CAST(:words AS text[])) AS word"
)
_kept: dict[str, tuple[str | None, ...]] = {}


def stemmed(plain_text: str) -> Stems:
    """A plain text with each word replaced by its stem, once for each language."""
    words = plain_text.split()
    known = stems_of(words)
    return tuple(
        f" {' '.join(_stem_or_word(word, known[word][place]) for word in words)} "
        for place in range(len(LANGUAGES))
    )


def stemmed_words(words: Iterable[str]) -> dict[str, Stems]:
    """For each word or expression, what stands for it in a stemmed text of each language."""
    looked_for = {word: wanted(word) for word in words}
    stems_of([part for each in looked_for.values() for part in each.split()])
    return {word: stemmed(each) if each else () for word, each in looked_for.items()}


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


def _stem_or_word(word: str, stem: str | None) -> str:
    return stem if stem and len(stem) >= SHORTEST else word
