"""What refusals alike say of the directory, until someone settles it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class DirectoryCorrection(Model):
    """What refusals alike say is wrong: a team that does not answer a topic, here or anywhere.

    An empty `district` is everywhere.
    """

    __tablename__ = "directory_corrections"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        within_centre("team_id", "teams"),
        within_centre("settled_by", "persons"),
        CheckConstraint(
            "num_nonnulls(settled_at, settled_by, is_accepted) IN (0, 3)", name="settled_whole"
        ),
        Index(
            "uq_directory_corrections_open",
            "centre_id",
            "topic_id",
            "team_id",
            "district",
            unique=True,
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    topic_id: Mapped[Id]
    team_id: Mapped[Id]
    district: Mapped[str] = mapped_column(default="")
    refusals: Mapped[int]
    proposed_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[Id | None]
    is_accepted: Mapped[bool | None]
