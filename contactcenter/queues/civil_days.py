"""Days of a place: where they begin and end on the clock on its wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def midnight(at: datetime, timezone: str) -> datetime:
    """The moment the local day of `at` began."""
    return day_of(at.astimezone(ZoneInfo(timezone)).date(), timezone)[0]


def day_of(day: date, timezone: str) -> tuple[datetime, datetime]:
    """The local civil day [begin, end): 23 or 25 hours long when the clocks change."""
    zone = ZoneInfo(timezone)
    begin, end = (
        datetime.combine(each, time(), zone).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    return begin, end
