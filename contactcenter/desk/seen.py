"""The one request a page is about, if this person may see it."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.errors import NotFound
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import known_to, visible_to
from contactcenter.tickets.references import find_reference, references_ending


def visible(reference: str) -> Ticket:
    """Raises NotFound for what does not exist or is not for this person."""
    ticket = visible_or_none(reference)
    if ticket is None:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    return ticket


def typed_reference(typed: str) -> str | None:
    """What was typed as a reference: whole, or its number alone, which means the newest with it."""
    numbered = references_ending(typed.strip(), clock.now().year)
    return find_reference(typed) or db.session.scalar(
        known_to(g.person)
        .with_only_columns(Ticket.reference)
        .where(Ticket.reference.in_(numbered))
        .order_by(Ticket.reference.desc())
        .limit(1)
    )


def visible_or_none(reference: str) -> Ticket | None:
    ticket: Ticket | None = db.session.scalar(
        visible_to(g.person).where(Ticket.reference == reference)
    )
    return ticket


def citizen_of(ticket: Ticket) -> Citizen | None:
    return _one(Citizen, ticket, ticket.citizen_id)


def topic_of(ticket: Ticket) -> Topic | None:
    return _one(Topic, ticket, ticket.topic_id)


def _one(kind: type[Any], ticket: Ticket, row_id: int | None) -> Any:
    return db.session.get(kind, (ticket.centre_id, row_id)) if row_id is not None else None
