"""Incidents, the requests that belong to each, and the watch over each topic."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class TopicWatch(Model):
    """The evidence that more people than usual ask about a topic; none is kept while it is 0."""

    __tablename__ = "topic_watches"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        UniqueConstraint("centre_id", "topic_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    topic_id: Mapped[Id]
    score: Mapped[float]
    surge_since: Mapped[datetime | None]
    counted_until: Mapped[datetime]


class Incident(Model):
    """What goes wrong with one topic. The rule proposes it, a person opens, refuses or ends it.

    `came` and `expected` are requests of the hour in which it was proposed. `say` is what agents
    tell, `told` what is sent to all, both by language. `referral_id` is the one question asked.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        within_centre("opened_by", "persons"),
        within_centre("refused_by", "persons"),
        within_centre("sent_by", "persons"),
        within_centre("ended_by", "persons"),
        # What is rehearsed is erased: the incident stays, without its question.
        within_centre("referral_id", "referrals", ondelete="SET NULL (referral_id)"),
        CheckConstraint("(opened_at IS NULL) = (opened_by IS NULL)", name="opened_by_a_person"),
        CheckConstraint("(refused_at IS NULL) = (refused_by IS NULL)", name="refused_by_a_person"),
        CheckConstraint("(ended_at IS NULL) = (summary IS NULL)", name="ends_with_a_summary"),
        CheckConstraint("ended_at IS NULL OR opened_at IS NOT NULL", name="opened_before_it_ends"),
        Index(
            "uq_incidents_one_at_a_time",
            "centre_id",
            "topic_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND refused_at IS NULL"),
        ),
        Index("ix_incidents_begun", "centre_id", "begun_at"),
        Index(
            "ix_incidents_referral",
            "centre_id",
            "referral_id",
            postgresql_where=text("referral_id IS NOT NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    topic_id: Mapped[Id]
    begun_at: Mapped[datetime]  # requests since then belong to it
    proposed_at: Mapped[datetime | None]  # None: opened without a proposal
    came: Mapped[int | None]
    expected: Mapped[float | None]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[Id | None]
    refused_at: Mapped[datetime | None]
    refused_by: Mapped[Id | None]
    say: Mapped[Json] = mapped_column(default=dict)
    referral_id: Mapped[Id | None]
    told: Mapped[Json] = mapped_column(default=dict)
    finishes: Mapped[bool] = mapped_column(default=False)  # the answer ends each request
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[Id | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Id | None]
    summary: Mapped[str | None]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.ended_at is None

    @property
    def is_proposed(self) -> bool:
        return self.opened_at is None and self.refused_at is None


class Way(StrEnum):
    """How a citizen is told; who can only be called is told by a person."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    CALL = "call"
    NONE = "none"  # nothing is known by which they could be reached
    JOINED = "joined"  # told with the request that this one was joined to


class IncidentTicket(Model):
    """A request of an incident, attached by the rule (nobody) or by a person, and what was told.

    `to_tell_at` is when the answer was sent off for it; `told_at` when it was told. By phone that
    is later, when somebody called.
    """

    __tablename__ = "incident_tickets"
    __table_args__ = (
        within_centre("incident_id", "incidents", ondelete="CASCADE"),
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("attached_by", "persons"),
        within_centre("detached_by", "persons"),
        UniqueConstraint("centre_id", "incident_id", "ticket_id"),
        CheckConstraint(
            "(detached_at IS NULL) = (detached_by IS NULL)", name="detached_by_a_person"
        ),
        CheckConstraint("told_at IS NULL OR way IS NOT NULL", name="told_in_a_way"),
        Index("ix_incident_tickets_ticket", "centre_id", "ticket_id"),
        Index(
            "ix_incident_tickets_pending",
            "centre_id",
            "incident_id",
            "ticket_id",
            postgresql_where=text("to_tell_at IS NOT NULL AND way IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    incident_id: Mapped[Id]
    ticket_id: Mapped[Id]
    attached_at: Mapped[datetime]
    attached_by: Mapped[Id | None]
    detached_at: Mapped[datetime | None]
    detached_by: Mapped[Id | None]
    to_tell_at: Mapped[datetime | None]
    way: Mapped[Way | None]
    told_at: Mapped[datetime | None]
