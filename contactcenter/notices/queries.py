"""Which notices were left on their way. Nothing here changes state."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Select, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from contactcenter.db import current_centre
from contactcenter.notices.models import TOO_MANY, Means, Notice, NoticeState
from contactcenter.outbox import OutboxMessage


def cut_short(now: datetime, most: int) -> Select[Notice]:
    """Notices that were being handed over when their worker ended."""
    return (
        _in_state(NoticeState.SENDING)
        .where(Notice.due_at < now)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def left_behind(before: datetime, means: list[Means], most: int) -> Select[Notice, bool]:
    """Notices that waited since before then though no job will send them, and if one gave up."""
    given_up = _job(OutboxMessage.dead_at.is_not(None))
    waits = _job(OutboxMessage.dead_at.is_(None) & OutboxMessage.done_at.is_(None))
    return (
        _in_state(NoticeState.PENDING)
        .where(Notice.means.in_(means), Notice.due_at < before, ~waits)
        .add_columns(given_up)
        .limit(most)
        .with_for_update(of=Notice, skip_locked=True)
    )


TOLD_WITHIN = timedelta(days=1)  # by then most servers have said that an address is dead


def last_fate(address: str, now: datetime) -> Select[NoticeState]:
    """Whether the last mail to an address arrived, as far as it is known: failed, or sent since."""
    arrived = (Notice.state == NoticeState.SENT) & (Notice.sent_at < now - TOLD_WITHIN)
    failed = (Notice.state == NoticeState.FAILED) & (Notice.failure != TOO_MANY)
    return (
        select(Notice.state)
        .where(
            Notice.centre_id == current_centre(),
            func.lower(Notice.to_address) == address.lower(),
            Notice.means == Means.EMAIL,
            failed | arrived,
        )
        .order_by(Notice.written_at.desc(), Notice.id.desc())
        .limit(1)
    )


def unreached(kind: str, addresses: Collection[str]) -> Select[str, str | None]:
    """Those of these addresses whose last mail of this kind did not arrive, and what was said."""
    address = func.lower(Notice.to_address)
    last = (
        select(address.label("address"), Notice.state, Notice.failure)
        .ext(distinct_on(address))
        .where(
            Notice.centre_id == current_centre(),
            address.in_([each.lower() for each in addresses]),
            Notice.kind == kind,
        )
        .order_by(address, Notice.written_at.desc(), Notice.id.desc())
        .subquery()
    )
    lost = (NoticeState.FAILED, NoticeState.UNSURE)
    return select(last.c.address, last.c.failure).where(last.c.state.in_(lost))


def last_sent(address: str, since: datetime) -> Select[int]:
    """The last mail that left for an address since then."""
    return (
        select(Notice.id)
        .where(
            Notice.centre_id == current_centre(),
            func.lower(Notice.to_address) == address.lower(),
            Notice.written_at > since,
            Notice.means == Means.EMAIL,
            Notice.state == NoticeState.SENT,
        )
        .order_by(Notice.written_at.desc(), Notice.id.desc())
        .limit(1)
    )


def _in_state(state: NoticeState) -> Select[Notice]:
    return (
        select(Notice)
        .where(Notice.centre_id == current_centre(), Notice.state == state)
        .order_by(Notice.due_at)
    )


def _job(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        OutboxMessage.job == "notices.send",
        OutboxMessage.centre_id == Notice.centre_id,
        OutboxMessage.arguments["notice_id"].astext.cast(BigInteger) == Notice.id,
        condition,
    )
