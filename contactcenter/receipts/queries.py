"""Questions about what came to the doors. Nothing here changes state."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from contactcenter.db import current_centre
from contactcenter.receipts.models import Door, Fate, Receipt

PAGE = 50


def ledger(door: Door | None, fate: Fate | None, before_id: int | None) -> Select[Any]:
    """A page of the ledger, newest first, with one more row to know whether there is a next.

    What named no centre (an unsigned call, a mail to nobody) is shown to every administrator.
    """
    rows = select(Receipt).where(
        or_(Receipt.centre_id == current_centre(), Receipt.centre_id.is_(None))
    )
    if door is not None:
        rows = rows.where(Receipt.door == door)
    if fate is not None:
        rows = rows.where(Receipt.fate == fate)
    if before_id is not None:
        rows = rows.where(Receipt.id < before_id)
    return rows.order_by(Receipt.id.desc()).limit(PAGE + 1)


def sums(since: datetime) -> Select[Door, Fate, int]:
    """How many came to each door since then, and what became of them."""
    return (
        select(Receipt.door, Receipt.fate, func.count().label("many"))
        .where(Receipt.centre_id == current_centre(), Receipt.received_at >= since)
        .group_by(Receipt.door, Receipt.fate)
    )
