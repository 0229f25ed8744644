"""The answer to a letter is a letter: written here, printed and posted by an agent."""

from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.events import ReplyWritten
from contactcenter.tickets.models import Channel, Message


def prepare_letter(event: ReplyWritten) -> None:
    """Write the letter to print; it stays pending until someone says that it was posted."""
    ticket = tickets.get(event.ticket_id)
    if ticket.channel is not Channel.LETTER:
        return
    citizen = (
        db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
        if ticket.citizen_id
        else None
    )
    message = db.session.get_one(Message, (current_centre(), event.message_id))
    notice = notices.write(
        kind="reply",
        means=Means.LETTER,
        to_address=f"{citizen.name}\n{citizen.address}".strip() if citizen else "",
        subject=ticket.subject,
        body=message.text,
        language=ticket.language,
        ticket_id=ticket.id,
        said_id=message.id,
        citizen_id=ticket.citizen_id,
        is_automatic=False,
        dedupe_key=f"reply:{message.id}",
        is_rehearsal=ticket.is_rehearsal,
    )
    message.notice_id = notice.id
