"""When a citizen should have an answer: the topic's target, in the open hours of the site."""

from datetime import datetime, time, timedelta

from contactcenter.directory.rules import Hours, Interval, NeverOpens, add_open_time
from contactcenter.languages import zone

USUAL_TARGET = timedelta(minutes=2 * 8 * 60)
OFFICE = Interval(time(9), time(17))


def due_after(start: datetime, target: timedelta, hours: Hours | None) -> datetime:
    """A place that never opens, or is not known, counts as an office open on weekdays, 9 to 5."""
    try:
        return add_open_time(hours or _office_hours(), start, target)
    except NeverOpens:
        return add_open_time(_office_hours(), start, target)


def _office_hours() -> Hours:
    return Hours(weekly=dict.fromkeys(range(5), (OFFICE,)), timezone=zone().key)
