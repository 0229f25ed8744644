"""Read what was stored at a door, each thing in a transaction of its own."""

from contactcenter.db import current_centre, db
from contactcenter.directory.models import Mailbox
from contactcenter.edge import job
from contactcenter.intake.mail import actions as mail
from contactcenter.receipts.models import Receipt


@job
def read_mail(
    receipt_id: int, mailbox_id: int, recipient: str, *, as_request: bool = False
) -> None:
    receipt = db.session.get_one(Receipt, receipt_id, with_for_update=True)
    mailbox = db.session.get_one(Mailbox, (current_centre(), mailbox_id))
    mail.read_mail(receipt, mailbox, recipient, as_request=as_request)
