"""The opening hours of a place or a team, ready to compute with."""

import json
from datetime import time
from functools import lru_cache

from contactcenter.directory.models import Site, Team
from contactcenter.directory.rules import Hours, Interval
from contactcenter.directory.stored_hours import read_hours

_OFFICE = (Interval(time(9), time(12)), Interval(time(14), time(17)))
# Whose hours nobody has entered yet still owes an answer some day.
USUAL = dict.fromkeys(range(5), _OFFICE)


def hours_of(place: Site | Team) -> Hours:
    """The same calendar gives the same object: what it has computed is kept with it."""
    stored = json.dumps(place.hours, sort_keys=True)
    return _calendar(stored, place.timezone, place.country, place.region)


@lru_cache(maxsize=1024)
def _calendar(hours: str, timezone: str, country: str, region: str | None) -> Hours:
    stored = read_hours(json.loads(hours), timezone=timezone, country=country, region=region)
    if any(stored.weekly.values()):
        return stored
    return Hours(
        weekly=USUAL,
        closed_on=stored.closed_on,
        extra=stored.extra,
        timezone=timezone,
        country=country,
        region=region,
    )
