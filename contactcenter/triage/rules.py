"""Which rule speaks for a request. Pure: the table of rules and the request go in.

A request is read once, before any rule: its words, language, sender, place. Rules run once, in
order, and each field is decided once, by the first rule that applies and sets it; the topic is
decided first, because rules may ask for it. What a rule decides is never read again by a rule that
has already run, so that no two rules can send a request back and forth.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

READ = 10_000  # characters of a text that are looked at

Stems = tuple[str, ...]
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")  # no accent stands among the others


@dataclass(frozen=True)
class Rule:
    """One line of the table. A condition that is None or empty asks for nothing.

    `stems` has for each of the words its stemmed form in each language, where that is known.
    """

    id: int
    name: str
    sets: Mapping[str, Any]
    topic_id: int | None = None
    words: Sequence[str] = ()
    site_id: int | None = None
    channel: str | None = None
    language: str | None = None
    sender_domain: str | None = None
    citizen_known: bool | None = None
    stems: Mapping[str, Stems] = field(default_factory=dict)

    @cached_property
    def looked_for(self) -> Sequence[tuple[str, Stems]]:
        """What stands for each of its words in a plain text, and in one stemmed in each language.

        A word that says nothing is left out.
        """
        return [(said, self.stems.get(word, ())) for word in self.words if (said := wanted(word))]


@dataclass(frozen=True)
class Case:
    """What is known of a request; `text` has been made plain, `stemmed` is it in each language."""

    text: str
    channel: str
    topic_id: int | None = None
    site_id: int | None = None
    language: str | None = None
    sender_domain: str | None = None
    citizen_known: bool = False
    stemmed: Stems = ()


def plain(words: str) -> str:
    """Lower case, no accent, single spaces around every word, plural s and x left out."""
    loose = unicodedata.normalize("NFKD", words[:READ].replace("œ", "oe").replace("æ", "ae"))
    bare = _BEYOND_ASCII.sub(_without_mark, loose).casefold()
    found = re.findall(r"[^\W_]+", bare)
    return f" {' '.join(_singular(word) for word in found)} "


def applies(rule: Rule, case: Case) -> bool:
    return (
        rule.topic_id in (None, case.topic_id)
        and rule.site_id in (None, case.site_id)
        and rule.channel in (None, case.channel)
        and rule.language in (None, case.language)
        and rule.citizen_known in (None, case.citizen_known)
        and (rule.sender_domain is None or is_within(case.sender_domain, rule.sender_domain))
        and (not rule.words or any(_says(case, *each) for each in rule.looked_for))
    )


def first_to_set(field: str, rules: Iterable[Rule], case: Case) -> Rule | None:
    """The first rule, in the order of the table, that applies and sets this field."""
    return next((rule for rule in rules if field in rule.sets and applies(rule, case)), None)


def is_within(domain: str | None, wanted_domain: str) -> bool:
    """Whether a domain is this one or below it: "mail.commune.example" is in "commune.example"."""
    return domain is not None and f".{domain}".endswith(f".{wanted_domain}")


def is_covered(rule: Rule, earlier: Rule) -> bool:
    """Whether `earlier` applies whenever `rule` does, and decides all that `rule` would."""
    return set(rule.sets) <= set(earlier.sets) and all(
        getattr(earlier, name) in (None, getattr(rule, name)) for name in _CONDITIONS
    ) and _covers_words(rule, earlier) and _covers_domain(rule, earlier)  # fmt: skip


def sends_back(one: Rule, other: Rule) -> bool:
    """Whether each asks for the language that the other sets: one of the two must be wrong."""
    return (
        one.language is not None
        and other.language is not None
        and one.language != other.language
        and one.sets.get("language") == other.language
        and other.sets.get("language") == one.language
    )


_CONDITIONS = ("topic_id", "site_id", "channel", "language", "citizen_known")


@lru_cache(maxsize=20_000)  # the same few hundred words are looked for in every request
def wanted(word: str) -> str:
    """A word or expression as it is looked for in a plain text; empty if it says nothing."""
    looked_for = plain(word)
    return looked_for if looked_for.strip() else ""


def _says(case: Case, looked_for: str, stems: Stems) -> bool:
    """Whether the request says a word or expression, as it is listed or by its stems."""
    if looked_for in case.text:
        return True
    return any(stem in text for stem, text in zip(stems, case.stemmed, strict=False) if stem)


def _covers_words(rule: Rule, earlier: Rule) -> bool:
    of_rule = {wanted(word) for word in rule.words}
    return not earlier.words or (bool(of_rule) and of_rule <= {wanted(w) for w in earlier.words})


def _covers_domain(rule: Rule, earlier: Rule) -> bool:
    return earlier.sender_domain is None or is_within(rule.sender_domain, earlier.sender_domain)


def _without_mark(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


def _singular(word: str) -> str:
    return word.rstrip("sx") if len(word) > 3 else word
