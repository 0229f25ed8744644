"""What time does to receipts: unread mail is read, and what came is not kept for ever."""

from datetime import timedelta

from sqlalchemy import delete, or_, update

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.edge import sweep
from contactcenter.receipts import actions, queries
from contactcenter.receipts.models import Fate, Receipt

RAW_KEPT = timedelta(days=90)
HELD_KEPT = timedelta(days=365)  # what nobody could read, nor will any more
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


def forget_nobodys() -> None:
    """What named no centre counts in none: strangers may not fill the ledger for ever."""
    db.session.execute(
        delete(Receipt)
        .where(Receipt.centre_id.is_(None), Receipt.received_at < clock.now() - RAW_KEPT)
        .execution_options(synchronize_session=False)
    )


@sweep(every_seconds=3600)
def forget_raw() -> None:
    """The words as they came; the receipt stays. What a person must look at is kept for longer."""
    now = clock.now()
    db.session.execute(
        update(Receipt)
        .where(
            Receipt.centre_id == current_centre(),
            Receipt.received_at < now - RAW_KEPT,
            Receipt.raw.is_not(None),
            or_(Receipt.fate != Fate.HELD, Receipt.received_at < now - HELD_KEPT),
        )
        .values(raw=None)
        .execution_options(synchronize_session=False)
    )
