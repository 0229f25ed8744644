"""Whose question it is, when its request was joined to another person's.

A question goes on with the request that is kept, so its `ticket_id` may be of somebody else. What
leaves for a citizen or a partner starts from here, or from `shown_ticket_id`; `ticket_id` says
only where the centre works on it.
"""

from sqlalchemy import ColumnElement, exists, func, or_
from sqlalchemy.orm import aliased

from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.escalation.models import Referral
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket


def shown_ticket(referral: Referral) -> Ticket:
    """What its team was shown: the only one that it may see, and that papers leave from."""
    return tickets.get(referral.shown_ticket_id)


def request_of(referral: Referral) -> Ticket:
    """The request as the person it was asked for knows it: the kept one where that is theirs too.

    Who was nobody known is the one who is there.
    """
    kept, shown = tickets.get(referral.ticket_id), shown_ticket(referral)
    return kept if shown.citizen_id in (None, kept.citizen_id) else shown


def shown_citizen(referral: Referral) -> Citizen | None:
    """Who is told of it, rung for it, and met about it."""
    ticket = request_of(referral)
    if ticket.citizen_id is None:
        return None
    return db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))


def is_of_another(referral: Referral) -> bool:
    """Whether it goes on with the request of another person than it was asked for."""
    return request_of(referral).id != referral.ticket_id


def told_with(ticket: Ticket) -> ColumnElement[bool]:
    """On Referral: asked for the citizen of this request, so that its page may tell of it."""
    shown = aliased(Ticket)
    is_shown = (
        shown.centre_id == Referral.centre_id,
        shown.id == func.coalesce(Referral.disclosed_as, Referral.ticket_id),
    )
    of_nobody_else = exists().where(
        *is_shown, or_(shown.citizen_id.is_(None), shown.citizen_id == ticket.citizen_id)
    )
    return or_(
        Referral.disclosed_as == ticket.id,
        (Referral.ticket_id == ticket.id) & (Referral.disclosed_as.is_(None) | of_nobody_else),
    )
