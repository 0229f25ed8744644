"""What follows on the telephone from what happens in the queues: named in `reactions.py`."""

from contactcenter import outbox
from contactcenter.db import db
from contactcenter.intake.phone.models import PhonePost
from contactcenter.queues.events import PresenceChanged, VisitEvent
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import ChosenStatus, QueueKind


def look_for_agent(event: VisitEvent) -> None:
    """A call waits (again), or an agent may have become free: let it ring."""
    queue = known_queue(event.queue_id)
    if queue is not None and queue.row.kind is QueueKind.PHONE:
        outbox.stage("intake.offer_calls")


def look_for_call(event: PresenceChanged) -> None:
    """Someone who takes calls is ready."""
    if event.status == ChosenStatus.READY and db.session.scalar(
        db.select(PhonePost.id).where(PhonePost.person_id == event.person_id)
    ):
        outbox.stage("intake.offer_calls")
