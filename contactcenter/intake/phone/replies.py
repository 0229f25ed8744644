"""A reply to who wrote by text, or chose texts, leaves as a text, by the line they wrote to."""

from collections.abc import Iterator

from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means
from contactcenter.notices.sms import LONGEST
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.events import ReplyWritten
from contactcenter.tickets.models import Channel, Interaction, Message, Ticket


def send_text(event: ReplyWritten) -> None:
    """Write the texts of a reply: a long one leaves in parts."""
    ticket = tickets.get(event.ticket_id)
    citizen = _citizen_of(ticket)
    if citizen is None or not citizen.phone or not _by_text(ticket, citizen):
        return
    message = db.session.get_one(Message, (current_centre(), event.message_id))
    line = _line_of(ticket)
    for number, part in enumerate(parts(message.text)):
        notice = notices.write(
            kind="reply",
            means=Means.SMS,
            to_address=citizen.phone,
            body=part,
            language=ticket.language,
            headers={"line": line} if line else {},
            ticket_id=ticket.id,
            said_id=message.id,
            citizen_id=citizen.id,
            is_automatic=False,
            dedupe_key=f"reply:{message.id}:{number}",
        )
        message.notice_id = message.notice_id or notice.id


def parts(text: str, longest: int = LONGEST) -> Iterator[str]:
    """The text in pieces that one message can hold, cut between words where there are any."""
    while len(text) > longest:
        cut = text.rfind(" ", 1, longest)
        cut = cut if cut > 0 else longest
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def _by_text(ticket: Ticket, citizen: Citizen) -> bool:
    """A request that came as a text, or one from the site whose citizen chose texts."""
    return ticket.channel is Channel.SMS or (ticket.channel is Channel.WEB and citizen.wants_texts)


def _citizen_of(ticket: Ticket) -> Citizen | None:
    if ticket.citizen_id is None:
        return None
    return db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))


def _line_of(ticket: Ticket) -> str | None:
    """The line the citizen last wrote to about this."""
    detail = db.session.scalar(
        db.select(Interaction.detail)
        .where(
            Interaction.centre_id == ticket.centre_id,
            Interaction.ticket_id == ticket.id,
            Interaction.channel == Channel.SMS,
        )
        .order_by(Interaction.started_at.desc())
        .limit(1)
    )
    return detail.get("line") if detail else None
