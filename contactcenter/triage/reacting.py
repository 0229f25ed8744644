"""What triage does when something happened to a ticket: named in `reactions.py`."""

from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.events import Event
from contactcenter.notices.events import NoticeFailed
from contactcenter.notices.models import UNDELIVERED, Notice
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
from contactcenter.triage.queries import told_after


def triage_opened(event: TicketOpened) -> None:
    """Propose from the subject and the first words, then let a written request wait."""
    ticket = tickets.get(event.ticket_id)
    propose(ticket, ticket.first_words)


def wait_again(event: CitizenWrote | TicketReopened) -> None:
    """Who wrote again waits for an answer again, with a new deadline from when it reached us."""
    ticket = tickets.get(event.ticket_id)
    if placing.place_again(ticket, by=_who(event)):
        set_deadline(ticket, event.message_id if isinstance(event, CitizenWrote) else None)


def wait_undelivered(event: NoticeFailed) -> None:
    """A reply that did not arrive answered nobody: they wait again, unless told something since."""
    if event.kind != "reply" or event.ticket_id is None:
        return
    notice = db.session.get_one(Notice, (current_centre(), event.notice_id))
    ticket = tickets.lock_survivor(event.ticket_id)
    if ticket is None or db.session.scalar(told_after(ticket, notice.said_id or 0)):
        return
    if not ticket.is_ours:
        tickets.reopen(ticket, reason=UNDELIVERED)
    elif placing.place_again(ticket):
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
