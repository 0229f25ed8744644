"""Calls that ended in the menu of a line: they reached no queue, and are in no figure of one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contactcenter.db import db
from contactcenter.receipts.models import Door, Receipt
from contactcenter.receipts.words import LEFT_MENU, TOLD_IN_MENU

CALLS_IN = "call:"  # what the door of the telephone claims for each call that comes


@dataclass(frozen=True)
class MenuCalls:
    """Of the calls that came in a window: who heard their answer in the menu, and who hung up."""

    came: int
    contained: int  # where the request stands was told, and nobody had to be there
    abandoned: int  # hung up before choosing; an announcement is no answer

    @property
    def counts(self) -> dict[str, int]:
        """As `report --json` names them."""
        return {
            "ivr_calls": self.came,
            "ivr_contained": self.contained,
            "ivr_abandoned": self.abandoned,
        }


def menu_calls(
    centre_id: int, start: datetime, end: datetime, *, include_rehearsal: bool = False
) -> MenuCalls:
    """Of the whole centre: before a choice, a call belongs to no queue."""
    counted = select(
        func.count(),
        func.count().filter(Receipt.problem == TOLD_IN_MENU),
        func.count().filter(Receipt.problem == LEFT_MENU),
    ).where(
        Receipt.centre_id == centre_id,
        Receipt.received_at >= start,
        Receipt.received_at < end,
        Receipt.door == Door.PHONE,
        Receipt.dedupe_key.startswith(CALLS_IN),
        Receipt.is_rehearsal.in_([False, True] if include_rehearsal else [False]),
    )
    return MenuCalls(*db.session.execute(counted).one())
