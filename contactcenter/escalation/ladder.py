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
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.escalation import rules
from contactcenter.escalation.events import LateSidePressed
from contactcenter.escalation.models import (
    LadderStep,
    Mandate,
    Press,
    Pressing,
    Referral,
    ReferralStatus,
)
from contactcenter.escalation.rules import Rung
from contactcenter.escalation.staffing_queries import present_of
from contactcenter.escalation.team_queries import ladder_of, members_of
from contactcenter.events import announce


@dataclass(frozen=True)
class Step(Rung):
    press: Press


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
    of_topic = [step for step in stored if step.topic_id is not None]
    own = [step for step in stored if step.organisation_id is not None]
    chosen = of_topic or own or stored
    return [Step(timedelta(minutes=step.after_minutes), step.press) for step in chosen] or USUAL


def awaits_live(referral: Referral) -> bool:
    """Asked while the citizen is there, and nobody has taken it yet."""
    return referral.is_live and referral.taken_at is None


def has_steps_left(referral: Referral) -> bool:
    return not awaits_live(referral) and referral.steps_done < len(steps_of(referral))


def times_of(referral: Referral, team: Team) -> list[datetime]:
    """When each step is climbed; empty while the clock stands still or nobody can be pressed."""
    if referral.due_at is None or awaits_live(referral):
        return []
    # What was owed before this team was asked is late from its first minute, and no sooner.
    owed_at = max(referral.due_at, referral.asked_at)
    return rules.rung_times(hours_of(team), owed_at, steps_of(referral))


def next_due(referral: Referral, team: Team, mandate: Mandate | None) -> datetime | None:
    """When something follows by itself; None without a running clock."""
    if referral.due_at is None:
        return None
    shared_until = mandate.expires_at if mandate else None
    if awaits_live(referral):
        return min(referral.due_at, shared_until or referral.due_at)
    return rules.next_due(
        times_of(referral, team), referral.steps_done, referral.due_at, shared_until
    )


def must_end(referral: Referral, mandate: Mandate | None, now: datetime) -> bool:
    """Whether a question whose moment has come has no step left to climb, or may not be shared."""
    if mandate is not None and mandate.expires_at <= now:
        return True
    return referral.status is ReferralStatus.ASKED_BACK or not has_steps_left(referral)


def climb(referral: Referral, team: Team, mandate: Mandate | None) -> Pressing:
    """Climb the next step: it is written down, and the moment of the one after is set."""
    number = referral.steps_done
    step = steps_of(referral)[number]
    pressing = Pressing(
        referral_id=referral.id,
        step=number,
        press=step.press,
        planned_at=times_of(referral, team)[number],
        pressed_at=clock.now(),
    )
    db.session.add(pressing)
    referral.steps_done += 1
    referral.next_due_at = next_due(referral, team, mandate)
    announce(
        LateSidePressed(
            ticket_id=referral.ticket_id,
            referral_id=referral.id,
            team_id=referral.team_id,
            step=number,
            press=step.press,
        )
    )
    return pressing


def recipients(referral: Referral, team: Team, press: Press) -> list[Recipient]:
    """Whom a step reaches. A team without a person to press is reached at its own address."""
    if press is Press.ASKER:
        asker = db.session.get_one(Person, (referral.centre_id, referral.asked_by))
        return [Recipient(asker.email, asker.language, asker.id)]
    day = clock.now().astimezone(ZoneInfo(team.timezone)).date()
    people = db.session.scalars(present_of(team.id, day, leads=press is Press.LEAD)).all()
    found = [Recipient(person.email, person.language, person.id) for person in people]
    return found or [Recipient(team.email, language_of(team))]


def language_of(team: Team) -> str:
    """The language of a team's own mailbox: that of its people, where there are any."""
    people = db.session.scalars(members_of(team.id)).all()
    return people[0].language if people else "fr"


def organisation_of(team: Team) -> Organisation:
    return db.session.get_one(Organisation, (team.centre_id, team.organisation_id))
