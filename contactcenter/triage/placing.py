"""A written request waits in its queue as a visit, until it is answered; and again if need be."""

from collections.abc import Sequence
from datetime import timedelta

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.queues import actions as queues
from contactcenter.queues.known import known_queue
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import PriorityClass, Queue, QueueKind, Source, Visit
from contactcenter.tickets.models import Channel, Priority, Ticket
from contactcenter.triage import queries
from contactcenter.triage.catalogue import catalogue


def place(ticket: Ticket) -> None:
    """Begin the wait of a new written request; who is there or on the line is placed elsewhere."""
    if ticket.channel not in queries.SPOKEN:
        _enter(ticket, ticket.channel, Source.NEW)


def place_again(ticket: Ticket, *, by: Person | None = None) -> bool:
    """Whoever wrote again, or was reopened, waits for an answer again; False if they already do."""
    if db.session.scalar(queries.present_visit(ticket)):
        return False
    _enter(ticket, _latest_channel(ticket), Source.RETURN, by)
    return True


def answered(ticket: Ticket, *, by: Person | None) -> None:
    """The written wait ends with an answer; of joined requests, each of their waits does."""
    for visit in _waiting(ticket):
        queues.answer(visit, by=by)
        queues.finish(visit, by=by)


def move(ticket: Ticket, to: Queue, *, by: Person) -> None:
    """The written wait goes on in another queue; a stay at the counter or on the line does not."""
    for visit in _waiting(ticket):
        if visit.queue_id != to.id:
            queues.move(visit, to, by=by)
    hold(ticket)


def renew(ticket: Ticket) -> None:
    """Its topic or language was corrected: the wait asks for those who can do that."""
    for visit in _waiting(ticket):
        visit.topic_id, visit.language = ticket.topic_id, ticket.language
        visit.needs = known_routing().needs(visit.queue_id, ticket.topic_id, ticket.language)


def hold(ticket: Ticket) -> None:
    """Its written wait is for whom it is assigned to, or for anyone; the queue may say how long."""
    for visit in _waiting(ticket):
        seconds = known_routing().rule(visit.queue_id).held_seconds
        is_bounded = ticket.assigned_to is not None and seconds is not None
        visit.wanted_person_id = ticket.assigned_to
        visit.wanted_until = clock.now() + timedelta(seconds=seconds or 0) if is_bounded else None


def _waiting(ticket: Ticket) -> Sequence[Visit]:
    return db.session.scalars(queries.written_visit(ticket).with_for_update(of=Visit)).all()


def _enter(ticket: Ticket, channel: Channel, source: Source, by: Person | None = None) -> None:
    queue = _queue_of(ticket)
    if queue is None:
        return  # a centre without any written queue: the ticket is found in the lists
    is_high = ticket.priority is Priority.HIGH
    queues.enter(
        queue,
        channel=channel,
        ticket_id=ticket.id,
        topic_id=ticket.topic_id,
        language=ticket.language,
        source=source,
        priority_class=PriorityClass.PRIORITY if is_high else PriorityClass.NORMAL,
        by=by,
        is_rehearsal=ticket.is_rehearsal,
    )
    if ticket.assigned_to is not None:
        hold(ticket)


def _queue_of(ticket: Ticket) -> Queue | None:
    """Its own if that takes written requests, else the usual one."""
    for queue_id in (ticket.queue_id, catalogue().usual_queue(ticket.site_id)):
        known = known_queue(queue_id) if queue_id else None
        if known is not None and known.row.kind is QueueKind.WRITTEN:
            return known.row
    return None


def _latest_channel(ticket: Ticket) -> Channel:
    return db.session.scalar(queries.latest_channel(ticket)) or ticket.channel
