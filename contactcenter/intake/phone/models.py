"""What is known of each call: facts with their moments, in whatever order they reached us."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class PhoneCall(Model):
    """One call to one of our lines. Each column is a fact; what follows is read from them.

    `queue_id` is set once the caller has chosen, `waited_at` once they hear the wait, `accepted_at`
    when an agent took the call, `moved_at` when the caller was sent to the conference, `joined_at`
    when they are in it, and `agent_joined_at` when the agent's telephone is: with both, they are
    answered. `ended_at` is the end of the service or of the call, whichever is first, `wrapped_at`
    the end of what the agent notes afterwards.
    `leg` counts the stays of the call: handed on, it waits again, and has another conference.
    """

    __tablename__ = "phone_calls"
    __table_args__ = (
        within_centre("line_id", "lines"),
        within_centre("interaction_id", "interactions"),
        within_centre("visit_id", "visits"),
        within_centre("queue_id", "queues"),
        within_centre("topic_id", "topics"),
        within_centre("accepted_by", "persons"),
        UniqueConstraint("centre_id", "call_sid"),
        Index("ix_phone_calls_visit", "centre_id", "visit_id"),
        Index("ix_phone_calls_agent_leg", "centre_id", "agent_sid"),
        Index(
            "ix_phone_calls_unwrapped",
            "centre_id",
            "accepted_by",
            postgresql_where=text("accepted_by IS NOT NULL AND wrapped_at IS NULL"),
        ),
        Index(
            "ix_phone_calls_living",
            "centre_id",
            "heard_at",
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_phone_calls_promised",
            "centre_id",
            "promised_until",
            postgresql_where=text("promised_until IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    call_sid: Mapped[str | None]  # None: a call of ours that is not made yet
    line_id: Mapped[Id]
    interaction_id: Mapped[Id]
    receipt_id: Mapped[Id]
    visit_id: Mapped[Id | None]
    leg: Mapped[int] = mapped_column(default=1)
    caller: Mapped[str | None]  # E.164; None for a hidden number
    language: Mapped[str]
    silences: Mapped[int] = mapped_column(default=0)  # times the menu got no usable answer
    code_tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # at a code
    digit: Mapped[str | None]
    topic_id: Mapped[Id | None]
    queue_id: Mapped[Id | None]
    rang_at: Mapped[datetime]
    heard_at: Mapped[datetime]  # last sign of life
    agent_dialled_at: Mapped[datetime | None]  # written before the operator is asked to
    citizen_dialled_at: Mapped[datetime | None]  # of a call of ours, likewise
    asked_at: Mapped[datetime | None]  # when the operator was last asked for one
    waited_at: Mapped[datetime | None]
    queue_sid: Mapped[str | None]
    queue_result: Mapped[str | None]  # how the stay in Twilio's queue ended
    failed_at: Mapped[datetime | None]  # of that queue: a fault, or the caller hung up just then
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[Id | None]
    moved_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    conference_sid: Mapped[str | None]
    agent_sid: Mapped[str | None]  # the call to the agent's telephone
    agent_joined_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]  # of a call of ours: a person, and no voicemail, is there
    hung_up_at: Mapped[datetime | None]  # of a call of ours: over before that was said
    ended_at: Mapped[datetime | None]
    wrapped_at: Mapped[datetime | None]
    promised_until: Mapped[datetime | None]  # of a call of ours: when the citizen was told
    try_after: Mapped[datetime | None]  # not rung at anybody before
    tries: Mapped[int] = mapped_column(default=0)  # that nobody answered

    @property
    def awaits_word(self) -> bool:
        """Of a call of ours that was picked up: whether by a voicemail, the agent alone knows."""
        is_through = self.joined_at is not None and self.agent_joined_at is not None
        return self.promised_until is not None and is_through and self.reached_at is None


class OfferResult(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"  # it rang, nobody moved: counted, and the agent is set away
    SILENT_POST = "silent_post"  # they took it, and their telephone did not answer: set away too
    CALLER_LEFT = "caller_left"


class Offer(Model):
    """A call rang at an agent's page."""

    __tablename__ = "phone_offers"
    __table_args__ = (
        within_centre("call_id", "phone_calls"),
        within_centre("person_id", "persons"),
        Index("ix_phone_offers_person", "centre_id", "person_id", "offered_at"),
        Index("ix_phone_offers_call", "centre_id", "call_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    call_id: Mapped[Id]
    person_id: Mapped[Id]
    offered_at: Mapped[datetime]
    result: Mapped[OfferResult | None]
    settled_at: Mapped[datetime | None]


class PhonePost(Model):
    """Where an agent takes calls: the page that is open, and the telephone that is rung."""

    __tablename__ = "phone_posts"
    __table_args__ = (
        within_centre("person_id", "persons"),
        UniqueConstraint("centre_id", "person_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    seen_at: Mapped[datetime]  # last sign of life of the page
    number: Mapped[str | None]  # E.164; None: the telephone in the browser
