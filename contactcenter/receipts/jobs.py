"""What time does to receipts: unread mail is read, and what came is not kept for ever."""

from datetime import timedelta

from sqlalchemy import update

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.edge import sweep
from contactcenter.receipts import actions, queries
from contactcenter.receipts.models import Fate, Receipt

RAW_KEPT = timedelta(days=90)
LEFT_BEHIND = timedelta(minutes=15)
MOST_AT_ONCE = 100
EVERY = timedelta(days=1)


@sweep(every_seconds=300)
def read_held_mail() -> None:
    """Read again, once a day, what no job will read any more: what hindered it may be gone."""
    now = clock.now()
    held = queries.held_unread(now - LEFT_BEHIND, now - EVERY, MOST_AT_ONCE)
    for receipt in db.session.scalars(held).all():
        actions.read_again(receipt)


@sweep(every_seconds=3600)
def forget_raw() -> None:
    """The words as they came; the receipt stays, and so does what a person must still look at."""
    db.session.execute(
        update(Receipt)
        .where(
            Receipt.centre_id == current_centre(),
            Receipt.received_at < clock.now() - RAW_KEPT,
            Receipt.raw.is_not(None),
            Receipt.fate != Fate.HELD,
        )
        .values(raw=None)
        .execution_options(synchronize_session=False)
    )
