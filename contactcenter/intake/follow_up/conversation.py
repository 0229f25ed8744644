"""What was said about a request, as far as the citizen took part in it.

Their own words and our replies: no note, no record of a call, no question to an expert.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contactcenter.attachments import queries as attachments
from contactcenter.db import db
from contactcenter.tickets.models import Message, MessageKind, Ticket
from contactcenter.tickets.queries import timeline

SHOWN = (MessageKind.CITIZEN, MessageKind.REPLY)


@dataclass(frozen=True)
class Said:
    """One message; `files` are the names of what came with it."""

    message: Message
    files: Sequence[str]

    @property
    def is_ours(self) -> bool:
        return self.message.kind is MessageKind.REPLY


def conversation(ticket: Ticket) -> list[Said]:
    """Oldest first."""
    names: dict[int | None, list[str]] = {}
    for attachment in db.session.scalars(attachments.of_ticket(ticket.id)):
        names.setdefault(attachment.message_id, []).append(attachment.name)
    shown = db.session.scalars(timeline(ticket).where(Message.kind.in_(SHOWN)))
    return [Said(message, names.get(message.id, [])) for message in shown]
