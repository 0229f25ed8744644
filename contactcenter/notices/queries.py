"""Which notices were left on their way. Nothing here changes state."""

from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Select, exists, select

from contactcenter.db import current_centre
from contactcenter.notices.models import Means, Notice, NoticeState
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
