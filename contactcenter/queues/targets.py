"""Until when what nobody stands in line for should be answered: the target, in open hours.

A letter that comes on Friday evening has not been waiting on Sunday: its target runs in the hours
of the site that answers it, a question's in those of the team.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from contactcenter.directory.rules import Hours, add_open_time, open_time_between
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import UNHURRIED, Queue


def due_of(queue: Queue, entered_at: datetime) -> datetime | None:
    """When the target of this queue runs out; None where people wait, for whom it never pauses."""
    if queue.kind not in UNHURRIED:
        return None
    target = timedelta(seconds=queue.threshold_seconds)
    return add_open_time(_hours(queue.id), entered_at, target)


def overdue_seconds(due: Mapping[int, datetime], now: datetime) -> dict[int, float]:
    """By queue, the open time that has passed since its earliest target ran out."""
    late = {queue_id: at for queue_id, at in due.items() if at < now}
    return {
        queue_id: open_time_between(_hours(queue_id), at, now).total_seconds()
        for queue_id, at in late.items()
    }


def _hours(queue_id: int) -> Hours:
    known = known_queue(queue_id)
    assert known is not None, "a queue that exists"
    return known.hours
