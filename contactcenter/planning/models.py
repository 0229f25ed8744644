"""What managers plan, and the days they rehearse."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class StaffingPlan(Model):
    """Agents by half-hour of a day, and the goals: {"max_abandonment": 0.05, ...}.

    `agents` is {"17": 3, ...} by the half-hour since midnight.
    """

    __tablename__ = "staffing_plans"
    __table_args__ = (
        within_centre("queue_id", "queues"),
        within_centre("made_by", "persons"),
        UniqueConstraint("centre_id", "queue_id", "day"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    day: Mapped[date]
    agents: Mapped[Json]
    goals: Mapped[Json]
    made_by: Mapped[Id]
    made_at: Mapped[datetime]


class WhatIf(Model):
    """A day rehearsed `total` times with other staffing, hours or order.

    `content` is what is played, `results` one object of figures a run, run 1 first.
    """

    __tablename__ = "what_ifs"
    __table_args__ = (
        within_centre("queue_id", "queues"),
        within_centre("person_id", "persons"),
        CheckConstraint("done <= total", name="within_total"),
        Index("ix_what_ifs_asked", "centre_id", "queue_id", "asked_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    person_id: Mapped[Id]
    day: Mapped[date]
    content: Mapped[Json]
    seed: Mapped[int]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    results: Mapped[list[Any]] = mapped_column(default=list)
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
