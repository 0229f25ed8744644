"""The rules and their history, what was proposed for each ticket, and what people made of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre
from contactcenter.stretches import Stretched


class TriageRule(Model):
    """When every condition that is set holds, `sets` is proposed. Lower `position` speaks first.

    `sets` has any of topic_id, priority, language, queue_id, team_id. `words` match whole words of
    the subject and text, accents and endings ignored, any of them. A rule is never deleted, because
    what it proposed names it: it is removed from a moment on.
    """

    __tablename__ = "triage_rules"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        within_centre("site_id", "sites"),
        Index(
            "uq_triage_rules_name",
            "centre_id",
            "name",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    position: Mapped[int]
    name: Mapped[str]
    topic_id: Mapped[Id | None]
    words: Mapped[list[Any]] = mapped_column(default=list)
    site_id: Mapped[Id | None]
    channel: Mapped[str | None]
    language: Mapped[str | None]  # the request's own, as it was read or chosen
    sender_domain: Mapped[str | None]  # of an e-mail, "commune.example"
    citizen_known: Mapped[bool | None]  # whether they had asked before
    sets: Mapped[Json]
    is_active: Mapped[bool] = mapped_column(default=True)
    removed_at: Mapped[datetime | None]


class RuleAct(StrEnum):
    """What was done to a rule."""

    ADDED = "added"
    FOUND = "found"  # as it was before anyone touched it
    CHANGED = "changed"
    MOVED = "moved"
    STARTED = "started"
    STOPPED = "stopped"
    RETURNED = "returned"  # to an earlier version
    REMOVED = "removed"


class RuleVersion(Model):
    """A rule as it was after one act. Rows are only ever added: the database refuses the rest."""

    __tablename__ = "triage_rule_versions"
    __table_args__ = (
        within_centre("rule_id", "triage_rules"),
        within_centre("person_id", "persons"),
        UniqueConstraint("centre_id", "rule_id", "number"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    rule_id: Mapped[Id]
    number: Mapped[int]
    act: Mapped[RuleAct]
    content: Mapped[Json]
    person_id: Mapped[Id]
    made_at: Mapped[datetime]


class Trial(Stretched, Model):
    """A rule tried on the requests of the last month, before it speaks.

    `content` is the rule as it would be, `rule_id` the one it would replace.
    """

    __tablename__ = "triage_trials"
    __table_args__ = (
        within_centre("rule_id", "triage_rules"),
        within_centre("person_id", "persons"),
        CheckConstraint("looked_at <= total", name="within_total"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    rule_id: Mapped[Id | None]
    person_id: Mapped[Id]
    content: Mapped[Json]
    matched: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)


class TrialChange(Model):
    """One field of one request that would have been proposed otherwise."""

    __tablename__ = "triage_trial_changes"
    __table_args__ = (
        within_centre("trial_id", "triage_trials"),
        within_centre("ticket_id", "tickets"),
        UniqueConstraint("centre_id", "trial_id", "ticket_id", "field"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    trial_id: Mapped[Id]
    ticket_id: Mapped[Id]
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]


class Field(StrEnum):
    TOPIC = "topic"
    PRIORITY = "priority"
    LANGUAGE = "language"
    QUEUE = "queue"
    TEAM = "team"  # the expert team to ask first, if one must be asked


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


class Settled(StrEnum):
    """What a person made of a suggestion."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # another topic was chosen, or none of those suggested


class Suggestion(Model):
    """One of at most three topics suggested for a ticket, why, and what a person made of it.

    `reason` has any of: words (read in the text), alike ([written, meant] pairs), closed (words
    that requests closed under this topic share, and how many those requests are).
    """

    __tablename__ = "triage_suggestions"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("topic_id", "topics"),
        within_centre("settled_by", "persons"),
        UniqueConstraint("centre_id", "ticket_id", "topic_id"),
        CheckConstraint("(settled IS NULL) = (settled_at IS NULL)", name="settled_with_moment"),
        Index("ix_triage_suggestions_day", "centre_id", "suggested_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    topic_id: Mapped[Id]
    rank: Mapped[int]
    reason: Mapped[Json]
    suggested_at: Mapped[datetime]
    settled: Mapped[Settled | None]
    settled_by: Mapped[Id | None]
    settled_at: Mapped[datetime | None]


class Lesson(Model):
    """A finished request whose words teach what its topic sounds like, once."""

    __tablename__ = "triage_lessons"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("topic_id", "topics"),
        UniqueConstraint("centre_id", "ticket_id"),
        Index(
            "ix_triage_lessons_waiting",
            "centre_id",
            "id",
            postgresql_where=text("learnt_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    topic_id: Mapped[Id]
    learnt_at: Mapped[datetime | None]


class LearntTopic(Model):
    """How many finished requests a topic was learnt from."""

    __tablename__ = "triage_learnt_topics"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        UniqueConstraint("centre_id", "topic_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    topic_id: Mapped[Id]
    requests: Mapped[int]


class LearntWord(Model):
    """In how many finished requests of a topic a stem was read."""

    __tablename__ = "triage_learnt_words"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        UniqueConstraint("centre_id", "stem", "topic_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    topic_id: Mapped[Id]
    stem: Mapped[str]
    requests: Mapped[int]
