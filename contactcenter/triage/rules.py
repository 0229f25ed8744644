"""Which rule speaks for a request. Pure: the table of rules and the request go in."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

READ = 10_000  # characters of a text that are looked at


@dataclass(frozen=True)
class Rule:
    """One line of the table. A condition that is None or empty asks for nothing."""

    id: int
    name: str
    sets: Mapping[str, Any]
    topic_id: int | None = None
    words: Sequence[str] = ()
    site_id: int | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Case:
    """What is known of a request; `text` has been made plain."""

    text: str
    channel: str
    topic_id: int | None = None
    site_id: int | None = None


def plain(words: str) -> str:
    """Lower case, no accent, single spaces around every word, plural s and x left out."""
    loose = unicodedata.normalize("NFKD", words[:READ].replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(c for c in loose if not unicodedata.combining(c)).casefold()
    found = re.findall(r"[^\W_]+", bare)
    return f" {' '.join(_singular(word) for word in found)} "


def found_words(words: Iterable[str], text: str) -> list[str]:
    """Those of `words` (or expressions) that stand in the plain `text` as whole words."""
    return [word for word in words if (wanted := _wanted(word)) and wanted in text]


def applies(rule: Rule, case: Case) -> bool:
    return (
        rule.topic_id in (None, case.topic_id)
        and rule.site_id in (None, case.site_id)
        and rule.channel in (None, case.channel)
        and (not rule.words or bool(found_words(rule.words, case.text)))
    )


def first_to_set(field: str, rules: Iterable[Rule], case: Case) -> Rule | None:
    """The first rule, in the order of the table, that applies and sets this field."""
    return next((rule for rule in rules if field in rule.sets and applies(rule, case)), None)


def topic_named(synonyms: Mapping[int, Sequence[str]], text: str) -> tuple[int, list[str]] | None:
    """The topic whose words the text names most often, with those words; None if two tie."""
    named = {topic_id: found_words(words, text) for topic_id, words in synonyms.items()}
    ranked = sorted(named.items(), key=lambda each: (len(each[1]), _letters(each[1])), reverse=True)
    if not ranked or not ranked[0][1]:
        return None
    if len(ranked) > 1 and _weight(ranked[0][1]) == _weight(ranked[1][1]):
        return None
    return ranked[0]


@lru_cache(maxsize=20_000)  # the same few hundred words are looked for in every request
def _wanted(word: str) -> str:
    wanted = plain(word)
    return wanted if wanted.strip() else ""


def _singular(word: str) -> str:
    return word.rstrip("sx") if len(word) > 3 else word


def _letters(words: Sequence[str]) -> int:
    return sum(len(word) for word in words)


def _weight(words: Sequence[str]) -> tuple[int, int]:
    return len(words), _letters(words)
