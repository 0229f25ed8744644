"""What follows here from what happened to a ticket: named in `reactions.py`."""

from contactcenter.db import current_centre, db
from contactcenter.events import Event
from contactcenter.notices.events import NoticeFailed
from contactcenter.notices.models import Notice
from contactcenter.teamwork import actions
from contactcenter.teamwork.models import Why
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


def tell_author(event: NoticeFailed) -> None:
    """Whoever wrote a reply that did not arrive finds it in their list."""
    if event.kind != "reply" or event.ticket_id is None:
        return
    notice = db.session.get_one(Notice, (current_centre(), event.notice_id))
    said = db.session.get(Message, (current_centre(), notice.said_id)) if notice.said_id else None
    if said is not None and said.author_id is not None:
        actions.nudge_once(said.ticket_id, said.author_id, Why.UNDELIVERED)
