"""The ledger of every door: received = ticketed + attached + rejected + held, always."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from contactcenter.db import Id, Model, PrimaryKey


class Door(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    SMS = "sms"
    API = "api"
    COUNTER = "counter"
    LETTER = "letter"
    WEB = "web"


class Fate(StrEnum):
    TICKETED = "ticketed"  # it opened a ticket
    ATTACHED = "attached"  # it joined one
    REJECTED = "rejected"  # refused, with the reason
    HELD = "held"  # kept aside: a person must look


class Receipt(Model):
    """One thing that came to a door. The unique key makes each door idempotent.

    `centre_id` is None for what named no centre (an unsigned call, a mail to nobody).
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("door", "dedupe_key"),
        Index("ix_receipts_received", "centre_id", "received_at"),
        Index(
            "ix_receipts_raw",
            "centre_id",
            "received_at",
            postgresql_where=text("raw IS NOT NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    centre_id: Mapped[Id | None]
    door: Mapped[Door]
    dedupe_key: Mapped[str]
    fate: Mapped[Fate]
    problem: Mapped[str] = mapped_column(default="")  # why rejected or held, without personal data
    ticket_id: Mapped[Id | None]
    visit_id: Mapped[Id | None]  # of who was sent elsewhere before there was a ticket
    raw: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    received_at: Mapped[datetime]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
