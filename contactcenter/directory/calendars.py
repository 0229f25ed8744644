"""The opening hours of a place or a team, ready to compute with."""

from datetime import time

from contactcenter.directory.models import Site, Team
from contactcenter.directory.rules import Hours, Interval
from contactcenter.directory.stored_hours import read_hours

_OFFICE = (Interval(time(9), time(12)), Interval(time(14), time(17)))
# Whose hours nobody has entered yet still owes an answer some day.
USUAL = dict.fromkeys(range(5), _OFFICE)


def hours_of(place: Site | Team) -> Hours:
    stored = read_hours(
        place.hours, timezone=place.timezone, country=place.country, region=place.region
    )
    if any(stored.weekly.values()):
        return stored
    return Hours(
        weekly=USUAL,
        closed_on=stored.closed_on,
        extra=stored.extra,
        timezone=place.timezone,
        country=place.country,
        region=place.region,
    )
