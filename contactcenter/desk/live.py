"""Who may follow what the desk shows, and which screens to wake when a ticket changes."""

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import db
from contactcenter.events import Event
from contactcenter.tickets.live import wake
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import visible_to


def refresh_ticket(event: Event) -> None:
    """Whoever has this ticket open looks again; so do the lists."""
    if event.ticket_id is not None:
        wake(event.ticket_id)


@live.right_to_follow("ticket")
def may_follow_ticket(person: Person, rest: str) -> bool:
    if not rest.isdecimal() or len(rest) > 18:
        return False
    return db.session.scalar(visible_to(person).where(Ticket.id == int(rest))) is not None


@live.right_to_follow("presence")
def may_follow_presence(person: Person, rest: str) -> bool:
    return may_follow_ticket(person, rest)


@live.right_to_follow("tickets")
def may_follow_tickets(person: Person, rest: str) -> bool:
    return rest == "" and person.may(Permission.WORK_TICKETS)
