"""The rules, what they proposed for each ticket, and what a person made of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class TriageRule(Model):
    """When every condition that is set holds, `sets` is proposed. Lower `position` speaks first.

    `sets` has any of topic_id, priority, language, queue_id. `words` match whole words of the
    subject and text, accents ignored, any of them.
    """

    __tablename__ = "triage_rules"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        within_centre("site_id", "sites"),
        UniqueConstraint("centre_id", "name"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    position: Mapped[int]
    name: Mapped[str]
    topic_id: Mapped[Id | None]
    words: Mapped[list[Any]] = mapped_column(default=list)
    site_id: Mapped[Id | None]
    channel: Mapped[str | None]
    sets: Mapped[Json]
    is_active: Mapped[bool] = mapped_column(default=True)


class Field(StrEnum):
    TOPIC = "topic"
    PRIORITY = "priority"
    LANGUAGE = "language"
    QUEUE = "queue"


class Proposal(Model):
    """One field proposed for one ticket, why, and the correction if there was one.

    `reason` is {"code": "rule" | "words" | "detected" | "default", ...} for the page to phrase.
    """

    __tablename__ = "triage_proposals"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("rule_id", "triage_rules"),
        Index("ix_triage_proposals_ticket", "centre_id", "ticket_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    field: Mapped[Field]
    value: Mapped[str]
    rule_id: Mapped[Id | None]
    reason: Mapped[Json]
    proposed_at: Mapped[datetime]
    corrected_to: Mapped[str | None]
    corrected_by: Mapped[Id | None]
    corrected_at: Mapped[datetime | None]
