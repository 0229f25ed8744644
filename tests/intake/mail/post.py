"""Mails given to the real door of a centre, and what became of them."""

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.intake.mail import door
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket


def deliver(raw: bytes, worker, to: str = "contact@orme.example") -> bool:
    mailbox = door.mailbox_of(to)
    assert mailbox is not None
    stored = door.store(raw, mailbox, to)
    worker.run_all()
    return stored


def all_tickets() -> list[Ticket]:
    with transaction():
        return list(db.session.scalars(db.select(Ticket).order_by(Ticket.id)))


def reply_of(world, ticket: Ticket, worker) -> Notice:
    with transaction():
        agent = db.session.get_one(Person, (world.centre_id, world.agent.id))
        tickets.reply(tickets.get(ticket.id), "Il part ce soir.", by=agent)
    worker.run_all()
    with transaction():
        return db.session.scalars(db.select(Notice).order_by(Notice.id.desc()).limit(1)).one()
