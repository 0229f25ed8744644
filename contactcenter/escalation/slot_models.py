"""Appointments with an expert: the slots that are offered, and who has one for which question."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class Slot(Model):
    """A stretch of a team's open time in which this person of it can be asked by appointment.

    `telephone` is where the expert is rung; without one the appointment is in writing, with the
    agent. What is taken back stays, for the appointments that it had.
    """

    __tablename__ = "consult_slots"
    __table_args__ = (
        within_centre("organisation_id", "organisations"),
        within_centre("team_id", "teams"),
        within_centre("person_id", "persons"),
        CheckConstraint("ends_at > starts_at", name="in_order"),
        Index(
            "uq_consult_slots_start",
            "centre_id",
            "person_id",
            "starts_at",
            unique=True,
            postgresql_where=text("taken_back_at IS NULL"),
        ),
        Index("ix_consult_slots_team", "centre_id", "team_id", "starts_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    organisation_id: Mapped[Id]
    team_id: Mapped[Id]
    person_id: Mapped[Id]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    telephone: Mapped[str] = mapped_column(default="")
    offered_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Way(StrEnum):
    PHONE = "phone"  # the citizen is called, through our line
    CHAT = "chat"  # the citizen comes back; the agent and the expert write to each other


class BookingStatus(StrEnum):
    BOOKED = "booked"
    CONFIRMED = "confirmed"  # by the expert
    HELD = "held"
    MISSED = "missed"  # the expert did not come
    ABSENT = "absent"  # the citizen did not
    CANCELLED = "cancelled"
    CHANGED = "changed"  # for another slot


EARLY = timedelta(minutes=10)  # an expert may begin that much sooner
ANSWERS_WITHIN = timedelta(seconds=30)  # the operator, or whoever asked it is gone
AHEAD = (BookingStatus.BOOKED, BookingStatus.CONFIRMED)


class Booking(Model):
    """One question has one slot. `waits_from` is when the wait for the expert began to count.

    `called_at` is when both telephones were asked for, `call_failed_at` when that was refused;
    `call_sid` is what the operator calls the call, empty until it says that it makes it.
    """

    __tablename__ = "consult_bookings"
    __table_args__ = (
        within_centre("slot_id", "consult_slots"),
        within_centre("referral_id", "referrals", ondelete="CASCADE"),
        within_centre("booked_by", "persons"),
        within_centre("ended_by", "persons"),
        CheckConstraint("(status = 'held') = (begun_at IS NOT NULL)", name="held_has_begun"),
        CheckConstraint(
            "(status IN ('missed', 'absent', 'cancelled', 'changed')) = (ended_at IS NOT NULL)",
            name="ended_at_matches_status",
        ),
        Index(
            "uq_consult_bookings_slot",
            "centre_id",
            "slot_id",
            unique=True,
            postgresql_where=text("status NOT IN ('cancelled', 'changed')"),
        ),
        Index(
            "uq_consult_bookings_ahead",
            "centre_id",
            "referral_id",
            unique=True,
            postgresql_where=text("status IN ('booked', 'confirmed')"),
        ),
        Index("ix_consult_bookings_referral", "centre_id", "referral_id", "id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    slot_id: Mapped[Id]
    referral_id: Mapped[Id]
    way: Mapped[Way]
    status: Mapped[BookingStatus] = mapped_column(default=BookingStatus.BOOKED)
    booked_by: Mapped[Id]
    booked_at: Mapped[datetime]
    waits_from: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    call_failed_at: Mapped[datetime | None]
    call_sid: Mapped[str] = mapped_column(default="", server_default=text("''"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Id | None]
    ended_why: Mapped[str] = mapped_column(default="")

    @property
    def is_ahead(self) -> bool:
        return self.status in AHEAD

    def may_not_have_rung(self, now: datetime) -> bool:
        """Whether the call was refused, or nobody knows by now if it was made."""
        if self.call_failed_at is not None:
            return True
        asked_at = self.called_at
        return asked_at is not None and not self.call_sid and now - asked_at >= ANSWERS_WITHIN
