"""Answers to requests with an Idempotency-Key are given again for a week, and then forgotten."""

from datetime import timedelta

from sqlalchemy import delete

from contactcenter import clock
from contactcenter.api.models import IdempotencyKey
from contactcenter.db import current_centre, db
from contactcenter.edge import sweep

KEPT = timedelta(days=7)


@sweep(every_seconds=3600)
def forget_answers() -> None:
    db.session.execute(
        delete(IdempotencyKey)
        .where(
            IdempotencyKey.centre_id == current_centre(),
            IdempotencyKey.made_at < clock.now() - KEPT,
        )
        .execution_options(synchronize_session=False)
    )
