"""Pressing the late side: whose turn it is, when, and the steps that were climbed.

One step is one row, one notice and one event of the same transaction, and the step's number is
unique for a question: whatever is killed in between, nobody is pressed twice, nobody forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contactcenter import clock
from contactcenter.accounts.models import Organisation, Person
from contactcenter.db import db, write
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.escalation import rules
from contactcenter.escalation.events import LateSidePressed
from contactcenter.escalation.models import (
    LadderStep,
    Mandate,
    Press,
    Pressing,
    Reason,
    Referral,
    ReferralStatus,
)
from contactcenter.escalation.queries import last_message_at
from contactcenter.escalation.rules import Rung
from contactcenter.escalation.staffing_queries import present_of, serving
from contactcenter.escalation.team_queries import ladder_of, members_of
from contactcenter.events import announce
from contactcenter.tickets import actions as tickets


@dataclass(frozen=True)
class Step(Rung):
    press: Press
    needs_approval: bool = False


SEVERITY = {
    Press.REFERENT: 1,
    Press.TEAM: 1,
    Press.ASKER: 1,
    Press.LEAD: 2,
    Press.PILOT: 3,
    Press.PREFECTURE: 4,
}

# Where nobody chose otherwise: at the deadline, whoever leads the team.
USUAL = (Step(after=timedelta(0), press=Press.LEAD),)


@dataclass(frozen=True)
class Recipient:
    address: str
    language: str
    person_id: int | None = None


def steps_of(referral: Referral) -> Sequence[Step]:
    """The ladder of its topic, else of its organisation, else everyone's, else the usual one."""
    stored: Sequence[LadderStep] = db.session.scalars(ladder_of(referral)).all()
    topics = [step.topic_id for step in stored if step.topic_id is not None]
    return chosen(stored, referral.organisation_id, topics[0] if topics else None)


def chosen(
    stored: Sequence[LadderStep], organisation_id: int, topic_id: int | None
) -> Sequence[Step]:
    """Of all steps, in order of time, those for a topic and an organisation."""
    fitting = [
        step
        for step in stored
        if step.organisation_id in (None, organisation_id) and step.topic_id in (None, topic_id)
    ]
    of_topic = [step for step in fitting if step.topic_id is not None]
    own = [step for step in fitting if step.organisation_id is not None]
    return [
        Step(timedelta(minutes=step.after_minutes), step.press, step.needs_approval)
        for step in of_topic or own or fitting
    ] or USUAL


def awaits_live(referral: Referral) -> bool:
    """Asked while the citizen is there, and nobody has taken it yet."""
    return referral.is_live and referral.taken_at is None


def has_steps_left(referral: Referral, steps: Sequence[Step] | None = None) -> bool:
    if awaits_live(referral):
        return False
    return referral.steps_done < len(steps_of(referral) if steps is None else steps)


def times_of(referral: Referral, team: Team, steps: Sequence[Step] | None = None) -> list[datetime]:
    """When each step is climbed; empty while the clock stands still or nobody can be pressed."""
    if referral.due_at is None or awaits_live(referral):
        return []
    # What was owed before this team was asked is late from its first minute, and no sooner.
    owed_at = max(referral.due_at, referral.asked_at)
    times = rules.rung_times(
        hours_of(team), owed_at, steps_of(referral) if steps is None else steps
    )
    # Before an appointment nobody is late, however long it was booked ahead
    return [max(at, owed_at) for at in times] if referral.is_booked else times


def next_due(
    referral: Referral,
    team: Team,
    mandate: Mandate | None,
    steps: Sequence[Step] | None = None,
) -> datetime | None:
    """When something follows by itself; None without a running clock."""
    if referral.due_at is None:
        return None
    shared_until = mandate.expires_at if mandate else None
    if awaits_live(referral):
        asked_until = clock.now() + timedelta(seconds=team.consult_seconds)
        return min(asked_until, referral.due_at, shared_until or referral.due_at)
    return rules.next_due(
        times_of(referral, team, steps), referral.steps_done, referral.due_at, shared_until
    )


def next_look(referral: Referral, team: Team, mandate: Mandate | None) -> datetime | None:
    """The same, also while the clock waits on us: then it ends once we have kept silent so long."""
    if referral.status is not ReferralStatus.ASKED_BACK:
        return next_due(referral, team, mandate)
    asked_at = db.session.scalar(last_message_at(referral, "precision_asked"))
    waits_until = (asked_at or referral.asked_at) + rules.WAITS_FOR_US
    return min(waits_until, mandate.expires_at) if mandate else waits_until


def must_end(
    referral: Referral,
    mandate: Mandate | None,
    now: datetime,
    steps: Sequence[Step] | None = None,
) -> bool:
    """Whether a question whose moment has come has no step left to climb, or may not be shared."""
    if mandate is not None and mandate.expires_at <= now:
        return True
    if awaits_live(referral) and referral.due_at is not None:
        return referral.due_at <= now
    return referral.status is ReferralStatus.ASKED_BACK or not has_steps_left(referral, steps)


def climb(referral: Referral, team: Team, mandate: Mandate | None, steps: Sequence[Step]) -> Step:
    """Climb the next step: it is written down, and the moment of the one after is set.

    A step that needs approval is written down and told to nobody yet.
    """
    number, now = referral.steps_done, clock.now()
    step, times = steps[number], times_of(referral, team, steps)
    write(
        Pressing,
        referral_id=referral.id,
        step=number,
        press=step.press,
        planned_at=times[number],
        pressed_at=None if step.needs_approval else now,
        reason=_reason(step, times[number], now),
        severity=SEVERITY[step.press],
    )
    referral.steps_done += 1
    referral.next_due_at = next_due(referral, team, mandate, steps)
    if not step.needs_approval:
        tell_pressed(referral, number, step.press)
    return step


def _reason(step: Step, planned_at: datetime, now: datetime) -> Reason:
    if now < planned_at:
        return Reason.CHASED
    return Reason.BEFORE_DUE if step.after < timedelta(0) else Reason.LATE


def tell_pressed(referral: Referral, step: int, press: Press) -> None:
    announce(
        LateSidePressed(
            ticket_id=referral.ticket_id,
            referral_id=referral.id,
            team_id=referral.team_id,
            step=step,
            press=press,
        )
    )


def recipients(referral: Referral, team: Team, press: Press) -> list[Recipient]:
    """Whom a step reaches. A team without a person to press is reached at its own address."""
    if press is Press.ASKER:
        return [_to(person) for person in in_place_of(referral.asked_by, referral)]
    if press is Press.REFERENT and referral.taken_by is not None:
        taker = db.session.get_one(Person, (referral.centre_id, referral.taken_by))
        if taker.is_active:
            return [_to(taker)]
    if above := _above(team, press):
        return [Recipient(above, language_of(team))]
    leads = press in (Press.LEAD, Press.PILOT, Press.PREFECTURE)
    day = clock.now().astimezone(ZoneInfo(team.timezone)).date()
    people = db.session.scalars(present_of(team.id, day, leads=leads)).all()
    found = [_to(person) for person in people]
    return found or [Recipient(team.email, language_of(team))]


def in_place_of(person_id: int, referral: Referral) -> Sequence[Person]:
    """The agent of a question; once their account is closed, who answers for the request.

    Whoever holds it, else those who lead its queue, else all who serve it.
    """
    person = db.session.get_one(Person, (referral.centre_id, person_id))
    if person.is_active:
        return [person]
    ticket = tickets.survivor(tickets.get(referral.ticket_id))
    holder = ticket.assigned_to and db.session.get(Person, (ticket.centre_id, ticket.assigned_to))
    if holder and holder.is_active:
        return [holder]
    leads = db.session.scalars(serving(ticket, leads=True)).all()
    return leads or db.session.scalars(serving(ticket)).all()


def _to(person: Person) -> Recipient:
    return Recipient(person.email, person.language, person.id)


def _above(team: Team, press: Press) -> str:
    """The pilot's or the prefecture's address; without one the step below is pressed again."""
    if press not in (Press.PILOT, Press.PREFECTURE):
        return ""
    organisation = organisation_of(team)
    prefecture = organisation.prefecture_email if press is Press.PREFECTURE else ""
    return prefecture or organisation.pilot_email


def language_of(team: Team) -> str:
    """The language of a team's own mailbox: that of its people, where there are any."""
    people = db.session.scalars(members_of(team.id)).all()
    return people[0].language if people else "fr"


def organisation_of(team: Team) -> Organisation:
    return db.session.get_one(Organisation, (team.centre_id, team.organisation_id))
