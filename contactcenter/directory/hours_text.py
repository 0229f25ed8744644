"""Opening hours as an administrator writes them: weekdays, then dates that differ.

`lundi-vendredi: 09:00-12:00, 13:30-17:00`, and for one day `24/12/2026: 09:00-12:00` or
`02/11/2026: fermé`.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from contactcenter.directory.rules import Hours, Interval
from contactcenter.directory.stored_hours import read_hours, store_hours
from contactcenter.directory.weekly_text import (
    CLOSED,
    HoursUnclear,
    format_day,
    format_weekly,
    parse_day,
    parse_weekly,
)

DATED = re.compile(r"\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})\s*:?(.*)")


def parse_hours(text: str) -> dict[str, Any]:
    """The stored form of what is written. Raises HoursUnclear."""
    weekly: list[str] = []
    closed: set[date] = set()
    extra: dict[date, tuple[Interval, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        dated = DATED.match(line)
        weekly.append("" if dated else line)  # an empty line keeps the numbers of the others
        if dated and (intervals := parse_day(dated[4], number)):
            extra[_date(dated, number)] = intervals
        elif dated:
            closed.add(_date(dated, number))
    return store_hours(Hours(parse_weekly("\n".join(weekly)), frozenset(closed), extra))


def format_hours(stored: Mapping[str, Any], language: str = "fr") -> str:
    """Write stored hours so that `parse_hours` reads them back."""
    hours = read_hours(stored, timezone="UTC")
    dated = {**dict.fromkeys(hours.closed_on, CLOSED[language])}
    dated |= {day: format_day(intervals) for day, intervals in hours.extra.items()}
    lines = [f"{day:%d/%m/%Y}: {words}" for day, words in sorted(dated.items())]
    return "\n".join([format_weekly(hours.weekly, language), *lines])


def _date(match: re.Match[str], line: int) -> date:
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError as unknown:
        raise HoursUnclear("date", match[0].strip(), line) from unknown
