"""No question is left alone for lack of staff.

Who is away is stood in for, what someone leaves behind goes back to the team, what a team leaves
behind goes to the fallback of its organisation, and an alarm says so until somebody serves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.keeping import this_centre
from contactcenter.directory.models import Team
from contactcenter.escalation import ladder, rules, slack, waits
from contactcenter.escalation.calendars import answer_time
from contactcenter.escalation.events import CoverageLost, ReferralHandedOver
from contactcenter.escalation.models import Mandate, Referral, ReferralStatus
from contactcenter.escalation.staffing_models import CoverageAlarm
from contactcenter.escalation.staffing_queries import (
    fallback_of,
    held_by,
    left_behind,
    open_of_team,
    present_of,
    substitute_for,
    teams_alarmed,
    teams_served,
    teams_with_questions,
)
from contactcenter.events import announce
from contactcenter.tickets import actions as tickets


@dataclass(frozen=True)
class Emptied:
    """A team that would have nobody, what waits there, and where that would go."""

    team: Team
    questions: int
    goes_to: Team | None


@dataclass(frozen=True)
class HandOver:
    """What follows when a person leaves."""

    held: Sequence[Referral]
    emptied: Sequence[Emptied]


def preview(person: Person) -> HandOver:
    """What would follow if this person left now."""
    served = db.session.scalars(teams_served(person)).all()
    alone = [team for team in served if not _others(team, person)]
    emptied = [Emptied(team, _questions(team), _where_to(team, but=person)) for team in alone]
    return HandOver(db.session.scalars(held_by(person.id)).all(), emptied)


def hand_over(person: Person, to: Person | None) -> None:
    """Give the questions someone holds to a colleague, or back to their teams."""
    for referral in db.session.scalars(held_by(person.id).with_for_update()).all():
        give(referral, to)


def keep_covered() -> None:
    """Let nothing open wait for someone who is not there."""
    day = _today(this_centre().timezone)
    behind = left_behind(day).with_for_update(of=Referral, skip_locked=True)
    for referral in db.session.scalars(behind).all():
        assert referral.taken_by is not None
        give(referral, db.session.scalar(substitute_for(referral.taken_by, day).limit(1)))
    for team, questions in db.session.execute(teams_with_questions()).all():
        if not is_staffed(team):
            _uncover(team, questions)
    for alarm, team in db.session.execute(teams_alarmed()).all():
        if is_staffed(team):
            alarm.ended_at = clock.now()


def is_staffed(team: Team) -> bool:
    return db.session.scalar(present_of(team.id, today_at(team)).limit(1)) is not None


def today_at(team: Team, now: datetime | None = None) -> date:
    return (now or clock.now()).astimezone(ZoneInfo(team.timezone)).date()


def _today(timezone: str) -> date:
    return clock.now().astimezone(ZoneInfo(timezone)).date()


def _others(team: Team, person: Person) -> bool:
    there = present_of(team.id, today_at(team)).where(Person.id != person.id)
    return db.session.scalar(there.limit(1)) is not None


def _questions(team: Team) -> int:
    counted = select(func.count()).select_from(open_of_team(team.id).order_by(None).subquery())
    return db.session.scalar(counted) or 0


def _where_to(team: Team, but: Person | None = None) -> Team | None:
    """The fallback of the organisation, if it is another team and somebody serves it."""
    fallback = db.session.scalar(fallback_of(team.organisation_id))
    if fallback is None or fallback.id == team.id:
        return None
    there = present_of(fallback.id, today_at(fallback))
    if but is not None:
        there = there.where(Person.id != but.id)
    return fallback if db.session.scalar(there.limit(1)) is not None else None


def _uncover(team: Team, questions: int) -> None:
    goes_to = _where_to(team)
    raised = db.session.scalar(
        insert(CoverageAlarm)
        .values(
            centre_id=current_centre(),
            team_id=team.id,
            raised_at=clock.now(),
            moved_to=goes_to.id if goes_to else None,
            questions=questions,
        )
        .on_conflict_do_nothing()  # the alarm already rings
        .returning(CoverageAlarm.id)
    )
    if goes_to is not None:
        for referral in db.session.scalars(open_of_team(team.id).with_for_update()).all():
            _move(referral, goes_to)
    if raised is not None:
        announce(CoverageLost(team_id=team.id, alarm_id=raised, questions=questions))


def give(referral: Referral, to: Person | None) -> None:
    """To a colleague, or back to the team: the clock does not care who holds a question."""
    before = referral.taken_by
    if to is not None:
        referral.taken_by, referral.handed_at = to.id, clock.now()
    else:
        referral.taken_by = referral.taken_at = referral.handed_at = None
        if referral.status is ReferralStatus.TAKEN:
            referral.status = ReferralStatus.SENT
    _tell(referral, referral.team_id, before)


def _move(referral: Referral, team: Team) -> None:
    """To another team of the same organisation: what may be shared stays, the first clock runs."""
    before, from_team = referral.taken_by, referral.team_id
    referral.team_id = team.id
    referral.taken_by = referral.taken_at = referral.handed_at = None
    if referral.status is ReferralStatus.TAKEN:
        referral.status = ReferralStatus.SENT
    if referral.due_at is not None and not referral.is_live:
        since = referral.clock_from or referral.asked_at
        owed = rules.deadline(hours_of(team), since, answer_time(team))
        referral.due_at = max(owed, referral.due_at)
        slack.expect_work(referral, team)
        slack.reckon(referral, team)
        mandate = _mandate(referral)
        referral.next_due_at = ladder.next_due(referral, team, mandate)
    waits.move(referral, tickets.get(referral.ticket_id), team)
    _tell(referral, from_team, before)


def _tell(referral: Referral, from_team: int, before: int | None) -> None:
    announce(
        ReferralHandedOver(
            ticket_id=referral.ticket_id,
            referral_id=referral.id,
            team_id=referral.team_id,
            from_team_id=from_team,
            from_person_id=before,
            to_person_id=referral.taken_by,
        )
    )


def _mandate(referral: Referral) -> Mandate | None:
    if referral.mandate_id is None:
        return None
    return db.session.get_one(Mandate, (referral.centre_id, referral.mandate_id))
