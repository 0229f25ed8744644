"""Finding a topic by its first letters, and when a day at a site is over: no database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from contactcenter.citizens.rules import name_key
from contactcenter.directory.rules import Hours, open_segments

# Who is inside at closing time is still received; after this long nobody is left waiting.
GRACE = timedelta(minutes=30)

MOST_PROPOSED = 9  # one digit key each
ALMOST = 0.6  # share of letters two words have in common, in order


@dataclass(frozen=True)
class Found:
    """The topic meant, or those between which the letters do not decide, or those almost so."""

    topic_id: int | None = None
    between: tuple[int, ...] = ()
    almost: tuple[int, ...] = ()


def find_topic(typed: str, labels: Mapping[int, str], others: Mapping[int, Iterable[str]]) -> Found:
    """The topic whose label is or begins with what was typed, accents and case ignored.

    `others` are further words for a topic; they count only where no label begins so. Where none
    begins so either, those that hold a word written almost so are named, and none is chosen.
    """
    key = name_key(typed)
    if not key:
        return Found()
    exact = [topic for topic, label in labels.items() if name_key(label) == key]
    begun = [topic for topic, label in labels.items() if name_key(label).startswith(key)]
    alike = [topic for topic, words in others.items() if _any_begins(words, key)]
    chosen = exact or begun or alike
    if len(chosen) == 1:
        return Found(chosen[0])
    if not chosen:
        return Found(almost=_nearest(key, labels, others))
    return Found(between=_by_label(chosen, labels))


def _by_label(topics: Iterable[int], labels: Mapping[int, str]) -> tuple[int, ...]:
    """At most nine, in the order of their labels."""
    return tuple(sorted(topics, key=lambda topic: name_key(labels[topic]))[:MOST_PROPOSED])


def _nearest(
    key: str, labels: Mapping[int, str], others: Mapping[int, Iterable[str]]
) -> tuple[int, ...]:
    """At most nine, the likeliest first."""
    marks = {
        topic: max(_likeness(key, name_key(name)) for name in (label, *others.get(topic, ())))
        for topic, label in labels.items()
    }
    near = [topic for topic, mark in marks.items() if mark >= ALMOST]
    return tuple(sorted(near, key=lambda topic: -marks[topic])[:MOST_PROPOSED])


def _likeness(key: str, name: str) -> float:
    """Of what was typed and as many letters of the name, or of one of its words."""
    starts = [name, *name.split()]
    return max(SequenceMatcher(None, key, each[: len(key) + 1]).ratio() for each in starts)


def _any_begins(words: Iterable[str], key: str) -> bool:
    return any(name_key(word).startswith(key) for word in words)


def last_day_ended(hours: Hours, now: datetime) -> datetime | None:
    """When the last day that is wholly over closed its doors; None within two weeks of none.

    A lunch break ends no day.
    """
    since = now - timedelta(days=14)
    last: dict[object, datetime] = {}
    for _opens, closes in open_segments(hours, since, now + timedelta(days=1)):
        last[closes.astimezone(hours.zone).date()] = closes
    return max((closes for closes in last.values() if closes + GRACE <= now), default=None)
