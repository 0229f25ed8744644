"""By which way a reply reaches the citizen: the way the request came by."""

from enum import StrEnum

from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.tickets.models import Channel, Interaction, Ticket


class Way(StrEnum):
    EMAIL = "email"
    LETTER = "letter"
    SMS = "sms"
    SAID = "said"  # in person or on the phone: recorded, nothing leaves
    NONE = "none"  # no address is known: kept here, and the page says so


LEAVES = frozenset({Way.EMAIL, Way.SMS})  # at once, and beyond recall
_BY_MAIL = frozenset({Channel.EMAIL, Channel.WEB, Channel.API})


def mail_address(ticket: Ticket, citizen: Citizen) -> str | None:
    """Where a mail to the citizen goes: where their last mail asks, unless it was corrected."""
    detail = db.session.scalar(
        db.select(Interaction.detail)
        .where(
            Interaction.centre_id == ticket.centre_id,
            Interaction.ticket_id == ticket.id,
            Interaction.channel == Channel.EMAIL,
            Interaction.citizen_id == citizen.id,
        )
        .order_by(Interaction.started_at.desc(), Interaction.id.desc())
        .limit(1)
    )
    if not detail or not detail.get("reply_to") or detail.get("sender") != citizen.email:
        return citizen.email
    return str(detail["reply_to"])


def way_of_reply(ticket: Ticket, citizen: Citizen | None) -> Way:
    if ticket.channel in (Channel.COUNTER, Channel.PHONE):
        return Way.SAID
    if ticket.channel is Channel.LETTER:
        return Way.LETTER
    if ticket.channel is Channel.WEB and citizen is not None and citizen.wants_texts:
        return Way.SMS
    if ticket.channel in _BY_MAIL and citizen is not None and citizen.email:
        return Way.EMAIL
    if ticket.channel is Channel.SMS and citizen is not None and citizen.phone:
        return Way.SMS
    return Way.NONE
