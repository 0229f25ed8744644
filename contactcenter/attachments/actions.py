"""Keep a file with a ticket, once its size and content have been looked at."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.attachments.models import Attachment
from contactcenter.attachments.rules import PAPERS, content_type_of, named_as, safe_name
from contactcenter.db import db
from contactcenter.errors import Invalid


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name is only what the sender called it."""

    name: str
    content: bytes


def check(
    upload: Upload, *, accepted: Collection[str] | None = PAPERS, is_bounded: bool = True
) -> str:
    """The type its content proves; `accepted` None takes any. Raises Invalid with the mend."""
    most = current_app.config["SETTINGS"].attachment_max_bytes
    if not upload.content:
        raise Invalid(_("Le fichier %(name)s est vide.", name=upload.name), "files")
    if is_bounded and len(upload.content) > most:
        raise Invalid(
            _(
                "Le fichier %(name)s dépasse %(most)d Mo. Envoyez-en une version plus légère.",
                name=upload.name,
                most=most // 2**20,
            ),
            "files",
        )
    content_type = content_type_of(upload.content)
    if accepted is not None and content_type not in accepted:
        raise Invalid(
            _(
                "Le fichier %(name)s n’est pas d’une sorte acceptée. "
                "Envoyez un PDF ou une image (JPEG, PNG, TIFF).",
                name=upload.name,
            ),
            "files",
        )
    return content_type


def keep(
    ticket_id: int,
    upload: Upload,
    *,
    accepted: Collection[str] | None = PAPERS,
    message_id: int | None = None,
    by: Person | None = None,
    is_bounded: bool = True,
) -> Attachment:
    """Keep one file. Raises Invalid; the caller has the right to write to the ticket.

    `is_bounded` False: another door has bounded its size.
    """
    content_type = check(upload, accepted=accepted, is_bounded=is_bounded)
    attachment = Attachment(
        ticket_id=ticket_id,
        message_id=message_id,
        name=named_as(safe_name(upload.name, otherwise=_("fichier")), content_type),
        content_type=content_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        content=upload.content,
        added_at=clock.now(),
        added_by=by.id if by else None,
    )
    db.session.add(attachment)
    db.session.flush()  # notices and referrals name it
    return attachment


def keep_all(
    ticket_id: int,
    uploads: Sequence[Upload],
    *,
    accepted: Collection[str] | None = PAPERS,
    message_id: int | None = None,
    by: Person | None = None,
) -> list[Attachment]:
    """Keep all of these files, or none. Raises Invalid."""
    most = current_app.config["SETTINGS"].attachment_max_count
    if len(uploads) > most:
        raise Invalid(_("Au plus %(most)d fichiers à la fois.", most=most), "files")
    for upload in uploads:
        check(upload, accepted=accepted)
    return [
        keep(ticket_id, upload, accepted=accepted, message_id=message_id, by=by)
        for upload in uploads
    ]
