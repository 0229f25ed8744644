"""What leaves the house. Each notice has an id of its own that the receiver can recognise."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class Means(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"  # printed by an agent


# A notice whose words open a door: they are forgotten once it has left.
INVITATION = "invitation"


TOO_MANY = "too many automatic messages"  # a failure that blames no address
UNDELIVERED = "undelivered"  # why a request waits again: our reply did not arrive


class NoticeState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"  # being handed over until `due_at`; what is still so then was cut short
    SENT = "sent"
    FAILED = "failed"  # final: shown to the agent, who chooses another way
    UNSURE = "unsure"  # final: handed over more than once, and nobody said that it was taken
    CANCELLED = "cancelled"


class Notice(Model):
    """`message_id` is a mail's Message-ID without angle brackets, or the SMS's provider id."""

    __tablename__ = "notices"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        Index("ix_notices_ticket", "centre_id", "ticket_id"),
        Index("ix_notices_message_id", "message_id"),
        Index("ix_notices_written_to", "centre_id", text("lower(to_address)"), "written_at"),
        Index(
            "ix_notices_pending",
            "centre_id",
            "due_at",
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        UniqueConstraint("centre_id", "dedupe_key"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    kind: Mapped[str]  # "reply", "referral_asked", "ladder", ...
    means: Mapped[Means]
    to_address: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    language: Mapped[str]
    headers: Mapped[Json] = mapped_column(default=dict)  # In-Reply-To, References
    attachment_ids: Mapped[list[Any]] = mapped_column(default=list)
    is_automatic: Mapped[bool] = mapped_column(default=True)
    ticket_id: Mapped[Id | None]
    referral_id: Mapped[Id | None]
    said_id: Mapped[Id | None]  # the reply it carries: a trigger refuses any other kind of message
    citizen_id: Mapped[Id | None]
    dedupe_key: Mapped[str | None]
    message_id: Mapped[str | None]
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.PENDING)
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)  # that ended without its being taken
    doubts: Mapped[int] = mapped_column(default=0)  # of them, those that may have been taken
    is_rehearsal: Mapped[bool] = mapped_column(default=False)


class Refusal(Model):
    """Someone asked us to write no more to this address (STOP); lifted when they ask for it."""

    __tablename__ = "refusals"
    __table_args__ = (UniqueConstraint("centre_id", "means", "address"),)

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    means: Mapped[Means]
    address: Mapped[str]
    refused_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
