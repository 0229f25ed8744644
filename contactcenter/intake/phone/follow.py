"""What follows on the telephone from what happens in the queues: named in `reactions.py`."""

from contactcenter import outbox
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict
from contactcenter.escalation.events import BookingBegun
from contactcenter.intake.phone.models import PhoneCall, PhonePost
from contactcenter.queues.events import (
    PresenceChanged,
    VisitAnswered,
    VisitEntered,
    VisitEvent,
    VisitLeft,
)
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import ChosenStatus, QueueKind, Source, Visit
from contactcenter.tickets.models import Channel


def look_for_agent(event: VisitEvent) -> None:
    """A call waits (again), or an agent may have become free: let it ring."""
    queue = known_queue(event.queue_id)
    if queue is not None and queue.row.kind is QueueKind.PHONE:
        outbox.stage("intake.offer_calls")


def follow_visit(event: VisitEntered) -> None:
    """A call that was sent to another queue waits there. Raises Conflict while it is worked on.

    The visit is held already, so the call, which comes first, is not waited for.
    """
    visit = db.session.get_one(Visit, (current_centre(), event.visit_id))
    if visit.source is not Source.OVERFLOW or visit.channel is not Channel.PHONE:
        return
    call = db.session.scalar(
        db.select(PhoneCall)
        .where(PhoneCall.centre_id == visit.centre_id, PhoneCall.visit_id == visit.previous_id)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    if call is None:
        raise Conflict
    call.visit_id = visit.id


def connect_expert(event: VisitAnswered) -> None:
    """An expert took a live question: if its citizen is on the line, they talk.

    The expert acts behind the walls of their organisation, so a job looks for the call.
    """
    if _is_consult(event):
        outbox.stage("intake.connect_expert", visit_id=event.visit_id)


def come_back(event: VisitLeft) -> None:
    """No expert took it: whoever is on the line goes back to where they came from."""
    if _is_consult(event):
        outbox.stage("intake.come_back", visit_id=event.visit_id)


def _is_consult(event: VisitEvent) -> bool:
    queue = known_queue(event.queue_id)
    return queue is not None and queue.row.kind is QueueKind.CONSULT


def look_for_call(event: PresenceChanged) -> None:
    """Someone who takes calls is ready."""
    if event.status == ChosenStatus.READY and db.session.scalar(
        db.select(PhonePost.id).where(PhonePost.person_id == event.person_id)
    ):
        outbox.stage("intake.offer_calls")


def ring_booking(event: BookingBegun) -> None:
    """An appointment by telephone begins: both are rung."""
    outbox.stage("intake.ring_booking", booking_id=event.booking_id)
