"""What is known of days to come: events that change demand, and what was forecast of each day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class KnownEvent(Model):
    """Days on which a known cause brings more or fewer people: a tax deadline, letters sent out.

    `factor` multiplies the usual demand; `queue_ids` empty means every queue.
    """

    __tablename__ = "known_events"
    __table_args__ = (
        within_centre("made_by", "persons"),
        CheckConstraint("begins_on <= ends_on", name="begins_before_it_ends"),
        CheckConstraint("factor > 0 AND factor <= 20", name="factor_is_a_multiple"),
        Index("ix_known_events_days", "centre_id", "ends_on", "begins_on"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    queue_ids: Mapped[list[Any]] = mapped_column(default=list)
    factor: Mapped[float]
    made_by: Mapped[Id]
    made_at: Mapped[datetime]


class DayForecast(Model):
    """People expected of a queue on a day, by half-hour, as said before the day began.

    `means` is None where too few days like it are known; see `forecast.Expectation` for the rest.
    One that counts what was played is made anew when the rehearsal is over.
    """

    __tablename__ = "day_forecasts"
    __table_args__ = (
        within_centre("queue_id", "queues", ondelete="CASCADE"),
        UniqueConstraint("centre_id", "queue_id", "day"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    day: Mapped[date]
    means: Mapped[list[float] | None] = mapped_column(ARRAY(Float))
    cv: Mapped[float] = mapped_column(default=0.0)
    days: Mapped[int] = mapped_column(default=0)
    counts_played: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
