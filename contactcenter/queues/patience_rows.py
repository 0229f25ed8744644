"""How patient the people of a queue were lately, from visits: those who were served count too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from contactcenter.db import current_centre, db
from contactcenter.queues.conditions import not_played
from contactcenter.queues.models import Visit
from contactcenter.queues.patience_conditions import LEFT, PATIENT_SECONDS, STOOD

MEASURED_OVER = timedelta(days=28)
FEWEST_DEPARTURES = 5


@dataclass(frozen=True)
class Patience:
    """Mean patience in seconds, with those who were served counted; None when too few left."""

    seconds: float | None
    gave_up: int


def patiences(
    queue_ids: Sequence[int], now: datetime, *, include_rehearsal: bool
) -> dict[int, Patience]:
    """Everyone's waits over the number who gave up: the estimate for exponential patience."""
    rows = db.session.execute(
        select(
            Visit.queue_id,
            func.sum(PATIENT_SECONDS).filter(STOOD),
            func.count().filter(LEFT),
        )
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(queue_ids),
            Visit.entered_at >= now - MEASURED_OVER,
            not_played(include_rehearsal=include_rehearsal),
        )
        .group_by(Visit.queue_id)
    )
    return {queue_id: _patience(float(waited or 0), gave_up) for queue_id, waited, gave_up in rows}


def _patience(waited: float, gave_up: int) -> Patience:
    is_known = gave_up >= FEWEST_DEPARTURES and waited > 0
    return Patience(waited / gave_up if is_known else None, gave_up)
