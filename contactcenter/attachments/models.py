"""Files, kept in PostgreSQL so that accepting one is part of the same commit."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class Attachment(Model):
    """A file of a ticket; `message_id` or `interaction_id` say what it came with."""

    __tablename__ = "attachments"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        Index("ix_attachments_ticket", "centre_id", "ticket_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    message_id: Mapped[Id | None]
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]  # bytes
    sha256: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    added_at: Mapped[datetime]
    added_by: Mapped[Id | None]
