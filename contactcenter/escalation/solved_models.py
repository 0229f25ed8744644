"""Whether it is solved: asked of the citizen once, some weeks after a partner's answer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class AskedBy(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    CALL = "call"  # nobody can write to them: an agent calls, or asks when they come


class SolvedQuestion(Model):
    """One a request; `team_id` answered it last. `noted_by` is the agent who was told."""

    __tablename__ = "solved_questions"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("team_id", "teams"),
        within_centre("noted_by", "persons"),
        within_centre("settled_by", "persons"),
        CheckConstraint("(answered_at IS NULL) = (is_solved IS NULL)", name="answered_whole"),
        CheckConstraint("(asked_by = 'call') = (token_hash IS NULL)", name="a_link_to_answer_by"),
        UniqueConstraint("centre_id", "ticket_id", name="uq_solved_questions_once"),
        Index("ix_solved_questions_token", "centre_id", "token_hash"),
        Index("ix_solved_questions_asked", "centre_id", "asked_at"),
        Index(
            "ix_solved_questions_to_call",
            "centre_id",
            "asked_at",
            postgresql_where=text("asked_by = 'call' AND answered_at IS NULL"),
        ),
        Index(
            "ix_solved_questions_not_solved",
            "centre_id",
            "answered_at",
            postgresql_where=text("is_solved = false AND settled_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    team_id: Mapped[Id]
    asked_by: Mapped[AskedBy]
    asked_at: Mapped[datetime]
    token_hash: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    is_solved: Mapped[bool | None]
    noted_by: Mapped[Id | None]
    settled_at: Mapped[datetime | None]  # somebody called them back after their "no"
    settled_by: Mapped[Id | None]
