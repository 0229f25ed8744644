"""Which request this browser may look at: in its signed session, and only for half an hour."""

from datetime import timedelta

from flask import g, session

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, enter
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

KEPT = "follow_up"  # centre, request, until when
LASTS = timedelta(minutes=30)


def remember(ticket: Ticket) -> None:
    session[KEPT] = [ticket.centre_id, ticket.id, (clock.now() + LASTS).timestamp()]


def forget() -> None:
    session.pop(KEPT, None)


def opened(*, for_change: bool = False) -> Ticket | None:
    """The request this browser proved the code of, or sent; the wall of its centre is entered."""
    centre_id, ticket_id, until = session.get(KEPT, (0, 0, 0))
    if clock.now().timestamp() >= until:
        return None
    centre = db.session.get_one(Centre, centre_id)
    g.centre, g.timezone = centre, centre.timezone
    enter(Scope(centre.id))
    ticket = db.session.get(Ticket, (centre_id, ticket_id))
    if ticket is None:
        return None
    kept = followed(ticket)
    if for_change:
        db.session.refresh(kept, with_for_update=True)
    return kept


def followed(ticket: Ticket) -> Ticket:
    """Where the request of a code goes on; one joined to another person's shows only itself."""
    kept = tickets.survivor(ticket)
    return kept if kept.citizen_id == ticket.citizen_id else ticket
