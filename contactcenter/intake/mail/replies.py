"""A reply leaves by the way the request came: as a mail in the same conversation."""

from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means
from contactcenter.replies.ways import mail_address
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.events import ReplyWritten
from contactcenter.tickets.models import Channel, Message, MessageKind, Ticket

ANSWERED_BY_MAIL = frozenset({Channel.EMAIL, Channel.WEB, Channel.API})


def send_reply(event: ReplyWritten) -> None:
    """Write the mail of a reply; a citizen without an address is told some other way."""
    ticket = tickets.get(event.ticket_id)
    citizen = _citizen_of(ticket)
    if ticket.channel not in ANSWERED_BY_MAIL or citizen is None or not citizen.email:
        return
    if ticket.channel is Channel.WEB and citizen.wants_texts:
        return
    message = db.session.get_one(Message, (current_centre(), event.message_id))
    notice = notices.write(
        kind="reply",
        means=Means.EMAIL,
        to_address=mail_address(ticket, citizen) or citizen.email,
        subject=f"Re: {ticket.subject} [{ticket.reference}]",
        body=message.text,
        language=ticket.language,
        headers=_conversation(ticket),
        ticket_id=ticket.id,
        said_id=message.id,
        citizen_id=citizen.id,
        is_automatic=False,
        dedupe_key=f"reply:{message.id}",
    )
    message.notice_id = notice.id


def _citizen_of(ticket: Ticket) -> Citizen | None:
    if ticket.citizen_id is None:
        return None
    return db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))


def _conversation(ticket: Ticket) -> dict[str, str]:
    """The headers that keep a conversation together in the citizen's mail program."""
    ids = list(
        db.session.scalars(
            db.select(Message.mail_id)
            .where(
                Message.centre_id == ticket.centre_id,
                Message.ticket_id == ticket.id,
                Message.kind == MessageKind.CITIZEN,
                Message.mail_id.is_not(None),
            )
            .order_by(Message.id.desc())
            .limit(10)
        )
    )
    if not ids:
        return {}
    return {
        "In-Reply-To": f"<{ids[0]}>",
        "References": " ".join(f"<{each}>" for each in reversed(ids)),
    }
