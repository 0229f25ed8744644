"""What the API does for other programs: take a request in, let someone wait."""

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.api import queries
from contactcenter.api.shapes import CitizenIn, TicketIn, VisitIn
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.models import Citizen
from contactcenter.queues import actions as queues
from contactcenter.queues.models import PriorityClass, Queue, QueueKind, Visit
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Ticket
from contactcenter.triage.language import detect

# The way a visit in each kind of queue reached us.
CHANNELS = {QueueKind.COUNTER: Channel.COUNTER, QueueKind.PHONE: Channel.PHONE}


def take_in(asked: TicketIn, *, by: Person) -> Ticket:
    """Open a ticket from another program's request; it is triaged like any other."""
    topic = queries.topic_named(asked.topic) if asked.topic is not None else None
    language = asked.language or detect(f"{asked.subject}\n{asked.text}") or "fr"
    citizen = _citizen(asked.citizen, language)
    channel = Channel(asked.channel)
    interaction = tickets.begin_interaction(channel, citizen_id=citizen.id if citizen else None)
    ticket = tickets.open_ticket(
        asked.subject,
        channel=channel,
        language=language,
        text=asked.text,
        topic_id=topic.id if topic else None,
        citizen_id=citizen.id if citizen else None,
        interaction=interaction,
        by=by,
    )
    receipts.record(Door.API, Fate.TICKETED, ticket_id=ticket.id)
    return ticket


def admit(asked: VisitIn, queue: Queue, *, by: Person) -> Visit:
    """Let someone wait in a queue, with a ticket from the first minute."""
    topic = queries.topic_named(asked.topic) if asked.topic is not None else None
    citizen = _citizen(asked.citizen, by.language)
    channel = CHANNELS.get(queue.kind, Channel.API)
    interaction = tickets.begin_interaction(channel, citizen_id=citizen.id if citizen else None)
    ticket = tickets.open_ticket(
        topic.label_in(by.language) if topic else _("Sans motif"),
        channel=channel,
        language=citizen.language if citizen else by.language,
        topic_id=topic.id if topic else None,
        queue_id=queue.id,
        site_id=queue.site_id,
        citizen_id=citizen.id if citizen else None,
        interaction=interaction,
        by=by,
    )
    receipts.record(Door.API, Fate.TICKETED, ticket_id=ticket.id)
    return queues.enter(
        queue,
        channel=channel,
        interaction_id=interaction.id,
        ticket_id=ticket.id,
        topic_id=ticket.topic_id,
        language=ticket.language,
        priority_class=PriorityClass(asked.priority_class),
        by=by,
    )


def _citizen(who: CitizenIn | None, language: str) -> Citizen | None:
    if who is None or not (who.name or who.email or who.phone):
        return None
    return citizens.find_or_create(
        name=who.name, email=who.email or None, phone=who.phone or None, language=language
    )
