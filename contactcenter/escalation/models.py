"""Referrals with their own status and clock, mandates, ladders and duty rotas."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class MandateKind(StrEnum):
    PAPER = "paper"  # signed, kept as a scan or in the site's folder
    ORAL = "oral"  # said before the agent, with a witness or on the call
    SMS = "sms"  # the citizen's own telephone answered yes


class Mandate(Model):
    """The citizen's permission to share their data with one organisation about one ticket.

    It is for these topics, for all of them if none is named. What was allowed in one breath is
    `given_with` the first of it: one receipt tells them all.
    """

    __tablename__ = "mandates"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("organisation_id", "organisations"),
        within_centre("attachment_id", "attachments"),
        within_centre("given_with", "mandates", ondelete="CASCADE"),
        CheckConstraint("kind <> 'oral' OR witness <> ''", name="oral_has_a_witness"),
        Index("ix_mandates_ticket", "centre_id", "ticket_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    organisation_id: Mapped[Id]
    kind: Mapped[MandateKind]
    witness: Mapped[str] = mapped_column(default="")
    attachment_id: Mapped[Id | None]  # the signed paper
    given_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    recorded_by: Mapped[Id]
    topic_ids: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), default=list, server_default=text("'{}'")
    )
    given_with: Mapped[Id | None]

    def covers(self, topic_id: int | None) -> bool:
        return not self.topic_ids or topic_id in self.topic_ids

    def lasts(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


class ReferralStatus(StrEnum):
    SENT = "sent"
    TAKEN = "taken"
    ASKED_BACK = "asked_back"  # the clock waits on us, visibly
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OPEN = (ReferralStatus.SENT, ReferralStatus.TAKEN, ReferralStatus.ASKED_BACK)


class Refusal(StrEnum):
    NOT_OUR_FIELD = "not_our_field"
    NOT_OUR_TERRITORY = "not_our_territory"
    NO_MANDATE = "no_mandate"
    STANDARD_PROCEDURE = "standard_procedure"
    OTHER = "other"


class Referral(Model):
    """One question to one referent team about a ticket, with its own status, deadline and calendar.

    `due_at` is computed in the team's own hours; while we owe an answer (`asked_back`) it is None
    and `remaining_seconds` keeps what was left of the team's open time. `is_live` marks a question
    asked while the citizen is there, `is_booked` one for which an appointment was made.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("disclosed_as", "tickets"),
        within_centre("team_id", "teams"),
        within_centre("topic_id", "topics"),
        within_centre("organisation_id", "organisations"),
        within_centre("mandate_id", "mandates"),
        within_centre("asked_by", "persons"),
        within_centre("taken_by", "persons"),
        within_centre("after_id", "referrals"),
        within_centre("invited_by", "referrals", ondelete="CASCADE"),
        CheckConstraint(
            "(status IN ('sent', 'taken', 'asked_back')) = (closed_at IS NULL)",
            name="closed_at_matches_status",
        ),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refused_with_code"),
        CheckConstraint("answer_seconds IS NULL OR status = 'answered'", name="only_answers_took"),
        CheckConstraint(
            "status = 'withdrawn' OR (status = 'asked_back') = (remaining_seconds IS NOT NULL)",
            name="clock_waits_on_us",
        ),
        Index("ix_referrals_asked", "centre_id", "asked_at"),
        Index("ix_referrals_ticket", "centre_id", "ticket_id"),
        Index(
            "ix_referrals_team_open",
            "centre_id",
            "team_id",
            "due_at",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_referrals_organisation_open",
            "centre_id",
            "organisation_id",
            "due_at",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_referrals_organisation_closed",
            "centre_id",
            "organisation_id",
            "closed_at",
            "id",
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index(
            "ix_referrals_team_answered",
            "centre_id",
            "team_id",
            "closed_at",
            postgresql_where=text("answer_seconds IS NOT NULL"),
        ),
        Index(
            "ix_referrals_topic_answered",
            "centre_id",
            "team_id",
            "topic_id",
            "closed_at",
            postgresql_where=text("answer_seconds IS NOT NULL"),
        ),
        Index(
            "ix_referrals_next_due",
            "centre_id",
            "next_due_at",
            postgresql_where=text("next_due_at IS NOT NULL"),
        ),
        Index(
            "ix_referrals_after",
            "centre_id",
            "after_id",
            postgresql_where=text("after_id IS NOT NULL"),
        ),
        Index(
            "ix_referrals_refused",
            "centre_id",
            "team_id",
            "refusal",
            "closed_at",
            postgresql_where=text("refusal IS NOT NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    # The ticket the team was shown, once the question went on with another that was joined to it:
    # what the citizen allowed was to share this one.
    disclosed_as: Mapped[Id | None]
    team_id: Mapped[Id]
    organisation_id: Mapped[Id]
    mandate_id: Mapped[Id | None]
    status: Mapped[ReferralStatus] = mapped_column(default=ReferralStatus.SENT)
    is_live: Mapped[bool] = mapped_column(default=False)
    is_booked: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    question: Mapped[str]
    topic_id: Mapped[
        Id | None
    ]  # of the ticket when it was asked: what an answer took is told by it
    blocks: Mapped[str] = mapped_column(default="")
    blocked_since: Mapped[str] = mapped_column(default="")
    tried: Mapped[str] = mapped_column(default="")
    right_lost: Mapped[str] = mapped_column(default="")
    right_lost_at: Mapped[datetime | None]
    asked_by: Mapped[Id]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    remaining_seconds: Mapped[int | None]
    work_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # of open time
    # The latest moments to begin so that neither the promise nor the right, and so that the right
    # is not lost; None while the clock stands still, the second without a right.
    begin_by: Mapped[datetime | None]
    save_by: Mapped[datetime | None]
    taken_by: Mapped[Id | None]
    taken_at: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]  # to who has it now, and they have not opened it since
    refusal: Mapped[Refusal | None]
    closed_at: Mapped[datetime | None]
    closing_text: Mapped[str] = mapped_column(default="")
    # What the answer took, asking back included, in the team's open time
    answer_seconds: Mapped[int | None]
    # Until it was first taken: the team's open time; of a live one by the clock on the wall, of
    # an appointment what was waited beyond its time
    take_seconds: Mapped[int | None]
    # Open time in which its permission was not for its topic, so that nobody could see it: ours
    hidden_seconds: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    standard_procedure: Mapped[bool] = mapped_column(default=False)
    may_tell_citizen: Mapped[bool] = mapped_column(  # straight, where the agent allowed it
        default=False, server_default=text("false")
    )
    told_citizen_at: Mapped[datetime | None]  # when the answer left for the citizen
    next_due_at: Mapped[datetime | None]  # when the sweeper must press someone or expire it
    steps_done: Mapped[int] = mapped_column(default=0)
    after_id: Mapped[Id | None]  # the question that another team refused, which this one continues
    hops: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    clock_from: Mapped[datetime | None]  # since when the answer is owed; None: since it was asked
    place: Mapped[str] = mapped_column(default="", server_default=text("''"))  # district refused
    invited_by: Mapped[Id | None]  # the question of the team that invited this one
    is_rehearsal: Mapped[bool] = mapped_column(default=False)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def shown_ticket_id(self) -> int:
        """The ticket as the team may see it."""
        return self.disclosed_as or self.ticket_id


class Side(StrEnum):
    ASKER = "asker"
    REFERENT = "referent"


class ReferralMessage(Model):
    """Words between the agent and the team; `is_private` stays on the side that wrote it."""

    __tablename__ = "referral_messages"
    __table_args__ = (
        within_centre("referral_id", "referrals"),
        within_centre("author_id", "persons"),
        Index("ix_referral_messages_referral", "centre_id", "referral_id", "written_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    referral_id: Mapped[Id]
    side: Mapped[Side]
    kind: Mapped[
        str
    ]  # "question", "precision_asked", "precision", "answer", "refusal", "note", "chase"
    text: Mapped[str]
    is_private: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[Id]
    written_at: Mapped[datetime]


class SharedPaper(Model):
    """A paper of the ticket that was sent along with a question; nothing else is disclosed."""

    __tablename__ = "shared_papers"
    __table_args__ = (
        within_centre("referral_id", "referrals"),
        within_centre("attachment_id", "attachments"),
        UniqueConstraint("centre_id", "referral_id", "attachment_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    referral_id: Mapped[Id]
    attachment_id: Mapped[Id]


class TicketAccess(Model):
    """Which partner organisation may see which ticket: what row-level security reads."""

    __tablename__ = "ticket_access"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("organisation_id", "organisations"),
        UniqueConstraint("centre_id", "ticket_id", "organisation_id"),
        Index("ix_ticket_access_organisation", "centre_id", "organisation_id", "ticket_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    organisation_id: Mapped[Id]
    granted_at: Mapped[datetime]
    valid_until: Mapped[datetime]  # the end of the permission that lasts longest


class Press(StrEnum):
    REFERENT = "referent"  # who took the question, else the whole team
    TEAM = "team"
    LEAD = "lead"
    PILOT = "pilot"  # of the organisation
    PREFECTURE = "prefecture"  # or a national pilot
    ASKER = "asker"


class LadderStep(Model):
    """Whom to press, and how many open minutes before (negative) or after the deadline."""

    __tablename__ = "ladder_steps"
    __table_args__ = (
        within_centre("organisation_id", "organisations"),
        within_centre("topic_id", "topics"),
        Index("ix_ladder_steps_organisation", "centre_id", "organisation_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    organisation_id: Mapped[Id | None]  # None: every organisation without steps of its own
    topic_id: Mapped[Id | None]  # only for questions about it, in the place of the organisation's
    after_minutes: Mapped[int]
    press: Mapped[Press]
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class Reason(StrEnum):
    """Why the late side was pressed."""

    BEFORE_DUE = "before_due"
    LATE = "late"
    CHASED = "chased"  # sooner than planned, because the agent asked again


class Pressing(Model):
    """One step climbed for one referral: who was pressed and why, when it was planned and done.

    `severity` is 1 for the team, 2 for its lead, 3 for the pilot, 4 for the prefecture. A step that
    needs approval has no `pressed_at` until a manager gives it. `ended_at` is when the answer came
    or someone called it off.
    """

    __tablename__ = "pressings"
    __table_args__ = (
        within_centre("referral_id", "referrals"),
        within_centre("approved_by", "persons"),
        within_centre("ended_by", "persons"),
        UniqueConstraint("centre_id", "referral_id", "step"),
        Index(
            "ix_pressings_to_approve",
            "centre_id",
            "id",
            postgresql_where=text("pressed_at IS NULL AND ended_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    referral_id: Mapped[Id]
    step: Mapped[int]
    press: Mapped[Press]
    planned_at: Mapped[datetime]
    pressed_at: Mapped[datetime | None]
    reason: Mapped[Reason] = mapped_column(default=Reason.LATE, server_default=text("'late'"))
    severity: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    approved_by: Mapped[Id | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Id | None]
    ended_why: Mapped[str] = mapped_column(default="", server_default=text("''"))
