"""The numbers a counter queue gives: A001, A002, ... anew each day, never twice a day."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from contactcenter.db import db
from contactcenter.languages import zone
from contactcenter.queues.models import NumberSeries, Queue


def give(queue: Queue, now: datetime) -> str:
    series = (
        insert(NumberSeries)
        .values(
            centre_id=queue.centre_id,
            queue_id=queue.id,
            given_on=now.astimezone(zone()).date(),
            last=1,
        )
        .on_conflict_do_update(
            index_elements=["centre_id", "queue_id", "given_on"],
            set_={"last": NumberSeries.last + 1},
        )
        .returning(NumberSeries.last)
    )
    return f"{queue.letter}{db.session.scalar(series):03d}"
