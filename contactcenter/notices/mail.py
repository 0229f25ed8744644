"""Make a notice a mail."""

from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime
from typing import Any

from contactcenter.accounts.models import Centre
from contactcenter.attachments.models import Attachment
from contactcenter.db import db
from contactcenter.notices.models import Notice
from contactcenter.notices.tokens import question_address, reply_address


class Ids(BaseHeader):
    """Ids of mails, one a line as they are: a long one that is encoded names no mail any more."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        UnstructuredHeader.parse(value, kwds)

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: " + f"{policy.linesep} ".join(self.split()) + policy.linesep


_FIELDS = HeaderRegistry()
for _name in ("in-reply-to", "references"):
    _FIELDS.map_to_type(_name, Ids)
WITH_IDS = default.clone(header_factory=_FIELDS)


def compose(notice: Notice) -> EmailMessage:
    """The mail of a notice. `EmailMessage` refuses line breaks in any header."""
    centre = db.session.get_one(Centre, notice.centre_id)
    mail = EmailMessage(policy=WITH_IDS)
    mail["From"] = Address(centre.name, addr_spec=centre.mail_address)
    mail["To"] = Address(addr_spec=notice.to_address)
    mail["Subject"] = notice.subject
    mail["Date"] = format_datetime(notice.written_at)
    mail["Message-ID"] = f"<{notice.message_id}>"
    mail["Content-Language"] = notice.language
    if notice.ticket_id is not None and notice.referral_id is None:
        mail["Reply-To"] = reply_address(centre.mail_address, centre.id, notice.ticket_id)
    elif notice.ticket_id is None and notice.referral_id is not None:
        mail["Reply-To"] = question_address(centre.mail_address, centre.id, notice.referral_id)
    for name, value in notice.headers.items():
        mail[name] = value
    if notice.is_automatic:
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(notice.body)
    for attachment in _attachments(notice):
        kind, _slash, subkind = attachment.content_type.partition("/")
        mail.add_attachment(
            attachment.content, maintype=kind, subtype=subkind, filename=attachment.name
        )
    return mail


def _attachments(notice: Notice) -> list[Attachment]:
    if not notice.attachment_ids:
        return []
    return list(
        db.session.scalars(
            db.select(Attachment)
            .where(
                Attachment.centre_id == notice.centre_id,
                Attachment.id.in_(notice.attachment_ids),
            )
            .order_by(Attachment.id)
        )
    )
