"""What went from one ticket to another, so that exactly that can go back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class Kind(StrEnum):
    MERGE = "merge"  # everything of `from_id` goes on in `to_id`
    SPLIT = "split"  # some words of `from_id` are another matter, which is `to_id`


class Regrouping(Model):
    """`moved` names the rows by table; `before` and `after` are fields that were set on the way."""

    __tablename__ = "regroupings"
    __table_args__ = (
        within_centre("from_id", "tickets"),
        within_centre("to_id", "tickets"),
        within_centre("done_by", "persons"),
        within_centre("undone_by", "persons"),
        CheckConstraint("from_id <> to_id", name="two_tickets"),
        CheckConstraint("(undone_by IS NULL) = (undone_at IS NULL)", name="undone_with_moment"),
        Index("ix_regroupings_from", "centre_id", "from_id"),
        Index("ix_regroupings_to", "centre_id", "to_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    kind: Mapped[Kind]
    from_id: Mapped[Id]
    to_id: Mapped[Id]
    moved: Mapped[Json]
    before: Mapped[Json] = mapped_column(default=dict)
    after: Mapped[Json] = mapped_column(default=dict)
    done_by: Mapped[Id]
    done_at: Mapped[datetime]
    undone_by: Mapped[Id | None]
    undone_at: Mapped[datetime | None]
