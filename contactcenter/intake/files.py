"""Files that citizens send from their phone or computer: photographs and PDF, within bounds."""

from collections.abc import Iterable, Sequence

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.attachments.rules import SCANS
from contactcenter.errors import Invalid

ACCEPTED = SCANS | {"image/webp", "image/heic"}


def read_uploads(files: Iterable[FileStorage | str] | None) -> list[Upload]:
    """What was chosen; a field without a file sends an empty one."""
    chosen = (file for file in files or () if isinstance(file, FileStorage) and file.filename)
    return [Upload(str(file.filename).replace("\x00", ""), file.read()) for file in chosen]


def check_uploads(uploads: Sequence[Upload]) -> None:
    """Raises ValidationError with every file that is refused and why."""
    most = current_app.config["SETTINGS"].attachment_max_count
    if len(uploads) > most:
        raise ValidationError(_("Au plus %(most)d fichiers à la fois.", most=most))
    problems = [problem for upload in uploads if (problem := _problem(upload))]
    if problems:
        raise ValidationError(" ".join(problems))


def _problem(upload: Upload) -> str:
    try:
        attachments.check(upload, accepted=ACCEPTED)
    except Invalid as refused:
        return str(refused)
    return ""
