"""How long a team has to answer, in its own open time."""

from datetime import datetime, timedelta

from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.escalation import rules


def answer_time(team: Team) -> timedelta:
    return timedelta(minutes=team.answer_minutes)


def predicted_due(team: Team, now: datetime) -> datetime:
    """When this team would owe an answer to a question asked now."""
    return rules.deadline(hours_of(team), now, answer_time(team))
