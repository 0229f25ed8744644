"""Weekly hours as people write them, one line a weekday or range of weekdays.

`lundi-jeudi: 09:00-12:00, 13:30-17:00`
"""

import re
from collections.abc import Mapping
from datetime import time
from itertools import pairwise

from contactcenter.directory.rules import Interval

WEEKDAYS: dict[str, tuple[str, ...]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "de": ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
}
CLOSED = {"fr": "fermé", "nl": "gesloten", "en": "closed", "de": "geschlossen"}
# Three letters are enough to know a weekday in all four languages; two are not ("di", "ma", "mo").
BY_PREFIX = {name[:3]: day for names in WEEKDAYS.values() for day, name in enumerate(names)}
CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.hu]\s*(\d{2})?)?", re.IGNORECASE)
BETWEEN = re.compile(r"\s*(?:[-\u2010-\u2015]|\bà\b)\s*")
SEPARATOR = re.compile(r"\s*[,;/]\s*")


class HoursUnclear(ValueError):
    """Weekly hours that cannot be read.

    `reason` is one of `weekday`, `time`, `interval`, `overlap`, `repeated`; `text` is the part at
    fault and `line` counts from 1, so that a form can say what to mend in its own language.
    """

    def __init__(self, reason: str, text: str, line: int = 1) -> None:
        super().__init__(f"line {line}: {reason}: {text!r}")
        self.reason, self.text, self.line = reason, text, line


def parse_weekly(text: str) -> dict[int, tuple[Interval, ...]]:
    """Read the lines; a day not named is closed, nor in the answer. Raises HoursUnclear."""
    weekly: dict[int, tuple[Interval, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            days, intervals = _line(line.strip(), number)
            for day in days:
                if day in weekly:
                    raise HoursUnclear("repeated", WEEKDAYS["fr"][day], number)
                weekly[day] = intervals
    return {day: weekly[day] for day in sorted(weekly) if weekly[day]}


def format_weekly(weekly: Mapping[int, tuple[Interval, ...]], language: str = "fr") -> str:
    """Write every weekday on its line, so that `parse_weekly` reads the same hours back."""
    return "\n".join(
        f"{name}: {format_day(weekly.get(day, ())) or CLOSED[language]}"
        for day, name in enumerate(WEEKDAYS[language])
    )


def parse_day(text: str, line: int = 1) -> tuple[Interval, ...]:
    """Read `09:00-12:00, 13:30-17:00`; empty or "closed" is no interval. Raises HoursUnclear."""
    if text.strip().casefold() in {"", "-", *CLOSED.values()}:
        return ()
    parts = [_interval(part, line) for part in SEPARATOR.split(text.strip())]
    intervals = sorted(parts, key=lambda interval: interval.span)
    for earlier, later in pairwise(intervals):
        if later.span[0] < earlier.span[1]:
            raise HoursUnclear("overlap", format_day((earlier, later)), line)
    return tuple(intervals)


def format_day(intervals: tuple[Interval, ...]) -> str:
    return ", ".join(f"{each.start:%H:%M}-{_end_text(each)}" for each in intervals)


def _end_text(interval: Interval) -> str:
    return "24:00" if interval.end == time() else f"{interval.end:%H:%M}"


def _line(line: str, number: int) -> tuple[range, tuple[Interval, ...]]:
    match = re.match(r"([^\d:]+?)\s*(?::|(?=\d)|$)\s*(.*)", line)
    if match is None:
        raise HoursUnclear("weekday", line, number)
    names, closed = _without_closed(match[1])
    return _days(names, number), () if closed else parse_day(match[2], number)


def _without_closed(names: str) -> tuple[str, bool]:
    """`samedi fermé` needs no colon."""
    for word in CLOSED.values():
        if names.casefold().endswith(f" {word}"):
            return names[: -len(word)].strip(), True
    return names, False


def _days(text: str, line: int) -> range:
    names = BETWEEN.split(text.strip())
    days = [_weekday(name, line) for name in names]
    if len(days) > 2 or days[-1] < days[0]:
        raise HoursUnclear("weekday", text, line)
    return range(days[0], days[-1] + 1)


def _weekday(name: str, line: int) -> int:
    word = name.strip(" .").casefold()
    day = BY_PREFIX.get(word[:3])
    if day is None or not any(names[day].startswith(word) for names in WEEKDAYS.values()):
        raise HoursUnclear("weekday", name, line)
    return day


def _interval(text: str, line: int) -> Interval:
    ends = BETWEEN.split(text)
    if len(ends) != 2:
        raise HoursUnclear("interval", text, line)
    start, end = _minutes(ends[0], line), _minutes(ends[1], line)
    if start == end or start == 24 * 60:
        raise HoursUnclear("interval", text, line)
    return Interval(_clock(start), _clock(end))


def _minutes(text: str, line: int) -> int:
    match = CLOCK.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise HoursUnclear("time", text, line)
    return hour * 60 + minute


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
