"""By which way each citizen of an incident is told: their own first. No database here."""

from dataclasses import dataclass

from contactcenter.incidents.models import Way
from contactcenter.tickets.models import Channel

_BY_MAIL = (Channel.EMAIL, Channel.WEB, Channel.API)


@dataclass(frozen=True)
class Reachable:
    """What is known of how to reach someone."""

    channel: Channel
    email: str | None = None
    phone: str | None = None
    wants_texts: bool = False
    address: str = ""


def way_of(who: Reachable) -> Way:
    """The way the request came; else a mail or a text they can read; else a call, or a letter."""
    if who.channel is Channel.LETTER and who.address:
        return Way.LETTER
    if who.channel is Channel.SMS and who.phone:
        return Way.SMS
    if who.channel in _BY_MAIL and who.email and not _texts_instead(who):
        return Way.EMAIL
    if who.wants_texts and who.phone and who.channel is not Channel.LETTER:
        return Way.SMS
    if who.email and who.channel is not Channel.LETTER:
        return Way.EMAIL
    if who.phone:
        return Way.CALL
    return Way.LETTER if who.address else Way.NONE


def _texts_instead(who: Reachable) -> bool:
    return who.channel is Channel.WEB and who.wants_texts and bool(who.phone)
