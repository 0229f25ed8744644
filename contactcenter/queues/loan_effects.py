"""What a loan changed: what was served by who was lent, and the queue beside the week before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.queues.conditions import FIGURES, WAIT, not_played
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.routing_models import Loan

LATEST = 10
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Stretch:
    """A queue over some time; the share is of those who stood in line to the end."""

    answered: int
    gave_up: int
    stayed: int
    wait_seconds: float | None

    @property
    def abandonment(self) -> float | None:
        return self.gave_up / self.stayed if self.stayed else None


@dataclass(frozen=True)
class Effect:
    """`before` is the same time of the week before, so that days and hours are alike."""

    loan: Loan
    queue: Queue
    served: int
    during: Stretch
    before: Stretch


def effects(person: Person, *, include_rehearsal: bool) -> Sequence[Effect]:
    """Of this person's latest loans that have begun, the last first."""
    now = clock.now()
    found = db.session.execute(
        select(Loan, Queue)
        .join(Queue, (Queue.centre_id == Loan.centre_id) & (Queue.id == Loan.queue_id))
        .where(
            Loan.centre_id == person.centre_id,
            Loan.person_id == person.id,
            Loan.began_at.is_not(None),
        )
        .order_by(Loan.began_at.desc())
        .limit(LATEST)
    ).all()
    return [_effect(loan, queue, now, include_rehearsal=include_rehearsal) for loan, queue in found]


def _effect(loan: Loan, queue: Queue, now: datetime, *, include_rehearsal: bool) -> Effect:
    assert loan.began_at is not None
    begins, ends = loan.began_at, min(loan.ended_at or now, now)
    back = timedelta(weeks=-(-(ends - begins) // A_WEEK) or 1)  # whole weeks, so that none overlap
    told, before = (
        _stretch(loan, begins - moved, ends - moved, include_rehearsal=include_rehearsal)
        for moved in (timedelta(0), back)
    )
    return Effect(loan, queue, served=told[0], during=told[1], before=before[1])


def _stretch(
    loan: Loan, start: datetime, end: datetime, *, include_rehearsal: bool
) -> tuple[int, Stretch]:
    """What this person served there, and the whole queue, of those who arrived in [start, end)."""
    always = func.now()
    answered = FIGURES["answered"](always)
    row = db.session.execute(
        select(
            func.count().filter(answered, Visit.answered_by == loan.person_id),
            func.count().filter(answered),
            func.count().filter(FIGURES["gave_up"](always)),
            func.count().filter(FIGURES["stayed"](always)),
            func.avg(func.extract("epoch", WAIT)).filter(answered),
        ).where(
            Visit.centre_id == loan.centre_id,
            Visit.queue_id == loan.queue_id,
            Visit.entered_at >= start,
            Visit.entered_at < end,
            not_played(include_rehearsal=include_rehearsal),
        )
    ).one()
    served, answers, gave_up, stayed, wait = row
    return served, Stretch(answers, gave_up, stayed, None if wait is None else float(wait))
