"""Drafts, replies that have not left yet, and ready-made replies."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre
from contactcenter.tickets.models import Priority


class Kind(StrEnum):
    REPLY = "reply"
    NOTE = "note"


class Then(StrEnum):
    """What becomes of the ticket once the reply has left."""

    RESOLVE = "resolve"
    WAIT = "wait"


class Macro(Model):
    """A ready-made reply and what follows from using it; without an owner it is the centre's."""

    __tablename__ = "macros"
    __table_args__ = (
        within_centre("owner_id", "persons"),
        within_centre("topic_id", "topics"),
        Index("ix_macros_owner", "centre_id", "owner_id"),
        Index(
            "uq_macros_name",
            "centre_id",
            "owner_id",
            "name",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    owner_id: Mapped[Id | None]
    name: Mapped[str]
    key: Mapped[str] = mapped_column(default="")  # a short word to call it by
    texts: Mapped[Json]  # by language
    topic_id: Mapped[Id | None]
    priority: Mapped[Priority | None]
    then: Mapped[Then | None]
    tag_ids: Mapped[list[int]] = mapped_column(  # of tags, which are never deleted
        ARRAY(BigInteger), default=list, server_default=text("'{}'")
    )
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    @property
    def acts(self) -> bool:
        """Whether something follows from using it beside its words."""
        return bool(self.topic_id or self.priority or self.then or self.tag_ids)

    def text_in(self, language: str) -> tuple[str, str]:
        """The words and their language: the one asked for, else French, else any there is."""
        for each in (language, "fr", *self.texts):
            if self.texts.get(each):
                return str(self.texts[each]), each
        return "", language


class Draft(Model):
    """What someone is writing on a ticket, one of each kind; gone once it is sent."""

    __tablename__ = "drafts"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        within_centre("macro_id", "macros"),
        UniqueConstraint("centre_id", "ticket_id", "person_id", "kind"),
        Index("ix_drafts_saved", "centre_id", "saved_at"),
        CheckConstraint("char_length(text) <= 100000", name="bounded"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    person_id: Mapped[Id]
    kind: Mapped[Kind]
    text: Mapped[str]
    macro_id: Mapped[Id | None]
    saved_at: Mapped[datetime]


class HeldReply(Model):
    """A reply that leaves at `leaves_at` unless it is called back: until then nothing was said."""

    __tablename__ = "held_replies"
    __table_args__ = (
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        within_centre("macro_id", "macros"),
        within_centre("referral_id", "referrals", ondelete="CASCADE"),
        Index(
            "uq_held_replies_referral",
            "centre_id",
            "referral_id",
            unique=True,
            postgresql_where=text("referral_id IS NOT NULL"),
        ),
        Index("ix_held_replies_ticket", "centre_id", "ticket_id"),
        Index("ix_held_replies_leaves", "centre_id", "leaves_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    person_id: Mapped[Id]
    text: Mapped[str]
    then: Mapped[Then | None]
    macro_id: Mapped[Id | None]
    referral_id: Mapped[Id | None]  # the question it answers, if an expert wrote it
    written_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
