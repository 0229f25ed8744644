"""Questions about tickets. Every question about content starts from `visible_to`."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, false, or_, select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.accounts.queries import queue_ids, site_ids
from contactcenter.tickets.models import Message, Reading, Ticket

READING_LASTS = timedelta(hours=24)


def visible_to(person: Person) -> Select[Ticket]:
    """Tickets whose content this person may see; the rest do not exist for them."""
    return select(Ticket).where(Ticket.centre_id == person.centre_id, content_is_for(person))


def known_to(person: Person) -> Select[Ticket]:
    """Tickets whose reference, topic, status and dates the first line may know of."""
    if person.may(Permission.WORK_TICKETS):
        return select(Ticket).where(Ticket.centre_id == person.centre_id)
    return select(Ticket).where(false())


def content_is_for(person: Person) -> ColumnElement[bool]:
    """First line: one's own sites and queues, what one holds, what one opened with a reason."""
    if not person.may(Permission.WORK_TICKETS):
        return false()
    return or_(
        Ticket.queue_id.in_(queue_ids(person)),
        Ticket.site_id.in_(site_ids(person)),
        Ticket.assigned_to == person.id,
        _read_lately_by(person, clock.now()),
    )


def _read_lately_by(person: Person, now: datetime) -> ColumnElement[bool]:
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


def of_citizen(person: Person, citizen_id: int) -> Select[Ticket]:
    return known_to(person).where(Ticket.citizen_id == citizen_id).order_by(Ticket.id.desc())
