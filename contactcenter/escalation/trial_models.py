"""A ladder, a calendar or a routing that is tried on the questions of the last month."""

from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre
from contactcenter.stretches import Stretched


class Tried(StrEnum):
    LADDER = "ladder"  # one step more, or another in its place
    WITHOUT = "without"  # one step less
    TEAM = "teams"  # other hours or another time to answer
    TOPIC = "topics"  # other teams


class LadderTrial(Stretched, Model):
    """`content` is the entry as it would be, `entry_id` the one it would replace.

    `tally` holds how often each step of a team was climbed and would have been, by day.
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
    next_id: Mapped[Id | None] = mapped_column(nullable=False)
    tally: Mapped[Json] = mapped_column(default=dict)
