"""What colleagues keep about a ticket for themselves and each other; all of it goes with it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class Snooze(Model):
    """A ticket put away until a moment; the citizen's next word brings it back at once."""

    __tablename__ = "snoozes"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        UniqueConstraint("centre_id", "ticket_id"),
        Index("ix_snoozes_until", "centre_id", "until"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    person_id: Mapped[Id]
    until: Mapped[datetime]
    snoozed_at: Mapped[datetime]


class Follower(Model):
    """Someone who wants to be told of what happens to a ticket."""

    __tablename__ = "followers"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        UniqueConstraint("centre_id", "ticket_id", "person_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    person_id: Mapped[Id]
    since: Mapped[datetime]


class Why(StrEnum):
    MENTION = "mention"  # someone named them in a note
    FOLLOWED = "followed"  # a ticket they follow had news
    REMINDER = "reminder"  # they asked to be reminded
    WOKEN = "woken"  # what they put away is back
    UNDELIVERED = "undelivered"  # their reply did not reach the citizen
    UNREACHED = "unreached"  # the mail that tells a team of their question did not arrive
    ABSENT = "absent"  # an expert's mail program answered their question by itself


class Nudge(Model):
    """A line of someone's own list; one that is due later is a reminder."""

    __tablename__ = "nudges"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        within_centre("by_id", "persons"),
        Index(
            "ix_nudges_open",
            "centre_id",
            "person_id",
            "due_at",
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("ix_nudges_untold", "centre_id", "due_at", postgresql_where=text("told_at IS NULL")),
        Index("ix_nudges_ticket", "centre_id", "ticket_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    person_id: Mapped[Id]
    by_id: Mapped[Id | None]
    why: Mapped[Why]
    text: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # when their screens were woken
    done_at: Mapped[datetime | None]


class CheckItem(Model):
    """One thing to do on a ticket, ticked by whoever did it."""

    __tablename__ = "check_items"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("done_by", "persons"),
        Index("ix_check_items_ticket", "centre_id", "ticket_id", "id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    text: Mapped[str]
    done_by: Mapped[Id | None]
    done_at: Mapped[datetime | None]


class TicketLink(Model):
    """Two tickets that belong together; kept once, the lower id first."""

    __tablename__ = "ticket_links"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("other_id", "tickets", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        CheckConstraint("ticket_id < other_id", name="lower_first"),
        UniqueConstraint("centre_id", "ticket_id", "other_id"),
        Index("ix_ticket_links_other", "centre_id", "other_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    other_id: Mapped[Id]
    person_id: Mapped[Id | None]  # None: it answers one that is closed
    linked_at: Mapped[datetime]


class Colour(StrEnum):
    """Beside the name of a tag, never instead of it."""

    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    VIOLET = "violet"


class Tag(Model):
    """A word of the centre that its own staff set on tickets; neither partners nor citizens see it.

    One that is no longer offered stays where it is set.
    """

    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("centre_id", "name"),)

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    colour: Mapped[Colour] = mapped_column(default=Colour.GREY)
    is_active: Mapped[bool] = mapped_column(default=True)


class TicketTag(Model):
    __tablename__ = "ticket_tags"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("tag_id", "tags"),
        within_centre("person_id", "persons"),
        Index("ix_ticket_tags_tag", "centre_id", "tag_id", "ticket_id"),
    )

    centre_id: Mapped[CentreKey]
    ticket_id: Mapped[Id] = mapped_column(primary_key=True)
    tag_id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id]
    tagged_at: Mapped[datetime]
