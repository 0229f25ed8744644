"""The rows of a call: itself, locked for change, its visit, its contact, its place in the ledger.

A call is locked before its visit; whoever holds a visit alone never waits for the call.
"""

from datetime import datetime

from sqlalchemy import ColumnElement

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.errors import NotFound
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues import actions as queues
from contactcenter.queues.models import Queue, Visit
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.tickets.models import Interaction

OF_ONE_LEG = (
    "waited_at",
    "queue_sid",
    "queue_result",
    "failed_at",
    "accepted_at",
    "accepted_by",
    "moved_at",
    "joined_at",
    "conference_sid",
    "agent_dialled_at",
    "agent_sid",
    "agent_joined_at",
    "citizen_dialled_at",
    "reached_at",
    "hung_up_at",
    "wrapped_at",
)


def lock(condition: ColumnElement[bool]) -> PhoneCall:
    """The one call of this centre for which `condition` holds. Raises NotFound."""
    call = db.session.scalar(
        db.select(PhoneCall)
        .where(PhoneCall.centre_id == current_centre(), condition)
        # Not the key: an offer that names the call need not wait.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if call is None:
        raise NotFound("no such call")
    return call


def lock_id(call_id: int) -> PhoneCall:
    """Raises NotFound."""
    return lock(PhoneCall.id == call_id)


def living_of(visit_id: int) -> PhoneCall | None:
    """The call behind a visit, locked, if somebody is on the line."""
    return db.session.scalar(
        db.select(PhoneCall)
        .where(
            PhoneCall.centre_id == current_centre(),
            PhoneCall.visit_id == visit_id,
            PhoneCall.ended_at.is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def promised_to(call: PhoneCall, queue: Queue) -> PhoneCall | None:
    """The call of ours that this caller still waits for in this queue, locked."""
    if call.caller is None:
        return None
    return db.session.scalar(
        db.select(PhoneCall)
        .where(
            PhoneCall.centre_id == call.centre_id,
            PhoneCall.caller == call.caller,
            PhoneCall.queue_id == queue.id,
            PhoneCall.promised_until.is_not(None),
            PhoneCall.ended_at.is_(None),
        )
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )


def promise_of(call: PhoneCall) -> datetime | None:
    """Until when this caller is called back."""
    return db.session.scalar(
        db.select(PhoneCall.promised_until)
        .where(
            PhoneCall.centre_id == call.centre_id,
            PhoneCall.interaction_id == call.interaction_id,
            PhoneCall.promised_until.is_not(None),
        )
        .order_by(PhoneCall.id.desc())
        .limit(1)
    )


def visit_of(call: PhoneCall) -> Visit | None:
    """Its visit, locked; None before it has one."""
    return queues.lock(call.visit_id) if call.visit_id is not None else None


def queue_named(call: PhoneCall, queue_id: int) -> Queue:
    return db.session.get_one(Queue, (call.centre_id, queue_id))


def interaction_of(call: PhoneCall) -> Interaction:
    return db.session.get_one(Interaction, (call.centre_id, call.interaction_id))


def note_end(call: PhoneCall, at: datetime | None = None) -> None:
    """Over since `at`, if that is known better than by hearing of it now."""
    if call.ended_at is None:
        call.ended_at = interaction_of(call).ended_at = at or clock.now()


def begin_leg(call: PhoneCall, visit: Visit) -> None:
    """The caller waits again: what was known of the stay before is no longer said of this one."""
    call.leg += 1
    call.visit_id, call.queue_id = visit.id, visit.queue_id
    call.heard_at = clock.now()
    for fact in OF_ONE_LEG:
        setattr(call, fact, None)


def settle_receipt(
    call: PhoneCall, fate: Fate, problem: str = "", *, ticket_id: int | None = None
) -> None:
    receipt = db.session.get(Receipt, call.receipt_id)
    if receipt is not None:
        receipts.settle(receipt, fate, ticket_id=ticket_id, problem=problem)
