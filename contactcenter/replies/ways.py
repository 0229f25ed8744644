"""By which way a reply reaches the citizen: the way the request came by."""

from enum import StrEnum

from contactcenter.citizens.models import Citizen
from contactcenter.tickets.models import Channel, Ticket


class Way(StrEnum):
    EMAIL = "email"
    LETTER = "letter"
    SMS = "sms"
    SAID = "said"  # in person or on the phone: recorded, nothing leaves
    NONE = "none"  # no address is known: kept here, and the page says so


LEAVES = frozenset({Way.EMAIL, Way.SMS})  # at once, and beyond recall
_BY_MAIL = frozenset({Channel.EMAIL, Channel.WEB, Channel.API})


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
