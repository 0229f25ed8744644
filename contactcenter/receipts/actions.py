"""Write the ledger of a door: claimed once by its key, then settled with what became of it."""

import uuid

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock, outbox
from contactcenter.db import current_scope, db, write
from contactcenter.directory.models import Mailbox
from contactcenter.errors import Invalid
from contactcenter.events import announce
from contactcenter.receipts.events import RawRead
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.receipts.queries import READ_MAIL

SHORTEST_REASON = 5


def claim(
    door: Door, dedupe_key: str, *, raw: bytes | None = None, is_rehearsal: bool = False
) -> Receipt | None:
    """Enter something that came to a door; None when it was entered before.

    Of two that come at once, the second waits here for the first to commit. It stands as `held`
    until `settle`, in the same transaction, says what became of it.
    """
    receipt_id = db.session.scalar(
        insert(Receipt)
        .values(
            centre_id=current_scope().centre_id,
            door=door,
            dedupe_key=dedupe_key,
            fate=Fate.HELD,
            raw=raw,
            received_at=clock.now(),
            is_rehearsal=is_rehearsal,
        )
        .on_conflict_do_nothing(index_elements=["door", "dedupe_key"])
        .returning(Receipt.id)
    )
    return db.session.get_one(Receipt, receipt_id) if receipt_id is not None else None


def settle(
    receipt: Receipt,
    fate: Fate,
    *,
    ticket_id: int | None = None,
    visit_id: int | None = None,
    problem: str = "",
) -> None:
    """Say what became of it; `problem` gives the reason and names nobody."""
    receipt.fate, receipt.problem = fate, problem
    receipt.ticket_id, receipt.visit_id = ticket_id, visit_id


def read_raw(receipt: Receipt, why: str, *, by_id: int) -> bytes:
    """What came, as it came. Who read it and why is kept. Raises Invalid without a reason."""
    if len(why.strip()) < SHORTEST_REASON:
        raise Invalid(_("Dites en quelques mots pourquoi vous ouvrez cet original."), "why")
    announce(RawRead(person_id=by_id, receipt_id=receipt.id, reason=why.strip()[:500]))
    return receipt.raw or b""


def read_for_request(receipt: Receipt, *, by_id: int) -> bytes:
    """What came, as it came, for who may read the request it belongs to; that it was is kept."""
    announce(RawRead(person_id=by_id, receipt_id=receipt.id, ticket_id=receipt.ticket_id))
    return receipt.raw or b""


def record(door: Door, fate: Fate, *, ticket_id: int | None = None, problem: str = "") -> None:
    """Enter, with what became of it, something that cannot come twice or is refused each time."""
    write(
        Receipt,
        door=door,
        dedupe_key=str(uuid.uuid4()),
        fate=fate,
        ticket_id=ticket_id,
        problem=problem,
        received_at=clock.now(),
    )


def read_again(receipt: Receipt) -> bool:
    """Have a mail that was kept aside read now; False if it is none, or its mailbox is gone."""
    if receipt.door is not Door.MAIL or receipt.fate is not Fate.HELD:
        return False
    return outbox.hurry(READ_MAIL, receipt_id=receipt.id) or _stage(receipt, as_request=False)


def open_as_request(receipt: Receipt) -> bool:
    """Have a refused mail opened as a request: a person saw that somebody asks for something.

    False if it was not refused, or it or its mailbox is gone.
    """
    is_refused = receipt.door is Door.MAIL and receipt.fate is Fate.REJECTED
    if not is_refused or receipt.raw is None or not _stage(receipt, as_request=True):
        return False
    settle(receipt, Fate.HELD)
    return True


def _stage(receipt: Receipt, *, as_request: bool) -> bool:
    address = receipt.dedupe_key.rpartition(":")[0]
    mailbox = db.session.scalar(
        db.select(Mailbox).filter_by(centre_id=receipt.centre_id, address=address)
    )
    if mailbox is None:
        return False
    outbox.stage(
        READ_MAIL,
        receipt_id=receipt.id,
        mailbox_id=mailbox.id,
        recipient=mailbox.address,
        as_request=as_request,
    )
    return True
