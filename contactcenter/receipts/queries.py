"""Questions about what came to the doors. Nothing here changes state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, exists, func, or_, select

from contactcenter.db import current_centre
from contactcenter.outbox import OutboxMessage
from contactcenter.receipts.models import Door, Fate, Receipt

PAGE = 50
READ_MAIL = "intake.read_mail"  # the job that settles a mail


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


def mail_of(receipt_id: int, ticket_ids: Select[*tuple[int]]) -> Select[Any]:
    """A mail that opened or joined one of these requests, if it is still kept as it came."""
    return select(Receipt).where(
        Receipt.centre_id == current_centre(),
        Receipt.id == receipt_id,
        Receipt.door == Door.MAIL,
        Receipt.ticket_id.in_(ticket_ids),
        Receipt.raw.is_not(None),
    )


def sums(since: datetime) -> Select[Door, Fate, int]:
    """How many came to each door since then, and what became of them."""
    return (
        select(Receipt.door, Receipt.fate, func.count().label("many"))
        .where(Receipt.centre_id == current_centre(), Receipt.received_at >= since)
        .group_by(Receipt.door, Receipt.fate)
    )


def held_texts(problems: Sequence[str], most: int) -> Select[Receipt]:
    """Texts kept aside for one of these reasons, oldest first, each for one who reads it."""
    return (
        select(Receipt)
        .where(
            Receipt.centre_id == current_centre(),
            Receipt.door == Door.SMS,
            Receipt.fate == Fate.HELD,
            Receipt.raw.is_not(None),
            Receipt.problem.in_(problems),
        )
        .order_by(Receipt.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def held_unread(before: datetime, since: datetime, most: int) -> Select[Receipt]:
    """Mails kept aside since before then, that no job will read nor gave up on lately."""
    will_read = exists().where(
        OutboxMessage.centre_id == Receipt.centre_id,
        OutboxMessage.job == READ_MAIL,
        OutboxMessage.arguments["receipt_id"].astext.cast(BigInteger) == Receipt.id,
        OutboxMessage.done_at.is_(None),
        or_(OutboxMessage.dead_at.is_(None), OutboxMessage.dead_at > since),
    )
    return (
        select(Receipt)
        .where(
            Receipt.centre_id == current_centre(),
            Receipt.door == Door.MAIL,
            Receipt.fate == Fate.HELD,
            Receipt.received_at < before,
            ~will_read,
        )
        .order_by(Receipt.received_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
