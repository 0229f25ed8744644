"""The waits people were told, kept at the moment they were said, and how often they came true."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, Index, Select, UniqueConstraint, and_, cast, func, select
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
    from_low: int  # of the served, who was told a lower end: "less than 5 minutes" has none
    by_low: int  # of these, served before it: half, if the ranges are right
    by_high: int  # before the upper end: nine in ten
    mean_error_seconds: float | None  # middle of the range minus the wait: above 0 is too long

    @property
    def hit_rate(self) -> float | None:
        return self.by_high / self.served if self.served else None

    @property
    def low_rate(self) -> float | None:
        return self.by_low / self.from_low if self.from_low else None


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
    asked = _told_and_true().where(
        AnnouncedWait.centre_id == current_centre(),
        AnnouncedWait.said_at >= since,
        not_played(include_rehearsal=include_rehearsal),
    )
    return [Accuracy(*row) for row in db.session.execute(asked)]


def _told_and_true() -> Select[Any]:
    """In the order of `Accuracy`, for each queue and place."""
    left = func.extract("epoch", WAIT_ENDED - AnnouncedWait.said_at)
    low, high = AnnouncedWait.low_minutes * 60, AnnouncedWait.high_minutes * 60
    was_served = Visit.outcome == Outcome.ANSWERED
    had_low = and_(was_served, AnnouncedWait.low_minutes > 0)
    error = cast((low + high) / 2 - left, Float)
    of_visit = (
        Visit.centre_id == AnnouncedWait.centre_id,
        Visit.id == AnnouncedWait.visit_id,
    )
    of_queue = Queue.centre_id == AnnouncedWait.centre_id, Queue.id == AnnouncedWait.queue_id
    return (
        select(
            Queue.name,
            AnnouncedWait.place,
            func.count(),
            func.count().filter(was_served),
            func.count().filter(had_low),
            func.count().filter(had_low, left <= low),
            func.count().filter(was_served, left <= high),
            func.avg(error).filter(was_served),
        )
        .join(Visit, and_(*of_visit))
        .join(Queue, and_(*of_queue))
        .group_by(Queue.name, AnnouncedWait.place)
        .order_by(Queue.name, AnnouncedWait.place)
    )
