"""Queues, the visits in them, and the people who serve them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel


class QueueKind(StrEnum):
    COUNTER = "counter"  # people in a waiting room
    PHONE = "phone"  # calls
    WRITTEN = "written"  # e-mails, letters, forms
    REFERRAL = "referral"  # a referent team's questions
    CONSULT = "consult"  # live questions to an expert on duty while the citizen waits


# Nobody stands in line for these: how old the oldest is counts, not who is at a desk right now.
UNHURRIED = (QueueKind.WRITTEN, QueueKind.REFERRAL)


class Queue(Model):
    """Where something waits for people of some skill.

    `threshold_seconds` is T of the service level, `short_seconds` S of a short abandonment.
    `team_id` is the expert team whose questions these are; of a queue of citizens, `in_charge_id`
    is the team that answers for it, if one does.
    """

    __tablename__ = "queues"
    __table_args__ = (
        within_centre("site_id", "sites"),
        within_centre("team_id", "teams"),
        within_centre("in_charge_id", "teams"),
        UniqueConstraint("centre_id", "name"),
        Index(
            "uq_queues_letter",
            "centre_id",
            "site_id",
            "letter",
            unique=True,
            postgresql_where=text("kind = 'counter'"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    kind: Mapped[QueueKind]
    site_id: Mapped[Id | None]
    team_id: Mapped[Id | None]
    in_charge_id: Mapped[Id | None]
    letter: Mapped[str] = mapped_column(default="A")  # of the numbers it gives, its own in its site
    threshold_seconds: Mapped[int] = mapped_column(default=600)
    short_seconds: Mapped[int] = mapped_column(default=60)
    max_wait_seconds: Mapped[int | None]
    capacity: Mapped[int | None]  # most that may wait; more are refused as `full`
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def belongs_to(self) -> int | None:
        """The team that who comes is waiting for, unless somebody else's team serves them."""
        return self.team_id or self.in_charge_id


class VisitState(StrEnum):
    """Where a visit stands now; the outcome, once written, says how its wait ended."""

    WAITING = "waiting"
    RESERVED = "reserved"  # called to a counter, or ringing at an agent
    SERVING = "serving"
    PARKED = "parked"  # served, came back later or will
    OVER = "over"


class Source(StrEnum):
    NEW = "new"
    TRANSFER = "transfer"
    OVERFLOW = "overflow"
    CALLBACK = "callback"
    RETURN = "return"


class PriorityClass(StrEnum):
    NORMAL = "normal"
    PRIORITY = "priority"  # standing is painful, pregnant, with a small child, appointment


class Visit(Model):
    """One stay of one thing in one queue, with exactly one outcome, written once.

    The wait runs from `entered_at` to `called_at` (counter, phone offer accepted) or `left_at`.
    `virtual_entered_at` keeps the place of who comes back. In a queue, those of one class with the
    same `needs` stand in one line; who waits for one agent alone stands beside it.

    `team_id` is the team it counts for: the one that serves it, until then (and for good, if nobody
    does) the one its queue belongs to. Written as it happens, so that history stays as it was when
    people change teams.
    """

    __tablename__ = "visits"
    __table_args__ = (
        within_centre("queue_id", "queues"),
        within_centre("interaction_id", "interactions"),
        within_centre("ticket_id", "tickets"),
        within_centre("topic_id", "topics"),
        within_centre("reserved_for", "persons"),
        within_centre("answered_by", "persons"),
        within_centre("counter_id", "counters"),
        within_centre("previous_id", "visits"),
        within_centre("wanted_person_id", "persons"),
        within_centre("team_id", "teams"),
        CheckConstraint("(outcome IS NULL) = (left_at IS NULL)", name="outcome_when_left"),
        CheckConstraint(
            "(state IN ('waiting', 'reserved')) = (outcome IS NULL) OR source_log IS NOT NULL",
            name="state_matches_outcome",
        ),
        CheckConstraint("source_log IS NULL OR state = 'over'", name="history_is_over"),
        CheckConstraint(
            "(state = 'reserved') = (reserved_for IS NOT NULL)", name="reserved_for_someone"
        ),
        Index(
            "ix_visits_waiting",
            "centre_id",
            "queue_id",
            "entered_at",
            postgresql_where=text("outcome IS NULL"),
        ),
        Index(
            "ix_visits_present",
            "centre_id",
            "queue_id",
            "entered_at",
            postgresql_where=text("state <> 'over'"),
        ),
        Index(
            "ix_visits_line",
            "centre_id",
            "queue_id",
            "needs",
            "priority_class",
            text("coalesce(virtual_entered_at, entered_at)"),
            "id",
            postgresql_where=text("state = 'waiting' AND wanted_person_id IS NULL"),
        ),
        Index(
            "ix_visits_wanted",
            "centre_id",
            "wanted_person_id",
            "wanted_until",
            postgresql_where=text("state = 'waiting' AND wanted_person_id IS NOT NULL"),
        ),
        Index("ix_visits_cohort", "centre_id", "queue_id", "entered_at"),
        Index(
            "ix_visits_caller",
            "centre_id",
            "caller_key",
            "entered_at",
            postgresql_where=text("caller_key IS NOT NULL"),
        ),
        Index("ix_visits_ticket", "centre_id", "ticket_id"),
        Index(
            "ix_visits_reserved",
            "centre_id",
            "reserved_until",
            postgresql_where=text("state = 'reserved'"),
        ),
        Index(
            "uq_visits_one_person_at_a_time",
            "centre_id",
            "reserved_for",
            unique=True,
            postgresql_where=text("state = 'reserved'"),
        ),
        Index(
            "ix_visits_serving",
            "centre_id",
            "answered_by",
            postgresql_where=text("state = 'serving'"),
        ),
        Index(
            "ix_visits_follow_up",
            "centre_id",
            "follow_up_hash",
            postgresql_where=text("follow_up_hash IS NOT NULL"),
        ),
        Index(
            "ix_visits_referral",
            "centre_id",
            "referral_id",
            postgresql_where=text("referral_id IS NOT NULL"),
        ),
        Index(
            "uq_visits_imported_once",
            "centre_id",
            "source_log",
            "log_call",
            "log_leg",
            "entered_at",
            unique=True,
            postgresql_where=text("source_log IS NOT NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    interaction_id: Mapped[Id | None]
    ticket_id: Mapped[Id | None]
    referral_id: Mapped[Id | None]
    topic_id: Mapped[Id | None]
    team_id: Mapped[Id | None]
    channel: Mapped[Channel]
    source: Mapped[Source] = mapped_column(default=Source.NEW)
    previous_id: Mapped[Id | None]  # the visit this one continues
    priority_class: Mapped[PriorityClass] = mapped_column(default=PriorityClass.NORMAL)
    priority_reason: Mapped[str] = mapped_column(default="")
    overtaken: Mapped[int] = mapped_column(default=0)  # how many later arrivals went before
    language: Mapped[str] = mapped_column(default="fr")
    state: Mapped[VisitState] = mapped_column(default=VisitState.WAITING)
    number: Mapped[str | None]  # "A012"
    follow_up_hash: Mapped[str | None]
    caller_key: Mapped[str | None]
    entered_at: Mapped[datetime]
    virtual_entered_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # of what nobody stands in line for: the target, in open hours
    reserved_for: Mapped[Id | None]
    reserved_until: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(default=0)  # times called to the counter, or offered
    counter_id: Mapped[Id | None]
    needs: Mapped[list[int]] = mapped_column(  # skills that are asked for, by id
        ARRAY(BigInteger), default=list, server_default=text("'{}'")
    )
    wanted_person_id: Mapped[Id | None]  # waits for this agent alone
    wanted_until: Mapped[datetime | None]  # None: for as long as the request is theirs
    why: Mapped[Json | None]  # what spoke for giving it to whom it was given last
    outcome: Mapped[Outcome | None]
    left_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Id | None]
    ended_at: Mapped[datetime | None]  # service over
    resumed_at: Mapped[datetime | None]  # of a parked one: when it went on
    transferred_at: Mapped[datetime | None]  # of an answered one: when it was handed on
    source_log: Mapped[str | None]  # name of the earlier system it was imported from
    log_call: Mapped[str | None]  # the contact as that system names it
    log_leg: Mapped[int | None]  # which of its stays
    agent_name: Mapped[str | None]  # who answered there: no person of ours
    is_rehearsal: Mapped[bool] = mapped_column(default=False)

    @property
    def wait_until(self) -> datetime | None:
        return self.called_at if self.outcome is Outcome.ANSWERED else self.left_at


class ChosenStatus(StrEnum):
    """What a person says of themselves."""

    READY = "ready"
    BREAK = "break"
    MEETING = "meeting"
    OFFLINE = "offline"


class Presence(Model):
    """Whether a person can be given work now. Busy or idle is observed from visits, not stored.

    `writes_until` bounds the writing up of a call that is over; None once it is noted.
    """

    __tablename__ = "presences"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("site_id", "sites"),
        within_centre("counter_id", "counters"),
        UniqueConstraint("centre_id", "person_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    status: Mapped[ChosenStatus]
    status_since: Mapped[datetime]
    site_id: Mapped[Id | None]
    counter_id: Mapped[Id | None]
    idle_since: Mapped[datetime | None]  # for longest-idle-first
    writes_until: Mapped[datetime | None]
    seen_at: Mapped[datetime]  # last sign of life of the page


class PresencePeriod(Model):
    """History of chosen statuses: what occupancy is measured against."""

    __tablename__ = "presence_periods"
    __table_args__ = (
        within_centre("person_id", "persons"),
        Index("ix_presence_periods_began", "centre_id", "began_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    status: Mapped[ChosenStatus]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)


class NumberSeries(Model):
    """The last number given with a letter on a day of the site's calendar.

    Of the site and not of the queue: a letter that changes hands goes on counting.
    """

    __tablename__ = "number_series"
    __table_args__ = (
        within_centre("site_id", "sites"),
        UniqueConstraint(
            "centre_id",
            "site_id",
            "letter",
            "given_on",
            name="uq_number_series_once",
            postgresql_nulls_not_distinct=True,
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    site_id: Mapped[Id | None]
    letter: Mapped[str]
    given_on: Mapped[date]
    last: Mapped[int]


class SaturationLevel(Model):
    """The level shown for a queue, kept for hysteresis: a worse one is entered after 2 minutes."""

    __tablename__ = "saturation_levels"
    __table_args__ = (
        within_centre("queue_id", "queues"),
        UniqueConstraint("centre_id", "queue_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    level: Mapped[str]
    since: Mapped[datetime]
    candidate: Mapped[str]
    candidate_since: Mapped[datetime]
    computed_at: Mapped[datetime]


class Outlook(Model):
    """What may be expected of a queue, kept by the sweeper for all who ask.

    Arrivals are people, from the same hour of past weeks; None while too few weeks are known.
    `patience_seconds` counts those who did not give up too. `score` is the evidence for a surge.
    """

    __tablename__ = "outlooks"
    __table_args__ = (
        within_centre("queue_id", "queues", ondelete="CASCADE"),
        UniqueConstraint("centre_id", "queue_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    queue_id: Mapped[Id]
    counted_until: Mapped[datetime]
    expected_last_hour: Mapped[float | None]
    expected_next_hour: Mapped[float | None]
    spread: Mapped[float] = mapped_column(default=0.0)  # of the busyness of a day: its variation
    weeks: Mapped[int] = mapped_column(default=0)
    patience_seconds: Mapped[float | None]
    gave_up: Mapped[int] = mapped_column(default=0)  # how many the patience is known from
    patience_at: Mapped[datetime | None]
    score: Mapped[float] = mapped_column(default=0.0)
    surge_since: Mapped[datetime | None]
