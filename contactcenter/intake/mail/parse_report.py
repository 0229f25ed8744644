"""What the system understands of a mail, as one object for people and programs to look at."""

from typing import Any

from contactcenter.intake.mail import automatic, message, reply
from contactcenter.triage import language


def describe(raw: bytes, *, file: str = "") -> dict[str, Any]:
    """The fields of `mail-parse`; a mail without a header counts as a body alone."""
    mail = message.read(raw)
    kind = automatic.classify(mail)
    visible = reply.visible(mail.text, mail.html)
    return {
        "file": file,
        "from_name": mail.from_name,
        "from_address": mail.from_address,
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "reply_text": visible,
        "attachments": [_attachment(one) for one in mail.attachments],
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "auto_reply": kind.auto_reply,
        "bounce": kind.bounce,
        "bounced_address": kind.bounced_address,
        "language": language.detect(f"{mail.subject}\n{visible or mail.text}"),
    }


def _attachment(one: message.Attachment) -> dict[str, Any]:
    return {"name": one.name, "content_type": one.content_type, "size": one.size}
