"""The numbers of a counter queue: A001, A002, ... anew each day of its site, never twice a day."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert

from contactcenter.db import db
from contactcenter.directory.models import Site
from contactcenter.languages import zone
from contactcenter.queues.models import NumberSeries, Queue


def give(queue: Queue, now: datetime) -> str:
    series = (
        insert(NumberSeries)
        .values(
            centre_id=queue.centre_id,
            site_id=queue.site_id,
            letter=queue.letter,
            given_on=now.astimezone(_zone_of(queue)).date(),
            last=1,
        )
        .on_conflict_do_update(
            index_elements=["centre_id", "site_id", "letter", "given_on"],
            set_={"last": NumberSeries.last + 1},
        )
        .returning(NumberSeries.last)
    )
    return f"{queue.letter}{db.session.scalar(series):03d}"


def _zone_of(queue: Queue) -> ZoneInfo:
    """That of the place; of the centre where a queue has none."""
    if queue.site_id is None:
        return zone()
    return ZoneInfo(db.session.get_one(Site, (queue.centre_id, queue.site_id)).timezone)
