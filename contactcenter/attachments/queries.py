"""Questions about files. Who may see the ticket may see its files."""

from typing import Any

from sqlalchemy import Select, select

from contactcenter.attachments.models import Attachment
from contactcenter.db import current_centre


def of_ticket(ticket_id: int) -> Select[Any]:
    """The files of a ticket, oldest first, without their content."""
    return (
        select(Attachment)
        .where(Attachment.centre_id == current_centre(), Attachment.ticket_id == ticket_id)
        .order_by(Attachment.id)
    )


def one_of_ticket(ticket_id: int, attachment_id: int) -> Select[Any]:
    return of_ticket(ticket_id).where(Attachment.id == attachment_id)
