"""What comes along with a mail: kept up to a number, and what is refused is named."""

from flask import current_app

from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.attachments.models import Attachment
from contactcenter.errors import Invalid
from contactcenter.events import announce
from contactcenter.intake.mail.events import FileRefused
from contactcenter.intake.mail.message import ParsedMail


def keep_files(
    ticket_id: int, mail: ParsedMail, *, message_id: int | None = None
) -> list[Attachment]:
    """Keep the first files; one too many, or refused, is named in the request, never dropped."""
    most = current_app.config["SETTINGS"].attachment_max_count
    kept: list[Attachment] = []
    for file in mail.attachments:
        try:
            if len(kept) == most:
                raise Invalid("")
            upload = Upload(file.name, file.content)
            kept.append(attachments.keep(ticket_id, upload, accepted=None, message_id=message_id))
        except Invalid:
            announce(FileRefused(ticket_id=ticket_id, name=file.name))
    return kept
