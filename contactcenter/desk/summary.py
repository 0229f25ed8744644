"""A request told on the phone: who asked what, where it stands, what was said last."""

from flask_babel import gettext as _

from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.desk.seen import citizen_of
from contactcenter.desk.words import CHANNELS, who
from contactcenter.escalation.queries import open_of_ticket
from contactcenter.languages import day, moment
from contactcenter.tickets.models import Message, MessageKind, Status, Ticket
from contactcenter.tickets.queries import timeline

SAID = (MessageKind.CITIZEN, MessageKind.REPLY, MessageKind.RECORD)


def sentences(ticket: Ticket) -> list[str]:
    """Three short sentences, made of facts only, to be read aloud."""
    return [_asked(ticket), _stands(ticket), _last(ticket)]


def _asked(ticket: Ticket) -> str:
    return _(
        "%(name)s a demandé, %(day)s, par le canal « %(channel)s » : %(subject)s.",
        name=_asker(citizen_of(ticket)),
        day=day(ticket.opened_at),
        channel=CHANNELS[ticket.channel],
        subject=ticket.subject.rstrip(" .?!"),
    )


def _asker(citizen: Citizen | None) -> str:
    is_known = citizen and (citizen.name or citizen.phone or citizen.email)
    return who(citizen) if is_known else _("Une personne")


def _stands(ticket: Ticket) -> str:
    if not ticket.is_open and ticket.resolved_at:
        return _("La demande est terminée depuis %(when)s.", when=day(ticket.resolved_at))
    if ticket.status is Status.WAITING_ON_CITIZEN:
        return _("Nous attendons une réponse de la personne.")
    if db.session.scalar(open_of_ticket(ticket.id).limit(1)) is not None:
        return _("Un expert a été interrogé, nous attendons sa réponse.")
    if ticket.due_at:
        return _("C’est à nous de répondre, au plus tard %(when)s.", when=moment(ticket.due_at))
    return _("C’est à nous de répondre.")


def _last(ticket: Ticket) -> str:
    last = db.session.scalar(
        timeline(ticket)
        .where(Message.kind.in_(SAID))
        .order_by(None)
        .order_by(Message.id.desc())
        .limit(1)
    )
    if last is None:
        return _("Rien n’a encore été dit par écrit.")
    when = moment(last.written_at)
    if last.kind is MessageKind.CITIZEN:
        return _("Le dernier message vient de la personne, %(when)s.", when=when)
    return _("Notre dernière réponse : %(when)s.", when=when)
