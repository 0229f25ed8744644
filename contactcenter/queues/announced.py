"""The waits people were told, kept at the moment they were said, and how often they came true."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, and_, case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, current_centre, db, within_centre
from contactcenter.queues.conditions import WAIT_ENDED, not_played
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.saturation import WaitRange


class Place(StrEnum):
    """Where it was said."""

    PHONE = "phone"
    PAGE = "page"


class AnnouncedWait(Model):
    """The first range someone was told in one place; later ones only follow the line."""

    __tablename__ = "announced_waits"
    __table_args__ = (
        within_centre("visit_id", "visits", ondelete="CASCADE"),
        within_centre("queue_id", "queues"),
        UniqueConstraint(
            "centre_id", "visit_id", "place", name="uq_announced_waits_first_of_each_place"
        ),
        Index("ix_announced_waits_said", "centre_id", "queue_id", "said_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    visit_id: Mapped[Id]
    queue_id: Mapped[Id]
    place: Mapped[Place]
    said_at: Mapped[datetime]
    low_minutes: Mapped[int]
    high_minutes: Mapped[int]
    ahead: Mapped[int]


@dataclass(frozen=True)
class Accuracy:
    """Of the announcements whose truth is known: served people, with the wait that was left."""

    queue: str
    place: Place
    said: int
    served: int
    by_low: int  # served before the lower end: half, if the ranges are right
    by_high: int  # before the upper end: nine in ten
    mean_error_seconds: float | None  # middle of the range minus the wait: above 0 is too long

    @property
    def hit_rate(self) -> float | None:
        return self.by_high / self.served if self.served else None

    @property
    def low_rate(self) -> float | None:
        return self.by_low / self.served if self.served else None


def note(visit: Visit, place: Place, told: WaitRange | None, ahead: int, now: datetime) -> None:
    """Keep what is being said; silence leaves nothing, and a repetition adds nothing."""
    if told is None:
        return
    db.session.execute(
        insert(AnnouncedWait)
        .values(
            centre_id=visit.centre_id,
            visit_id=visit.id,
            queue_id=visit.queue_id,
            place=place,
            said_at=now,
            low_minutes=told.low,
            high_minutes=told.high,
            ahead=ahead,
        )
        .on_conflict_do_nothing(index_elements=["centre_id", "visit_id", "place"])
    )


def accuracy(since: datetime, *, include_rehearsal: bool) -> list[Accuracy]:
    """By queue and place. Who gave up tells nothing of the wait that was left to them."""
    left = func.extract("epoch", WAIT_ENDED - AnnouncedWait.said_at)
    was_served = Visit.outcome == Outcome.ANSWERED
    middle = (AnnouncedWait.low_minutes + AnnouncedWait.high_minutes) * 30
    rows: Any = db.session.execute(
        select(
            Queue.name,
            AnnouncedWait.place,
            func.count().label("said"),
            func.count().filter(was_served).label("served"),
            func.count().filter(was_served, left <= AnnouncedWait.low_minutes * 60).label("by_low"),
            func.count()
            .filter(was_served, left <= AnnouncedWait.high_minutes * 60)
            .label("by_high"),
            func.avg(case((was_served, middle - left))).label("error"),
        )
        .join(
            Visit,
            and_(Visit.centre_id == AnnouncedWait.centre_id, Visit.id == AnnouncedWait.visit_id),
        )
        .join(
            Queue,
            and_(Queue.centre_id == AnnouncedWait.centre_id, Queue.id == AnnouncedWait.queue_id),
        )
        .where(
            AnnouncedWait.centre_id == current_centre(),
            AnnouncedWait.said_at >= since,
            not_played(include_rehearsal=include_rehearsal),
        )
        .group_by(Queue.name, AnnouncedWait.place)
        .order_by(Queue.name, AnnouncedWait.place)
    )
    return [
        Accuracy(
            queue=row.name,
            place=row.place,
            said=row.said,
            served=row.served,
            by_low=row.by_low,
            by_high=row.by_high,
            mean_error_seconds=None if row.error is None else float(row.error),
        )
        for row in rows
    ]
