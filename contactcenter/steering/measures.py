"""The effect of a protocol: the same figures of its queue before, during and after."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select

from contactcenter.db import current_centre, db
from contactcenter.queues.conditions import FIGURES, WAIT, not_played
from contactcenter.queues.models import Visit


def figures(
    queue_id: int, start: datetime, end: datetime, now: datetime, *, include_rehearsal: bool
) -> dict[str, Any]:
    """Of those who came in [start, end): how many, what became of them, how long they waited."""
    at = literal(now)
    seconds = func.extract("epoch", WAIT)
    row = db.session.execute(
        select(
            func.count().filter(FIGURES["arrived"](at)).label("arrived"),
            func.count().filter(FIGURES["answered"](at)).label("answered"),
            func.count().filter(FIGURES["gave_up"](at)).label("gave_up"),
            func.count().filter(FIGURES["lost"](at)).label("lost"),
            func.avg(seconds).filter(FIGURES["answered"](at)).label("mean_wait"),
        ).where(
            Visit.centre_id == current_centre(),
            Visit.queue_id == queue_id,
            Visit.entered_at >= start,
            Visit.entered_at < end,
            not_played(include_rehearsal=include_rehearsal),
        )
    ).one()
    return {
        "minutes": round((end - start).total_seconds() / 60),
        "arrived": row.arrived,
        "answered": row.answered,
        "gave_up": row.gave_up,
        "lost": row.lost,
        "mean_wait_seconds": None if row.mean_wait is None else round(float(row.mean_wait)),
    }
