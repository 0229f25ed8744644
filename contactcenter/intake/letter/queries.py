"""Questions about letters that leave."""

from typing import Any

from sqlalchemy import Select, select

from contactcenter.directory.models import Topic
from contactcenter.notices.models import Means, Notice
from contactcenter.tickets.models import Ticket


def letter_of(ticket: Ticket, notice_id: int) -> Select[Any]:
    return select(Notice).where(
        Notice.centre_id == ticket.centre_id,
        Notice.ticket_id == ticket.id,
        Notice.id == notice_id,
        Notice.means == Means.LETTER,
    )


def active_topics(centre_id: int) -> Select[Any]:
    return select(Topic).where(Topic.centre_id == centre_id, Topic.is_active)
