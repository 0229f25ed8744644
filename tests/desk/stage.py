"""Short ways to set a scene for the desk's tests."""

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Ticket


def opened(app, world, text="", subject="Question", **more):
    """A request by e-mail in the written queue of the small centre, committed and detached."""
    settings = {"channel": Channel.EMAIL, "language": "fr", "site_id": world.site_id} | more
    settings.setdefault("queue_id", world.written_queue_id)
    with app.test_request_context(), within(Scope(world.centre_id)):
        with transaction():
            ticket = tickets.open_ticket(subject, text=text, **settings)
        db.session.refresh(ticket)
        db.session.expunge(ticket)
    return ticket


def heard(app, ticket, text):
    with app.test_request_context(), within(Scope(ticket.centre_id)), transaction():
        tickets.hear(tickets.get(ticket.id), text)


def reload(app, ticket):
    with app.app_context(), within(Scope(ticket.centre_id)):
        return db.session.get_one(Ticket, (ticket.centre_id, ticket.id))
