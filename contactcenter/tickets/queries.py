"""Questions about tickets. Every question about content starts from `visible_to`."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, desc, exists, false, func, or_, select, union

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.accounts.queries import Anyone, queue_ids, site_ids
from contactcenter.tickets.models import Message, MessageKind, Reading, Status, Ticket

READING_LASTS = timedelta(hours=24)
MOST_COMPARED = 300  # of a topic's newest requests, when words are compared
LIKE_WORDS = 0.45  # of two subjects' trigrams


def open_assigned_to(person: Person) -> Select[Ticket]:
    """What is not finished and is this person's to do."""
    return select(Ticket).where(
        Ticket.centre_id == person.centre_id,
        Ticket.assigned_to == person.id,
        Ticket.status.in_((Status.NEW, Status.OPEN, Status.WAITING_ON_CITIZEN)),
    )


def visible_to(person: Person) -> Select[Ticket]:
    """Tickets whose content this person may see; the rest do not exist for them."""
    return select(Ticket).where(Ticket.centre_id == person.centre_id, content_is_for(person))


def known_to(person: Person | Anyone) -> Select[Ticket]:
    """Tickets whose reference, topic, status and dates the first line may know of."""
    if person.may(Permission.WORK_TICKETS):
        return select(Ticket).where(Ticket.centre_id == person.centre_id)
    return select(Ticket).where(false())


def content_is_for(person: Person | Anyone, now: Any = None) -> ColumnElement[bool]:
    """First line: one's own sites and queues, what one holds, what one opened with a reason.

    `now` is the parameter of a statement that is kept, else the moment it is.
    """
    if not person.may(Permission.WORK_TICKETS):
        return false()
    return or_(
        Ticket.queue_id.in_(queue_ids(person)),
        Ticket.site_id.in_(site_ids(person)),
        Ticket.assigned_to == person.id,
        _read_lately_by(person, clock.now() if now is None else now),
    )


def _read_lately_by(person: Person | Anyone, now: Any) -> ColumnElement[bool]:
    return exists().where(
        Reading.centre_id == Ticket.centre_id,
        Reading.ticket_id == Ticket.id,
        Reading.person_id == person.id,
        Reading.read_at > now - READING_LASTS,
    )


def timeline(ticket: Ticket) -> Select[Message]:
    """The words of a ticket, oldest first."""
    return (
        select(Message)
        .where(Message.centre_id == ticket.centre_id, Message.ticket_id == ticket.id)
        .order_by(Message.written_at, Message.id)
    )


def newest_first(ticket: Ticket) -> Select[Message]:
    return timeline(ticket).order_by(None).order_by(Message.written_at.desc(), Message.id.desc())


def notes_since(ticket: Ticket, message_id: int) -> Select[Message]:
    return timeline(ticket).where(Message.kind == MessageKind.NOTE, Message.id > message_id)


def of_citizen(person: Person, citizen_id: int) -> Select[Ticket]:
    """The newest first; one that was merged is told by the one in which it goes on."""
    return (
        known_to(person)
        .where(Ticket.citizen_id == citizen_id, Ticket.merged_into.is_(None))
        .order_by(Ticket.id.desc())
    )


def with_merged(ticket: Ticket) -> Select[*tuple[int]]:
    """The id of a ticket and of those that were joined to it."""
    return select(Ticket.id).where(
        Ticket.centre_id == ticket.centre_id,
        or_(Ticket.id == ticket.id, Ticket.merged_into == ticket.id),
    )


def going_on_with(ticket: Ticket) -> Select[Ticket]:
    """A ticket, the one it was joined to, and all that were joined to that one."""
    kept = ticket.merged_into or ticket.id
    return select(Ticket).where(
        Ticket.centre_id == ticket.centre_id, or_(Ticket.id == kept, Ticket.merged_into == kept)
    )


def alike_for(
    person: Person,
    *,
    citizen_id: int | None,
    topic_id: int | None,
    words: str,
    since: datetime,
    most: int,
) -> Select[*tuple[Any, ...]]:
    """Requests that may be the same one: of the same citizen, or on the same topic in like words.

    Each with `same_citizen` and how alike the subjects are, 0 to 1. Words are compared only in
    requests whose content this person may see, and only in the newest of a topic.
    """
    same_citizen = false() if citizen_id is None else _is(Ticket.citizen_id, citizen_id)
    of_citizen_lately = _lately(person, same_citizen, since)
    in_like_words = _in_like_words(person, topic_id, words, since)
    found = union(of_citizen_lately, in_like_words).subquery()
    return (
        select(
            Ticket,
            same_citizen.label("same_citizen"),
            func.similarity(Ticket.subject, words).label("likeness"),
            content_is_for(person).label("is_seen"),
        )
        .join(found, and_(Ticket.centre_id == person.centre_id, Ticket.id == found.c.id))
        .where(Ticket.merged_into.is_(None))
        .order_by(desc("same_citizen"), desc("likeness"), Ticket.id.desc())
        .limit(most)
    )


def _lately(person: Person, chosen: ColumnElement[bool], since: datetime) -> Select[*tuple[int]]:
    """The ids of those that came lately or are still open."""
    lately = or_(Ticket.opened_at >= since, Ticket.resolved_at.is_(None))
    return known_to(person).with_only_columns(Ticket.id).where(chosen, lately).limit(MOST_COMPARED)


def _in_like_words(
    person: Person, topic_id: int | None, words: str, since: datetime
) -> Select[*tuple[int]]:
    """The ids of the newest of a topic whose subject is in like words."""
    same_topic = false() if topic_id is None else _is(Ticket.topic_id, topic_id)
    recent = (
        visible_to(person)
        .with_only_columns(Ticket.id, Ticket.subject)
        .where(same_topic, Ticket.opened_at >= since)
        .order_by(Ticket.opened_at.desc())
        .limit(MOST_COMPARED)
        .subquery()
    )
    return select(recent.c.id).where(func.similarity(recent.c.subject, words) >= LIKE_WORDS)


def _is(column: Any, value: int) -> ColumnElement[bool]:
    """True or false and never unknown: what has no citizen is not of this one."""
    return and_(column.is_not(None), column == value)
