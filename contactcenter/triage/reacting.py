"""What triage does when something happened to a ticket: named in `reactions.py`."""

from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.events import Event
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.events import (
    CitizenWrote,
    RecordWritten,
    ReplyWritten,
    TicketAssigned,
    TicketCorrected,
    TicketOpened,
    TicketReopened,
    TicketResolved,
)
from contactcenter.triage import learning, placing
from contactcenter.triage.actions import propose, set_deadline


def triage_opened(event: TicketOpened) -> None:
    """Propose from the subject and the first words, then let a written request wait."""
    ticket = tickets.get(event.ticket_id)
    propose(ticket, ticket.first_words)


def wait_again(event: CitizenWrote | TicketReopened) -> None:
    """Who wrote again waits for an answer again, with a new deadline."""
    ticket = tickets.get(event.ticket_id)
    if placing.place_again(ticket, by=_who(event)):
        set_deadline(ticket)


def end_wait(event: ReplyWritten | RecordWritten | TicketResolved) -> None:
    """Once a reply has left nothing is due; who writes again has a new deadline."""
    ticket = tickets.get(event.ticket_id)
    placing.answered(ticket, by=_who(event))
    if isinstance(event, ReplyWritten):
        tickets.set_due(ticket, None)


def hold_wait(event: TicketAssigned) -> None:
    """What is in somebody's hands is given to nobody else; given back, it waits for anyone."""
    placing.hold(tickets.get(event.ticket_id))


def renew_needs(event: TicketCorrected) -> None:
    """Another topic or language needs other people."""
    if event.field in ("topic", "language"):
        placing.renew(tickets.get(event.ticket_id))


def learn_from(event: TicketResolved) -> None:
    learning.keep_lesson(tickets.get(event.ticket_id))


def _who(event: Event) -> Person | None:
    if event.person_id is None:
        return None
    return db.session.get(Person, (current_centre(), event.person_id))
