"""Finding a topic by its first letters, and when a day at a site is over: no database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contactcenter.citizens.rules import name_key
from contactcenter.directory.rules import Hours, open_segments

# Who is inside at closing time is still received; after this long nobody is left waiting.
GRACE = timedelta(minutes=30)


@dataclass(frozen=True)
class Found:
    """The topic meant, or the labels between which the letters do not decide."""

    topic_id: int | None = None
    between: tuple[str, ...] = ()


def find_topic(typed: str, labels: Mapping[int, str], others: Mapping[int, Iterable[str]]) -> Found:
    """The topic whose label is or begins with what was typed, accents and case ignored.

    `others` are further words for a topic; they count only where no label begins so.
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
    return Found(between=tuple(sorted(labels[topic] for topic in chosen)))


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
