"""The mail door: a message is stored and committed before anyone is told that we have it.

It is read afterwards, by a job: a message that cannot be read never stops the others.
"""

import hashlib
import re

from contactcenter import outbox
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Mailbox
from contactcenter.edge import transaction
from contactcenter.notices.tokens import without_tag
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate

LARGEST = 25 * 2**20  # bytes
_BODY = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:\s*(\S{1,998})", re.IGNORECASE | re.MULTILINE)
_WITHOUT_ID = re.compile(rb"^(?:from|to|date|subject)[ \t]*:.*", re.IGNORECASE | re.MULTILINE)


def mailbox_of(address: str) -> Mailbox | None:
    """The mailbox an address leads to, with or without a +tag."""
    with transaction():
        mailbox = db.session.scalar(
            db.select(Mailbox).where(db.func.lower(Mailbox.address) == without_tag(address))
        )
        if mailbox is not None:
            db.session.expunge(mailbox)
        return mailbox


def first_mailbox(centre_id: int) -> Mailbox | None:
    with transaction():
        mailbox = db.session.scalar(
            db.select(Mailbox).where(Mailbox.centre_id == centre_id).order_by(Mailbox.id).limit(1)
        )
        if mailbox is not None:
            db.session.expunge(mailbox)
        return mailbox


def store(raw: bytes, mailbox: Mailbox, recipient: str) -> bool:
    """Store a message for one mailbox and commit; False when it was there already."""
    with within(Scope(mailbox.centre_id)), transaction():
        receipt = receipts.claim(Door.MAIL, f"{mailbox.address}:{_key(raw)}", raw=raw)
        if receipt is None:
            return False
        outbox.stage(
            "intake.read_mail",
            receipt_id=receipt.id,
            mailbox_id=mailbox.id,
            recipient=recipient[:320],
        )
        return True


def reject(problem: str, raw: bytes) -> None:
    """Leave a trace of what was refused, without keeping it."""
    with transaction():
        key = f"rejected:{hashlib.sha256(raw[:LARGEST]).hexdigest()}"
        receipt = receipts.claim(Door.MAIL, key)
        if receipt is not None:
            receipts.settle(receipt, Fate.REJECTED, problem=problem)


def _key(raw: bytes) -> str:
    """The same message, delivered twice on whatever way, has the same key.

    A Message-ID alone loses mail (some senders reuse theirs): the body counts as well.
    """
    head, *rest = _BODY.split(raw, maxsplit=1)
    body = (rest[0] if rest else b"").replace(b"\r\n", b"\n").strip()
    named = _MESSAGE_ID.search(head)
    name = named[1] if named else b"\n".join(_WITHOUT_ID.findall(head)).replace(b"\r", b"")
    return hashlib.sha256(name + b"\0" + body).hexdigest()
