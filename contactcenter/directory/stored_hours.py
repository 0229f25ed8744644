"""Opening hours as the database keeps them.

`{"weekly": {"0": [["09:00", "12:00"]]}, "closed_on": ["2026-12-24"],
"extra": {"2026-12-26": [["10:00", "12:00"]]}}`; every part may be missing.
"""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from contactcenter.directory.rules import Hours, Interval


def read_hours(
    stored: Mapping[str, Any],
    *,
    timezone: str,
    country: str | None = None,
    region: str | None = None,
) -> Hours:
    """Rebuild the calendar of a place. Raises ValueError where the stored form is broken."""
    extra = stored.get("extra", {}).items()
    return Hours(
        weekly={int(day): _read(pairs) for day, pairs in stored.get("weekly", {}).items()},
        closed_on=frozenset(date.fromisoformat(day) for day in stored.get("closed_on", ())),
        extra={date.fromisoformat(day): _read(pairs) for day, pairs in extra},
        timezone=timezone,
        country=country,
        region=region,
    )


def store_hours(hours: Hours) -> dict[str, Any]:
    """Write what `read_hours` reads; time zone, country and region have columns of their own."""
    return {
        "weekly": {str(day): _write(intervals) for day, intervals in sorted(hours.weekly.items())},
        "closed_on": [day.isoformat() for day in sorted(hours.closed_on)],
        "extra": {day.isoformat(): _write(each) for day, each in sorted(hours.extra.items())},
    }


def _read(pairs: Iterable[tuple[str, str]]) -> tuple[Interval, ...]:
    return tuple(
        Interval(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs
    )


def _write(intervals: Iterable[Interval]) -> list[list[str]]:
    return [[f"{each.start:%H:%M}", f"{each.end:%H:%M}"] for each in intervals]
