"""Agents lent to a queue for a while: their access and their level there begin and end by time."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from contactcenter import clock
from contactcenter.accounts.events import PersonChanged
from contactcenter.accounts.models import Membership, Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Invalid
from contactcenter.events import announce
from contactcenter.queues.models import Queue
from contactcenter.queues.routing_models import Loan, QueueLevel


def lend(
    person: Person, queue: Queue, *, level: int, begins_at: datetime, ends_at: datetime, by: Person
) -> Loan:
    """Let someone serve a queue until then. Raises Invalid if it cannot be."""
    if ends_at <= max(begins_at, clock.now()):
        raise Invalid(_("La fin du prêt doit être à venir et après son début."), "ends_at")
    loan = Loan(
        person_id=person.id,
        queue_id=queue.id,
        level=level,
        begins_at=begins_at,
        ends_at=ends_at,
        lent_by=by.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(loan)
    except IntegrityError as twice:
        raise Invalid(_("Cette personne y est déjà prêtée."), "queue_id") from twice
    _tell(loan, by.id)
    if begins_at <= clock.now():
        _begin(loan)
    return loan


def give_back(loan: Loan, *, by: Person | None) -> None:
    """The loan ends: what it gave goes, what was there before stays."""
    if loan.ended_at is not None:
        return
    loan.ended_at = clock.now()
    of_loan = (loan.centre_id, loan.person_id, loan.queue_id)
    if loan.level_before is not None:
        _set_level(loan, loan.level_before)
    elif loan.began_at is not None:
        db.session.execute(delete(QueueLevel).where(*_there(QueueLevel, *of_loan)))
    if loan.gave_access:
        db.session.execute(delete(Membership).where(*_there(Membership, *of_loan)))
    _tell(loan, by.id if by else None)


def keep_access(membership: Membership) -> bool:
    """Whether a loan under way needs what something else gave: it then ends with the loan."""
    under_way: Select[Any] = select(Loan).where(
        Loan.centre_id == membership.centre_id,
        Loan.person_id == membership.person_id,
        Loan.queue_id == membership.queue_id,
        Loan.began_at.is_not(None),
        Loan.ended_at.is_(None),
    )
    loan: Loan | None = db.session.scalar(under_way.with_for_update())
    if loan is not None:
        loan.gave_access = True
    return loan is not None


def keep_time() -> None:
    """Begin and end what is due; twice does it once."""
    now = clock.now()
    for loan in db.session.scalars(_open().where(Loan.ends_at <= now)).all():
        give_back(loan, by=None)
    due = _open().where(Loan.began_at.is_(None), Loan.begins_at <= now, Loan.ends_at > now)
    for loan in db.session.scalars(due).all():
        _begin(loan)


def loans_of(person: Person) -> Select[Loan, Queue]:
    """Those to come and under way, with their queue."""
    return (
        select(Loan, Queue)
        .join(Queue, (Queue.centre_id == Loan.centre_id) & (Queue.id == Loan.queue_id))
        .where(
            Loan.centre_id == person.centre_id,
            Loan.person_id == person.id,
            Loan.ended_at.is_(None),
        )
        .order_by(Loan.ends_at)
    )


def _begin(loan: Loan) -> None:
    loan.began_at = clock.now()
    of_loan = (loan.centre_id, loan.person_id, loan.queue_id)
    there = select(Membership.id).where(*_there(Membership, *of_loan))
    if db.session.scalar(there) is None:
        db.session.add(Membership(person_id=loan.person_id, queue_id=loan.queue_id))
        loan.gave_access = True
    stood_at = select(QueueLevel.level).where(*_there(QueueLevel, *of_loan))
    loan.level_before = db.session.scalar(stood_at)
    _set_level(loan, loan.level)


def _set_level(loan: Loan, level: int) -> None:
    values = {"person_id": loan.person_id, "queue_id": loan.queue_id, "level": level}
    db.session.execute(
        insert(QueueLevel)
        .values(centre_id=loan.centre_id, **values)
        .on_conflict_do_update(
            index_elements=["centre_id", "person_id", "queue_id"], set_={"level": level}
        )
    )


def _open() -> Select[Any]:
    return (
        select(Loan)
        .where(Loan.centre_id == current_centre(), Loan.ended_at.is_(None))
        .with_for_update(skip_locked=True)
    )


def _there(table: Any, centre_id: int, person_id: int, queue_id: int) -> tuple[Any, ...]:
    return (
        table.centre_id == centre_id,
        table.person_id == person_id,
        table.queue_id == queue_id,
    )


def _tell(loan: Loan, by_id: int | None) -> None:
    announce(PersonChanged(person_id=by_id, changed_id=loan.person_id, changed=["loans"]))
