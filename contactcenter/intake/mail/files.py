"""What comes along with a mail: kept up to a number; what is refused stays in the whole mail."""

from collections.abc import Sequence
from urllib.parse import unquote

from flask import current_app

from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.events import announce
from contactcenter.intake.mail.events import FileRefused
from contactcenter.intake.mail.message import LIMITS, WHOLE, Attachment, ParsedMail


def keep_files(
    ticket_id: int, mail: ParsedMail, raw: bytes, *, message_id: int | None = None
) -> None:
    """Keep the first files, pictures within the text counted apart from papers.

    If anything is refused, the whole mail is kept first, beyond number and size, so that nothing a
    citizen sent is lost; each refusal is announced.
    """
    files = [file for file in mail.attachments if file.content != raw]
    refused = _refused([file for file in files if not _is_drawn(file, mail)])
    refused |= _refused([file for file in files if _is_drawn(file, mail)])
    if LIMITS.intersection(mail.problems) or any(why != EMPTY for why in refused.values()):
        keep_whole(ticket_id, raw, message_id=message_id)
    for file in files:
        if id(file) in refused:
            announce(FileRefused(ticket_id=ticket_id, name=file.name, why=refused[id(file)]))
        else:
            upload = Upload(file.name, file.content)
            attachments.keep(ticket_id, upload, accepted=None, message_id=message_id)


def keep_whole(ticket_id: int, raw: bytes, *, message_id: int | None = None) -> None:
    """Keep the mail as it came; the door bounds its size."""
    upload = Upload(WHOLE, raw)
    attachments.keep(ticket_id, upload, accepted=None, message_id=message_id, is_bounded=False)


EMPTY, LARGE, MANY = "empty", "large", "many"


def _refused(files: Sequence[Attachment]) -> dict[int, str]:
    """Why each of those that are not kept is not, by the id of the object."""
    settings = current_app.config["SETTINGS"]
    refused: dict[int, str] = {}
    for file in files:
        if not file.content:
            refused[id(file)] = EMPTY
        elif file.size > settings.attachment_max_bytes:
            refused[id(file)] = LARGE
    fitting = [file for file in files if id(file) not in refused]
    return refused | {id(file): MANY for file in fitting[settings.attachment_max_count :]}


def _is_drawn(file: Attachment, mail: ParsedMail) -> bool:
    """A picture that the mail shows within its text: a logo of a signature, most often."""
    if not file.content_id or not file.content_type.startswith("image/"):
        return False
    return f"cid:{file.content_id}" in unquote(mail.html or "")
