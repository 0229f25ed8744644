"""What was said about a request, as far as the citizen took part in it.

Their own words and our replies: no note, no record of a call, no question to an expert.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from contactcenter.attachments import queries as attachments
from contactcenter.db import db
from contactcenter.regrouping.queries import of_others
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Interaction, Message, MessageKind, Ticket
from contactcenter.tickets.queries import newest_first

SHOWN = (MessageKind.CITIZEN, MessageKind.REPLY)


@dataclass(frozen=True)
class Said:
    """One message; `files` are the names of what came with it."""

    message: Message
    files: Sequence[str]

    @property
    def is_ours(self) -> bool:
        return self.message.kind is MessageKind.REPLY


def conversation(ticket: Ticket, most: int) -> tuple[list[Said], bool]:
    """The last words, oldest first, and whether there are more before them.

    Of joined requests of two persons, each is shown their own words only.
    """
    kept = tickets.survivor(ticket)
    names: dict[int | None, list[str]] = {}
    for attachment in db.session.scalars(attachments.of_ticket(kept.id)):
        names.setdefault(attachment.message_id, []).append(attachment.name)
    said = newest_first(kept).where(Message.kind.in_(SHOWN), _is_theirs(ticket, kept))
    found = db.session.scalars(said.limit(most + 1)).all()
    shown = [Said(message, names.get(message.id, [])) for message in found[:most]]
    return shown[::-1], len(found) > most


def _is_of_a_stranger() -> ColumnElement[bool]:
    """A mail from an address that is nobody's here: it may answer what was written to the other."""
    return and_(Interaction.citizen_id.is_(None), Interaction.channel == Channel.EMAIL)


def _is_theirs(ticket: Ticket, kept: Ticket) -> ColumnElement[bool]:
    joined = db.session.execute(of_others(kept)).all()
    moved = {row.from_id: row.moved["messages"] for row in joined}
    if ticket is not kept:
        return Message.id.in_(moved.get(ticket.id, []))
    written_by_others = select(Interaction.id).where(
        Interaction.centre_id == kept.centre_id,
        Interaction.ticket_id == kept.id,
        or_(
            Interaction.citizen_id.in_([row.citizen_id for row in joined]),
            _is_of_a_stranger() if joined else false(),
        ),
    )
    return and_(
        Message.id.not_in([each for ids in moved.values() for each in ids]),
        func.coalesce(Message.interaction_id, 0).not_in(written_by_others),
    )
