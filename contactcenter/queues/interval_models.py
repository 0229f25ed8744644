"""Figures kept by quarter hours of arrival, what marks them, and the thresholds in force."""

from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Index, Integer, UniqueConstraint, and_, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, current_centre, within_centre
from contactcenter.queues.models import PriorityClass, Source, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel


class Threshold(Model):
    """What a queue promised, from one change to the next; written by the database itself.

    A visit is judged by the version in force when it arrived.
    """

    __tablename__ = "queue_thresholds"
    __table_args__ = (
        within_centre("queue_id", "queues", ondelete="CASCADE"),
        UniqueConstraint("centre_id", "queue_id", "version"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    version: Mapped[int]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    threshold_seconds: Mapped[int]
    short_seconds: Mapped[int]


IN_FORCE: ColumnElement[bool] = and_(
    Threshold.centre_id == Visit.centre_id,
    Threshold.queue_id == Visit.queue_id,
    Threshold.valid_from <= Visit.entered_at,
    or_(Threshold.valid_until.is_(None), Threshold.valid_until > Visit.entered_at),
)


def overlaps(start: datetime, end: datetime) -> ColumnElement[bool]:
    """Of a version: some visit of [start, end) may be judged by it."""
    return and_(
        Threshold.valid_from < end,
        or_(
            Threshold.valid_until.is_(None),
            and_(Threshold.valid_until > start, Threshold.valid_until > Threshold.valid_from),
        ),
    )


class IntervalMark(Model):
    """A quarter hour of a queue in which a visit changed; added by the database, never by us.

    No foreign key: it may outlive what it marks.
    """

    __tablename__ = "interval_marks"
    __table_args__ = (Index("ix_interval_marks_cell", "centre_id", "queue_id", "begins_at"),)

    centre_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, default=current_centre)
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    begins_at: Mapped[datetime]


class VisitInterval(Model):
    """Visits of one queue that arrived in one quarter hour and are alike in every respect here.

    Each visit is counted twice: in a row with topic, team, language and priority (`is_detailed`),
    and in one that leaves them out, of which there are few enough for every board.

    `outcome` None still waits. `lined_up` stood in line, `in_person` did so themselves (no promised
    call back), `on_time` stopped waiting within the threshold in force, `returned` is
    the next stay of somebody who was set aside. Sums are microseconds; `held_us` is the part of
    `handling_us` that was spent on hold;
    `waits` are those of the answered in whole seconds, rounded up, in order; not in detail.
    """

    __tablename__ = "visit_intervals"
    __table_args__ = (
        within_centre("queue_id", "queues", ondelete="CASCADE"),
        Index("ix_visit_intervals_cell", "centre_id", "is_detailed", "queue_id", "begins_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    begins_at: Mapped[datetime]
    is_detailed: Mapped[bool]
    channel: Mapped[Channel]
    source: Mapped[Source]
    topic_id: Mapped[Id | None]
    team_id: Mapped[Id | None]
    language: Mapped[str | None]
    priority_class: Mapped[PriorityClass | None]
    outcome: Mapped[Outcome | None]
    is_rehearsal: Mapped[bool]
    is_imported: Mapped[bool]
    visits: Mapped[int]
    lined_up: Mapped[int]
    in_person: Mapped[int]
    on_time: Mapped[int]
    transferred: Mapped[int]
    in_progress: Mapped[int]
    handled: Mapped[int]
    returned: Mapped[int]
    wait_us: Mapped[int] = mapped_column(BigInteger)
    longest_us: Mapped[int] = mapped_column(BigInteger)
    handling_us: Mapped[int] = mapped_column(BigInteger)
    held_us: Mapped[int] = mapped_column(BigInteger)
    waits: Mapped[list[int]] = mapped_column(ARRAY(Integer))
