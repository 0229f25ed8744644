"""Who can be asked live now: on duty by the rota, in the open hours of the team, and ready."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.keeping import this_centre
from contactcenter.directory.models import Team
from contactcenter.directory.rules import Hours, NeverCloses, is_open, next_closing
from contactcenter.escalation.staffing_models import DutyShift
from contactcenter.escalation.team_queries import ready_shifts, shifts_of

Ready = tuple[DutyShift, Person]


@dataclass(frozen=True)
class OnDuty:
    person_id: int
    name: str
    until: datetime


def ready() -> Sequence[Ready]:
    """The shifts of everyone who says that they are ready now, whenever they are."""
    return db.session.execute(ready_shifts(_today())).all()


def on_duty(
    teams: Iterable[Team], shifts: Iterable[Ready], now: datetime
) -> Mapping[int, Sequence[OnDuty]]:
    """By team, who answers live now and until when; a team with nobody is not in it."""
    known = {team.id: team for team in teams}
    found: dict[int, list[OnDuty]] = {}
    for shift, person in shifts:
        team = known.get(shift.team_id)
        until = _until(shift, team, now) if team else None
        if until is not None:
            found.setdefault(shift.team_id, []).append(OnDuty(person.id, person.name, until))
    return found


def own_shift(person: Person, now: datetime) -> datetime | None:
    """Until when this person's shift runs now; None outside of it."""
    shifts = db.session.execute(shifts_of(person))
    ends = (_until(shift, team, now) for shift, team in shifts)
    return max((end for end in ends if end is not None), default=None)


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(this_centre().timezone)).date()


def _until(shift: DutyShift, team: Team, now: datetime) -> datetime | None:
    local = now.astimezone(ZoneInfo(team.timezone))
    minute = local.hour * 60 + local.minute
    if local.weekday() != shift.weekday or not shift.from_minute <= minute < shift.to_minute:
        return None
    hours = hours_of(team)
    if not is_open(hours, now):  # a holiday, or lunch: nobody serves the team
        return None
    last = min(shift.to_minute, 24 * 60 - 1)
    ends_at = datetime.combine(local.date(), time(last // 60, last % 60), local.tzinfo)
    return min(ends_at, _closes_at(hours, now, ends_at))


def _closes_at(hours: Hours, now: datetime, ends_at: datetime) -> datetime:
    try:
        return next_closing(hours, now)
    except NeverCloses:
        return ends_at
