"""Where a caller stands, and how long they may honestly be told to wait."""

from collections.abc import Sequence
from dataclasses import dataclass

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.queues import announced
from contactcenter.queues.civil_days import midnight
from contactcenter.queues.line import in_order
from contactcenter.queues.load import loads
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outlook import patience_of
from contactcenter.queues.queries import waiting
from contactcenter.queues.saturation import FEWEST_SERVICES, WaitRange, estimate_range
from contactcenter.queues.staff import sharing


@dataclass(frozen=True)
class Place:
    ahead: int
    estimate: WaitRange | None


def place_of(visit: Visit, centre: Centre) -> Place:
    """Our own order counts, not the operator's. What is told is kept, to be compared later.

    The wait also counts who came before on other lines that the same agents answer.
    """
    shared = sharing(centre.id, [visit.queue_id], clock.now(), include_rehearsal=centre.rehearsing)
    others = shared.get(visit.queue_id, frozenset())
    ahead = _ahead(visit, [visit.queue_id])
    served_before = _ahead(visit, [visit.queue_id, *others]) if others else ahead
    estimate = _estimate(served_before, visit.queue_id, centre)
    announced.note(visit, announced.Place.PHONE, estimate, served_before, clock.now())
    return Place(ahead, estimate)


def _ahead(visit: Visit, queue_ids: Sequence[int]) -> int:
    line = in_order(db.session.scalars(waiting(queue_ids)).all())
    return next((index for index, each in enumerate(line) if each.id == visit.id), 0)


def too_long(visit: Visit, queue: Queue) -> bool:
    if queue.max_wait_seconds is None:
        return False
    return (clock.now() - visit.entered_at).total_seconds() >= queue.max_wait_seconds


def _estimate(ahead: int, queue_id: int, centre: Centre) -> WaitRange | None:
    now = clock.now()
    load = loads(
        centre.id,
        [queue_id],
        now,
        midnight(now, centre.timezone),
        include_rehearsal=centre.rehearsing,
    )[queue_id]
    handling = load.handling_seconds
    return estimate_range(
        ahead,
        agents=load.agents,
        handling_seconds=handling,
        recent_services=FEWEST_SERVICES if handling else 0,
        patience_seconds=patience_of(queue_id),
    )
