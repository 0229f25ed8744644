"""Questions of who acknowledges a request."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from contactcenter.accounts.models import Centre, Organisation
from contactcenter.db import current_centre
from contactcenter.directory.models import Line, Mailbox
from contactcenter.notices.models import Notice
from contactcenter.notices.tokens import without_tag
from contactcenter.queues.models import Queue


def is_ours(address: str) -> Select[Any]:
    """Whether an address belongs to this installation: answering it would answer ourselves."""
    plain = without_tag(address)
    return select(
        or_(
            exists().where(func.lower(Mailbox.address) == plain),
            exists().where(func.lower(Centre.mail_address) == plain),
        )
    )


def told_since(kind: str, address: str, since: datetime) -> Select[Any]:
    return select(func.count(Notice.id)).where(
        Notice.centre_id == current_centre(),
        Notice.kind == kind,
        func.lower(Notice.to_address) == func.lower(address),
        Notice.written_at > since,
    )


def own_organisation() -> Select[Any]:
    return (
        select(Organisation)
        .where(Organisation.centre_id == current_centre(), Organisation.is_own)
        .order_by(Organisation.id)
        .limit(1)
    )


def site_of_queue(queue_id: int) -> Select[Any]:
    return select(Queue.site_id).where(Queue.centre_id == current_centre(), Queue.id == queue_id)


def first_number() -> Select[Any]:
    return select(Line.number).where(Line.centre_id == current_centre()).order_by(Line.id).limit(1)
