"""The words of a ticket: bounded, stored and found by search."""

from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.tickets import search
from contactcenter.tickets.models import Interaction, Message, MessageKind, Ticket

LONGEST_TEXT = 100_000


def add(ticket: Ticket, kind: MessageKind, text: str, **more: Any) -> Message:
    """Add words that events name and search finds; the rest as in `columns_of`."""
    message = Message(**columns_of(ticket, kind, text, **more))
    db.session.add(message)
    db.session.flush()  # events name it
    search.index(
        ticket.id,
        text,
        ticket.language,
        message_id=message.id,
        is_inside=kind is MessageKind.NOTE,
    )
    return message


def columns_of(
    ticket: Ticket,
    kind: MessageKind,
    text: str,
    *,
    by: Person | None = None,
    interaction: Interaction | None = None,
    quoted: str = "",
    mail_id: str | None = None,
) -> dict[str, Any]:
    """The columns of a message. Raises Invalid."""
    if not text.strip() and not quoted.strip():
        raise Invalid(_("Écrivez un texte."), "text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("Ce texte est trop long : joignez-le comme fichier."), "text")
    return {
        "ticket_id": ticket.id,
        "interaction_id": interaction.id if interaction else None,
        "kind": kind,
        "channel": interaction.channel if interaction else ticket.channel,
        "text": text.strip(),
        "quoted": quoted[:LONGEST_TEXT],
        "language": ticket.language,
        "author_id": by.id if by else None,
        "mail_id": mail_id,
        "written_at": clock.now(),
    }
