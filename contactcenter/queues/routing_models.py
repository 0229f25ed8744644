"""Who can serve what, and how a queue gives its work out. Without a row here, anyone serves all."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Integer

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre
from contactcenter.queues.models import QueueKind

LEVELS = (1, 2, 3)  # 1 is asked first


class Skill(Model):
    """What some agents can do and others cannot. With a `language` it is speaking that one."""

    __tablename__ = "skills"
    __table_args__ = (
        UniqueConstraint("centre_id", "name"),
        UniqueConstraint("centre_id", "language"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    language: Mapped[str | None]


class PersonSkill(Model):
    """How well a person can do it: level 1 is asked first. Lent out, it ends at `until_at`."""

    __tablename__ = "person_skills"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("skill_id", "skills"),
        UniqueConstraint("centre_id", "person_id", "skill_id"),
        CheckConstraint("level BETWEEN 1 AND 3", name="three_levels"),
        Index("ix_person_skills_skill", "centre_id", "skill_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    skill_id: Mapped[Id]
    level: Mapped[int] = mapped_column(default=1)
    until_at: Mapped[datetime | None]


class QueueLevel(Model):
    """Where a person stands in a queue they serve; without a row at level 1."""

    __tablename__ = "queue_levels"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("queue_id", "queues"),
        UniqueConstraint("centre_id", "person_id", "queue_id"),
        CheckConstraint("level BETWEEN 1 AND 3", name="three_levels"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    queue_id: Mapped[Id]
    level: Mapped[int] = mapped_column(default=1)


class Need(Model):
    """A skill that a queue, or a topic in any queue, asks for."""

    __tablename__ = "needs"
    __table_args__ = (
        within_centre("skill_id", "skills"),
        within_centre("queue_id", "queues"),
        within_centre("topic_id", "topics"),
        CheckConstraint("num_nonnulls(queue_id, topic_id) = 1", name="of_one_thing"),
        UniqueConstraint(
            "centre_id",
            "skill_id",
            "queue_id",
            "topic_id",
            name="uq_needs_once",
            postgresql_nulls_not_distinct=True,
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    skill_id: Mapped[Id]
    queue_id: Mapped[Id | None]
    topic_id: Mapped[Id | None]


class RoutingRule(Model):
    """How one queue gives its work out. Times in seconds; None where the usual way holds.

    `opens_after`: when level 2 is asked too, then level 3; empty asks all levels at once.
    `priority_weight`: a second of who has priority counts so many; None: they go first outright.
    `same_agent_seconds`: so long who helped before is waited for. `rest_seconds`: so long an agent
    must be idle before written work. Overflow goes once and keeps the place.
    """

    __tablename__ = "routing_rules"
    __table_args__ = (
        within_centre("queue_id", "queues"),
        within_centre("overflow_to", "queues"),
        UniqueConstraint("centre_id", "queue_id"),
        CheckConstraint("weight > 0", name="weight_counts"),
        CheckConstraint("priority_weight >= 1", name="priority_is_no_penalty"),
        CheckConstraint("most_overtakes >= 0", name="overtakes_are_counted"),
        CheckConstraint("overflow_to <> queue_id", name="overflow_goes_elsewhere"),
        CheckConstraint(
            "(overflow_to IS NULL) = (overflow_after_seconds IS NULL)", name="overflow_is_whole"
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    asks_language: Mapped[bool] = mapped_column(default=False)
    opens_after: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    weight: Mapped[float] = mapped_column(default=1.0)  # of a second waited, among queues
    priority_weight: Mapped[float | None]
    most_overtakes: Mapped[int | None]
    same_agent_seconds: Mapped[int] = mapped_column(default=0)
    rest_seconds: Mapped[int] = mapped_column(default=0)
    held_seconds: Mapped[int | None]  # how long an offer is kept for who has it
    overflow_to: Mapped[Id | None]
    overflow_after_seconds: Mapped[int | None]
    callback_after_seconds: Mapped[int | None]  # None: no call back is offered
    overflow_level: Mapped[str | None]  # only while the queue is shown this full, or worse


class WorkLimit(Model):
    """How much of one kind a person holds at a time; without a row the usual number."""

    __tablename__ = "work_limits"
    __table_args__ = (
        within_centre("person_id", "persons"),
        UniqueConstraint("centre_id", "person_id", "kind"),
        CheckConstraint("most BETWEEN 0 AND 100", name="a_number_of_things"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    kind: Mapped[QueueKind]
    most: Mapped[int]


class Loan(Model):
    """Someone serves a queue that is not theirs for a while; their access ends with it."""

    __tablename__ = "loans"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("queue_id", "queues"),
        within_centre("lent_by", "persons"),
        CheckConstraint("ends_at > begins_at", name="lasts_a_while"),
        Index(
            "uq_loans_one_at_a_time",
            "centre_id",
            "person_id",
            "queue_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    queue_id: Mapped[Id]
    level: Mapped[int] = mapped_column(default=1)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    lent_by: Mapped[Id]
    gave_access: Mapped[bool] = mapped_column(default=False)  # not if it was there before
    level_before: Mapped[int | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
