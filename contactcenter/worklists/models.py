"""Lists kept under a name, and acts on many tickets with what became of each."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class Shared(StrEnum):
    """Who has a kept list before their eyes."""

    OWN = "own"
    SITE = "site"
    CENTRE = "centre"


class SavedView(Model):
    """A list kept under a name: what its address asks for."""

    __tablename__ = "saved_views"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("site_id", "sites"),
        CheckConstraint("(shared = 'site') = (site_id IS NOT NULL)", name="shared_with_its_site"),
        Index("ix_saved_views_person", "centre_id", "person_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]  # who made it, and may change it
    name: Mapped[str]
    address: Mapped[Json]  # the names and words of its address
    shared: Mapped[Shared] = mapped_column(default=Shared.OWN)
    site_id: Mapped[Id | None]
    place: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]


class Act(StrEnum):
    """What can be done with many tickets, or with many questions to experts, at once."""

    ASSIGN = "assign"
    TOPIC = "topic"
    PRIORITY = "priority"
    QUEUE = "queue"
    WAIT = "wait"
    RESOLVE = "resolve"
    CLOSE = "close"
    SNOOZE = "snooze"
    TAG = "tag"
    UNTAG = "untag"
    TAKE = "take"  # these three are done with questions to experts
    HAND = "hand"
    REFUSE = "refuse"


class Outcome(StrEnum):
    CHANGED = "changed"
    UNCHANGED = "unchanged"  # it was so already
    REFUSED = "refused"


class Refusal(StrEnum):
    UNSEEN = "unseen"  # not, or no longer, for this person
    STATUS = "status"  # its status does not allow it
    UNFIT = "unfit"  # the value is not one for this ticket
    CHANGED_SINCE = "changed_since"  # someone was there after the act that is taken back


class BulkAct(Model):
    """One act on many tickets or questions; an act that takes another back names it."""

    __tablename__ = "bulk_acts"
    __table_args__ = (
        within_centre("person_id", "persons"),
        within_centre("reverses_id", "bulk_acts"),
        UniqueConstraint("centre_id", "reverses_id"),
        Index("ix_bulk_acts_person", "centre_id", "person_id", "begun_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    person_id: Mapped[Id]
    act: Mapped[Act]
    value: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    reverses_id: Mapped[Id | None]
    total: Mapped[int]
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class BulkRow(Model):
    """What became of one ticket or question: `before` is what to go back to.

    It was left so at `left_at`.
    """

    __tablename__ = "bulk_rows"
    __table_args__ = (
        within_centre("bulk_id", "bulk_acts", ondelete="CASCADE"),
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("referral_id", "referrals", ondelete="CASCADE"),
        CheckConstraint("num_nonnulls(ticket_id, referral_id) = 1", name="of_one_thing"),
        UniqueConstraint("centre_id", "bulk_id", "ticket_id"),
        Index(
            "uq_bulk_rows_referral",
            "centre_id",
            "referral_id",
            "bulk_id",
            unique=True,
            postgresql_where=text("referral_id IS NOT NULL"),
        ),
        Index("ix_bulk_rows_ticket", "centre_id", "ticket_id"),
        Index(
            "ix_bulk_rows_pending",
            "centre_id",
            "bulk_id",
            "ticket_id",
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    bulk_id: Mapped[Id]
    ticket_id: Mapped[Id | None]
    referral_id: Mapped[Id | None]
    outcome: Mapped[Outcome | None]
    refusal: Mapped[Refusal | None]
    before: Mapped[str | None]
    left_at: Mapped[datetime | None]
