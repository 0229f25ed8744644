"""A ladder, a calendar or a routing that is tried on the questions of the last month."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class Tried(StrEnum):
    LADDER = "ladder"  # one step more, or another in its place
    WITHOUT = "without"  # one step less
    TEAM = "teams"  # other hours or another time to answer
    TOPIC = "topics"  # other teams


class LadderTrial(Model):
    """`content` is the entry as it would be, `entry_id` the one it would replace.

    Questions are looked at from the newest to the oldest; `next_id` is where the next stretch
    begins. `tally` holds how often each step of a team was climbed and would have been, by day.
    """

    __tablename__ = "ladder_trials"
    __table_args__ = (
        within_centre("person_id", "persons"),
        CheckConstraint("looked_at <= total", name="within_total"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    kind: Mapped[Tried]
    entry_id: Mapped[Id | None]
    name: Mapped[str]
    content: Mapped[Json]
    person_id: Mapped[Id]
    asked_at: Mapped[datetime]
    since: Mapped[datetime]
    total: Mapped[int]
    looked_at: Mapped[int] = mapped_column(default=0)
    next_id: Mapped[Id]
    tally: Mapped[Json] = mapped_column(default=dict)
    finished_at: Mapped[datetime | None]
