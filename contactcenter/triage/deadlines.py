"""When a citizen should have an answer: the topic's target, in the open hours of the site."""

from datetime import datetime, time, timedelta

from contactcenter.directory.models import Site
from contactcenter.directory.rules import Hours, Interval, NeverOpens, add_open_time
from contactcenter.directory.stored_hours import read_hours
from contactcenter.languages import zone

USUAL_TARGET = timedelta(minutes=2 * 8 * 60)
OFFICE = Interval(time(9), time(17))


def due_after(start: datetime, target: timedelta, site: Site | None) -> datetime:
    """A site that never opens, or none at all, counts as an office open on weekdays from 9 to 5."""
    try:
        return add_open_time(_hours(site), start, target)
    except NeverOpens:
        return add_open_time(_office_hours(), start, target)


def _hours(site: Site | None) -> Hours:
    if site is None or not site.hours:
        return _office_hours()
    return read_hours(site.hours, timezone=site.timezone, country=site.country, region=site.region)


def _office_hours() -> Hours:
    return Hours(weekly=dict.fromkeys(range(5), (OFFICE,)), timezone=zone().key)
