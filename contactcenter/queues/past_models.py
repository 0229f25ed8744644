"""What was, beside the visits: how full queues were shown, and agents of an earlier system."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class LoggedSession(Model):
    """When an agent of an earlier system could be given work; `queue_id` None: by any queue."""

    __tablename__ = "logged_sessions"
    __table_args__ = (
        within_centre("queue_id", "queues"),
        UniqueConstraint(
            "centre_id",
            "source_log",
            "agent_name",
            "queue_id",
            "began_at",
            name="uq_logged_sessions_once",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_logged_sessions_began", "centre_id", "began_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    source_log: Mapped[str]
    agent_name: Mapped[str]
    queue_id: Mapped[Id | None]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class LevelSpell(Model):
    """How long a queue was shown at a level; the one without an end goes on."""

    __tablename__ = "level_spells"
    __table_args__ = (
        within_centre("queue_id", "queues", ondelete="CASCADE"),
        Index("ix_level_spells_began", "centre_id", "queue_id", "began_at"),
        Index(
            "uq_level_spells_one_at_a_time",
            "centre_id",
            "queue_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    level: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
