"""What follows here from what happened to a ticket: named in `reactions.py`."""

from contactcenter.db import current_centre, db
from contactcenter.events import Event
from contactcenter.teamwork import actions
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.events import CitizenWrote, NoteWritten
from contactcenter.tickets.models import Message


def wake_ticket(event: CitizenWrote) -> None:
    actions.wake(event.ticket_id)


def tell_named(event: NoteWritten) -> None:
    note = db.session.get_one(Message, (current_centre(), event.message_id))
    actions.tell_named(tickets.get(event.ticket_id), note.text, by_id=event.person_id)


def tell_followers(event: Event) -> None:
    if event.ticket_id is not None:
        actions.tell_followers(tickets.get(event.ticket_id), but=event.person_id)
