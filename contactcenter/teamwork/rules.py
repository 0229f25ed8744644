"""Who is named in a note, and when "tomorrow" is: no database, no clock."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from contactcenter.directory.rules import Hours, NeverOpens, next_opening


def named_in(text: str, people: Mapping[int, str]) -> list[int]:
    """Who is called by `@name` in a note: a whole name, or a first name that only one has."""
    words = _plain(text)
    named = []
    for person_id, name in people.items():
        first = _plain(name).split()[0] if name.split() else ""
        is_only = sum(_plain(other).split()[:1] == [first] for other in people.values()) == 1
        if _is_called(_plain(name), words) or (first and is_only and _is_called(first, words)):
            named.append(person_id)
    return named


def named_in_vain(text: str, people: Mapping[int, str]) -> list[str]:
    """What is written as a call and calls nobody: unknown, or the first name of several."""
    heard = {_plain(people[each]).split()[0] for each in named_in(text, people)}
    called = dict.fromkeys(re.findall(r"(?<!\w)@([^\W\d_][\w’'-]*)", text))
    return [each for each in called if _plain(each) not in heard]


def next_morning(hours: Hours, now: datetime) -> datetime:
    """The first opening of a later day; a place that never opens opens in a day."""
    midnight = now.astimezone(hours.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return next_open(hours, midnight + timedelta(days=1), now + timedelta(days=1))


def next_open(hours: Hours, since: datetime, otherwise: datetime) -> datetime:
    """The next time the place opens its doors from `since` on."""
    try:
        return next_opening(hours, since)
    except NeverOpens:
        return otherwise


def _is_called(name: str, words: str) -> bool:
    return re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", words) is not None


def _plain(text: str) -> str:
    parts: Iterable[str] = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in parts if not unicodedata.combining(each))
