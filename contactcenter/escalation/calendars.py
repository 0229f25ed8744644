"""The opening hours of a team, ready to compute with."""

from datetime import datetime, time, timedelta

from contactcenter.directory.models import Team
from contactcenter.directory.rules import Hours, Interval
from contactcenter.directory.stored_hours import read_hours
from contactcenter.escalation import rules

_OFFICE = (Interval(time(9), time(12)), Interval(time(14), time(17)))
# A team whose hours nobody has entered yet still owes an answer some day.
USUAL = dict.fromkeys(range(5), _OFFICE)


def hours_of(team: Team) -> Hours:
    stored = read_hours(
        team.hours, timezone=team.timezone, country=team.country, region=team.region
    )
    if any(stored.weekly.values()):
        return stored
    return Hours(
        weekly=USUAL,
        closed_on=stored.closed_on,
        extra=stored.extra,
        timezone=team.timezone,
        country=team.country,
        region=team.region,
    )


def answer_time(team: Team) -> timedelta:
    return timedelta(minutes=team.answer_minutes)


def predicted_due(team: Team, now: datetime) -> datetime:
    """When this team would owe an answer to a question asked now."""
    return rules.deadline(hours_of(team), now, answer_time(team))
