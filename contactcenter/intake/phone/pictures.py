"""Pictures that came with a text: the operator keeps them, and we fetch each once, as a file."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import current_app
from requests.exceptions import HTTPError
from sqlalchemy import Select

from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.attachments.models import Attachment
from contactcenter.db import current_centre, db
from contactcenter.events import EventRecord, announce
from contactcenter.intake.mail.events import FileRefused
from contactcenter.notices import carrier
from contactcenter.outbox import stage
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Interaction, Message, Ticket

PICTURE = "picture"  # why one is not kept: it was too large, one too many, or gone
# Whatever a webhook says, nothing is fetched but this, from the operator itself.
_KEPT_AT = re.compile(r"/2010-04-01/Accounts/\w{1,64}/Messages/\w{1,64}/Media/(\w{1,64})")
GONE = (404, 410)


def ask_for(ticket: Ticket, interaction: Interaction, addresses: Sequence[str]) -> None:
    """Have what came along fetched, up to the number of files that a request takes at once."""
    most = current_app.config["SETTINGS"].attachment_max_count
    for number, address in enumerate(addresses):
        place = urlsplit(address).path
        if number < most and _KEPT_AT.fullmatch(place):
            stage(
                "intake.fetch_picture",
                lane="bulk",
                ticket_id=ticket.id,
                interaction_id=interaction.id,
                place=place,
            )
        else:
            announce(FileRefused(ticket_id=ticket.id, name=_name(place), why=PICTURE))


def fetch(ticket_id: int, interaction_id: int, place: str) -> None:
    """Keep one picture with its request. Raises OSError, NoAccount while it cannot be had."""
    most = current_app.config["SETTINGS"].attachment_max_bytes
    try:
        content = carrier.fetch(place, most + 1)
    except HTTPError as refused:
        if refused.response is None or refused.response.status_code not in GONE:
            raise
        content = b""
    ticket = tickets.lock_survivor(ticket_id)
    if ticket is None:
        return
    if not content or len(content) > most:
        _refuse(ticket, _name(place))
        return
    message_id = db.session.scalar(_message_of(interaction_id))
    upload = Upload(_name(place), content)
    if not db.session.scalar(_kept(ticket, upload.name)):
        attachments.keep(ticket.id, upload, accepted=None, message_id=message_id)


def _refuse(ticket: Ticket, name: str) -> None:
    told = db.select(EventRecord.id).where(
        EventRecord.centre_id == current_centre(),
        EventRecord.ticket_id == ticket.id,
        EventRecord.kind == FileRefused.__name__,
        EventRecord.detail["name"].astext == name,
    )
    if not db.session.scalar(told.limit(1)):
        announce(FileRefused(ticket_id=ticket.id, name=name, why=PICTURE))


def _name(place: str) -> str:
    """The operator's own, so that the same picture is known again."""
    return place.rpartition("/")[2][:64] or "?"


def _message_of(interaction_id: int) -> Select[int]:
    return (
        db.select(Message.id)
        .where(Message.centre_id == current_centre(), Message.interaction_id == interaction_id)
        .order_by(Message.id)
        .limit(1)
    )


def _kept(ticket: Ticket, name: str) -> Select[int]:
    return (
        db.select(Attachment.id)
        .where(
            Attachment.centre_id == current_centre(),
            Attachment.ticket_id == ticket.id,
            Attachment.name.startswith(name, autoescape=True),
        )
        .limit(1)
    )
