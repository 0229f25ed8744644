"""Protocols approved beforehand, and each time one was in force."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class Trigger(StrEnum):
    """The level of the queue at which the protocol is meant to start."""

    BUSY = "busy"
    FULL = "full"
    BLOCKED = "blocked"


class Protocol(Model):
    """What may be done for one queue. Who approved it answers for it; runs keep a copy.

    `actions` has any of: `lend_from` (a queue whose people also serve this one), `announce` (words
    by language, said to callers), `replaces_menu` (they are said instead of the text of the menu,
    whose keys stay), `wrap_up_seconds` (instead of the usual), `kiosk_minutes` (longer services
    give no number at the place's tablet), `offer_callbacks` (to
    who waits on the telephone), `call_in` (ids of people who are written to), `text_to` (telephones
    that are sent a text).
    """

    __tablename__ = "protocols"
    __table_args__ = (
        within_centre("queue_id", "queues"),
        within_centre("approved_by", "persons"),
        UniqueConstraint("centre_id", "name"),
        CheckConstraint("hold_minutes BETWEEN 0 AND 240", name="a_few_hours_at_most"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    queue_id: Mapped[Id]
    level: Mapped[Trigger]
    hold_minutes: Mapped[int] = mapped_column(default=5)
    starts_by_rule: Mapped[bool] = mapped_column(default=False)
    actions: Mapped[Json] = mapped_column(default=dict)
    approved_by: Mapped[Id]
    approved_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=True)


class ProtocolRun(Model):
    """One time a protocol was in force. Nobody in `started_by` or `ended_by` means the rule.

    `before`, `during` and `after` are figures of the queue; `undo` is what ends with it.
    """

    __tablename__ = "protocol_runs"
    __table_args__ = (
        within_centre("protocol_id", "protocols"),
        within_centre("queue_id", "queues"),
        within_centre("started_by", "persons"),
        within_centre("ended_by", "persons"),
        CheckConstraint("(ended_at IS NULL) = (end_why IS NULL)", name="end_has_its_reason"),
        Index(
            "uq_protocol_runs_one_at_a_time",
            "centre_id",
            "protocol_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_protocol_runs_started", "centre_id", "started_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    protocol_id: Mapped[Id]
    queue_id: Mapped[Id]
    actions: Mapped[Json]
    undo: Mapped[Json] = mapped_column(default=dict)
    started_at: Mapped[datetime]
    started_by: Mapped[Id | None]
    start_why: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Id | None]
    end_why: Mapped[str | None]
    before: Mapped[Json | None]
    during: Mapped[Json | None]
    after: Mapped[Json | None]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
