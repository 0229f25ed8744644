"""The matter, the contacts that belong to it, and its words."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class Channel(StrEnum):
    COUNTER = "counter"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    WEB = "web"
    SMS = "sms"
    API = "api"


class Status(StrEnum):
    """Chosen by a person. "With a referent" and "late" are observed from referrals."""

    NEW = "new"
    OPEN = "open"
    WAITING_ON_CITIZEN = "waiting_on_citizen"
    RESOLVED = "resolved"
    CLOSED = "closed"


UNFINISHED = (Status.NEW, Status.OPEN, Status.WAITING_ON_CITIZEN)


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"  # a right is lost soon; the reason is with the proposal or the correction


class Ticket(Model):
    __tablename__ = "tickets"
    __allow_unmapped__ = True  # first_words is not a column
    __table_args__ = (
        within_centre("topic_id", "topics"),
        within_centre("queue_id", "queues"),
        within_centre("site_id", "sites"),
        within_centre("citizen_id", "citizens"),
        within_centre("assigned_to", "persons"),
        within_centre("merged_into", "tickets"),
        UniqueConstraint("centre_id", "reference"),
        CheckConstraint("merged_into IS NULL OR status = 'closed'", name="merged_is_closed"),
        CheckConstraint("merged_into <> id", name="not_into_itself"),
        CheckConstraint(
            "(status IN ('resolved', 'closed')) = (resolved_at IS NOT NULL)",
            name="resolved_at_matches_status",
        ),
        Index(
            "ix_tickets_queue_due",
            "centre_id",
            "queue_id",
            "due_at",
            "id",
            postgresql_where=text("status IN ('new', 'open', 'waiting_on_citizen')"),
        ),
        Index(
            "ix_tickets_ours",
            "centre_id",
            "queue_id",
            "due_at",
            "id",
            postgresql_where=text("status IN ('new', 'open')"),
        ),
        Index(
            "ix_tickets_queue_opened",
            "centre_id",
            "queue_id",
            "opened_at",
            "id",
            postgresql_where=text("status IN ('new', 'open', 'waiting_on_citizen')"),
        ),
        Index(
            "ix_tickets_queue_changed",
            "centre_id",
            "queue_id",
            "updated_at",
            "id",
            postgresql_where=text("status IN ('new', 'open', 'waiting_on_citizen')"),
        ),
        Index(
            "ix_tickets_assigned",
            "centre_id",
            "assigned_to",
            "due_at",
            "id",
            postgresql_where=text("status IN ('new', 'open', 'waiting_on_citizen')"),
        ),
        Index(
            "ix_tickets_ours_assigned",
            "centre_id",
            "assigned_to",
            "due_at",
            "id",
            postgresql_where=text("status IN ('new', 'open') AND assigned_to IS NOT NULL"),
        ),
        Index(
            "ix_tickets_held_changed",
            "centre_id",
            "assigned_to",
            "updated_at",
            "id",
            postgresql_where=text(
                "status IN ('new', 'open', 'waiting_on_citizen') AND assigned_to IS NOT NULL"
            ),
        ),
        Index(
            "ix_tickets_awaited",
            "centre_id",
            "queue_id",
            "due_at",
            "id",
            postgresql_where=text("status = 'waiting_on_citizen'"),
        ),
        Index(
            "ix_tickets_unassigned",
            "centre_id",
            "queue_id",
            "due_at",
            "id",
            postgresql_where=text("assigned_to IS NULL AND status IN ('new', 'open')"),
        ),
        Index(
            "ix_tickets_held",
            "centre_id",
            "assigned_to",
            "updated_at",
            "id",
            postgresql_where=text("assigned_to IS NOT NULL"),
        ),
        Index(
            "ix_tickets_resolved",
            "centre_id",
            "resolved_at",
            postgresql_where=text("status = 'resolved'"),
        ),
        Index(
            "ix_tickets_finished",
            "centre_id",
            "resolved_at",
            "id",
            postgresql_where=text("resolved_at IS NOT NULL"),
        ),
        Index("ix_tickets_updated", "centre_id", "updated_at", "id"),
        Index("ix_tickets_queue_updated", "centre_id", "queue_id", "updated_at", "id"),
        Index(
            "ix_tickets_citizen",
            "centre_id",
            "citizen_id",
            "id",
            postgresql_where=text("citizen_id IS NOT NULL"),
        ),
        Index(
            "ix_tickets_follow_up",
            "centre_id",
            "follow_up_hash",
            postgresql_where=text("follow_up_hash IS NOT NULL"),
        ),
        Index("ix_tickets_topic_opened", "centre_id", "topic_id", "opened_at"),
        Index(
            "ix_tickets_merged",
            "centre_id",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    reference: Mapped[str]  # "2026-004512", never twice in a centre
    subject: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.NEW)
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    channel: Mapped[Channel]  # of the first contact
    language: Mapped[str]
    topic_id: Mapped[Id | None]
    queue_id: Mapped[Id | None]  # whose work it is, also once it no longer waits
    site_id: Mapped[Id | None]
    citizen_id: Mapped[Id | None]
    assigned_to: Mapped[Id | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # when the citizen should have an answer
    replied_at: Mapped[datetime | None]  # first reply
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    follow_up_hash: Mapped[str | None]  # of the code given to the citizen
    merged_into: Mapped[Id | None]  # the one that goes on in its place, never one that is merged
    is_rehearsal: Mapped[bool] = mapped_column(default=False)

    first_words: str = ""  # what it was opened with, for who reacts to that

    @property
    def is_open(self) -> bool:
        return self.status in UNFINISHED

    @property
    def is_ours(self) -> bool:
        """The next move is ours: only then is an answer due."""
        return self.status in (Status.NEW, Status.OPEN)


class Interaction(Model):
    """One contact: a visit, call, e-mail, letter, form or SMS; of a ticket once one is known."""

    __tablename__ = "interactions"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("citizen_id", "citizens"),
        Index("ix_interactions_ticket", "centre_id", "ticket_id", "started_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    channel: Mapped[Channel]
    ticket_id: Mapped[Id | None]
    citizen_id: Mapped[Id | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    received_on: Mapped[
        date | None
    ]  # a letter or mail: the day it reached us, not that it was read
    caller_key: Mapped[str | None]  # salted hash of number or address: counts people, not attempts
    detail: Mapped[Json] = mapped_column(default=dict)
    is_rehearsal: Mapped[bool] = mapped_column(default=False)


class MessageKind(StrEnum):
    CITIZEN = "citizen"  # the citizen's own words
    REPLY = "reply"  # ours, to the citizen
    RECORD = "record"  # what was said or done, written by an agent (a call, a visit)
    NOTE = "note"  # inside the house only


class Message(Model):
    """Words of a ticket's timeline. A note is never sent: the table itself refuses it."""

    __tablename__ = "messages"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        within_centre("interaction_id", "interactions"),
        within_centre("author_id", "persons"),
        CheckConstraint("kind <> 'note' OR notice_id IS NULL", name="note_is_never_sent"),
        CheckConstraint("(kind = 'citizen') = (author_id IS NULL)", name="author_unless_citizen"),
        Index("ix_messages_ticket", "centre_id", "ticket_id", "written_at", "id"),
        Index("ix_messages_mail_id", "mail_id", postgresql_where=text("mail_id IS NOT NULL")),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    interaction_id: Mapped[Id | None]
    kind: Mapped[MessageKind]
    channel: Mapped[Channel]
    text: Mapped[str]
    quoted: Mapped[str] = mapped_column(default="")  # of a mail: what stood below, folded away
    language: Mapped[str | None]
    author_id: Mapped[Id | None]
    notice_id: Mapped[Id | None]
    mail_id: Mapped[str | None]  # Message-ID of the mail it came by
    written_at: Mapped[datetime]


class SearchDocument(Model):
    """The words of one ticket or message, in its language, for full-text search."""

    __tablename__ = "search_documents"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        Index("ix_search_documents_document", "document", postgresql_using="gin"),
        Index("ix_search_documents_ticket", "centre_id", "ticket_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    message_id: Mapped[Id | None]  # None: of the subject and the first words
    is_inside: Mapped[bool] = mapped_column(default=False)  # from an internal note
    document: Mapped[str] = mapped_column(TSVECTOR)


class SearchWord(Model):
    """A word that was written in a centre: what a misspelt one may have meant.

    It is forgotten when it has not been written for long; see `tickets/vocabulary.py`.
    """

    __tablename__ = "search_words"
    __table_args__ = (
        Index(
            "ix_search_words_plain",
            "plain",
            postgresql_using="gin",
            postgresql_ops={"plain": "gin_trgm_ops"},
        ),
        Index("ix_search_words_seen", "centre_id", "seen_on"),
    )

    centre_id: Mapped[CentreKey]
    word: Mapped[str] = mapped_column(primary_key=True)
    plain: Mapped[str]  # without accents
    times: Mapped[int]  # no longer counted once it is usual
    seen_on: Mapped[date]


class SearchWordsRead(Model):
    """How far the messages of a centre were read for their words.

    `seen_id` was the newest at the last reading: a message that is stored late may have a lower id,
    so that it is read up to there only the next time.
    """

    __tablename__ = "search_words_read"

    centre_id: Mapped[CentreKey]
    read_id: Mapped[Id] = mapped_column(default=0)
    seen_id: Mapped[Id] = mapped_column(default=0)


class Reading(Model):
    """Someone opened content beyond their own sites and queues, and said why."""

    __tablename__ = "readings"
    __table_args__ = (
        within_centre("ticket_id", "tickets"),
        Index("ix_readings_person", "centre_id", "person_id", "ticket_id", "read_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    ticket_id: Mapped[Id]
    person_id: Mapped[Id]
    reason: Mapped[str]
    read_at: Mapped[datetime]
