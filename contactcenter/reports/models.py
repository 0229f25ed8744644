"""Who calls back whom, so that nobody is called twice, and what a site shows on its wall."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class CallBackOutcome(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not_reached"  # tried; the person stays on the list
    WRITTEN = "written"  # told by a message how to come back
    NOT_NEEDED = "not_needed"
    GIVEN_BACK = "given_back"  # not tried: somebody else may


class Every(StrEnum):
    WEEK = "week"
    MONTH = "month"


class CallBack(Model):
    """Someone took it on to call a person who was never served; `caller` is who, as one word.

    `visit_id` is the last stay that was lost. One call back of a person is open at a time.
    """

    __tablename__ = "call_backs"
    __table_args__ = (
        within_centre("visit_id", "visits", ondelete="CASCADE"),
        within_centre("taken_by", "persons"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="outcome_when_settled"),
        Index(
            "uq_call_backs_one_at_a_time",
            "centre_id",
            "caller",
            unique=True,
            postgresql_where=text("outcome IS NULL"),
        ),
        Index("ix_call_backs_caller", "centre_id", "caller", "settled_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    visit_id: Mapped[Id]
    caller: Mapped[str]
    taken_by: Mapped[Id]
    taken_at: Mapped[datetime]
    outcome: Mapped[CallBackOutcome | None]
    settled_at: Mapped[datetime | None]


class ReportOrder(Model):
    """Someone wants the figures of each week or month by mail, of one queue or of all.

    `due_at` is when the next one leaves; the period it tells is the last whole one before.
    """

    __tablename__ = "report_orders"
    __table_args__ = (
        within_centre("person_id", "persons", ondelete="CASCADE"),
        within_centre("queue_id", "queues", ondelete="CASCADE"),
        UniqueConstraint(
            "centre_id", "person_id", "every", "queue_id", postgresql_nulls_not_distinct=True
        ),
        Index("ix_report_orders_due", "centre_id", "due_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    every: Mapped[Every]
    queue_id: Mapped[Id | None]
    ordered_at: Mapped[datetime]
    due_at: Mapped[datetime]


class BoardLayout(Model):
    """Which queues the boards of a site show, in which order."""

    __tablename__ = "board_layouts"
    __table_args__ = (
        within_centre("site_id", "sites", ondelete="CASCADE"),
        within_centre("set_by", "persons"),
        UniqueConstraint("centre_id", "site_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    site_id: Mapped[Id]
    queue_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    set_by: Mapped[Id]
    set_at: Mapped[datetime]
