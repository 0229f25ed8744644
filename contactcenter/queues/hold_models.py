"""Stretches of a service in which the citizen was put on hold."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class Hold(Model):
    """Part of the handling, and told apart from the talk; open while it lasts."""

    __tablename__ = "visit_holds"
    __table_args__ = (
        within_centre("visit_id", "visits", ondelete="CASCADE"),
        CheckConstraint("ended_at >= began_at", name="in_order"),
        Index("ix_visit_holds_visit", "centre_id", "visit_id"),
        Index(
            "uq_visit_holds_one_at_a_time",
            "centre_id",
            "visit_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    visit_id: Mapped[Id]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
