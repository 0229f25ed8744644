"""Enter a letter: one ticket with the day it reached us and its scan, however often it is sent."""

from dataclasses import dataclass
from datetime import date

from contactcenter.accounts.models import Centre, Person
from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.attachments.rules import SCANS
from contactcenter.citizens import actions as citizens
from contactcenter.db import current_centre, db
from contactcenter.intake.acknowledgement.actions import acknowledge
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Ticket
from contactcenter.tickets.queries import timeline


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What an agent read on a letter; `token` is of the form it was typed in."""

    token: str
    received_on: date
    subject: str
    text: str
    language: str
    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    topic_id: int | None = None
    site_id: int | None = None
    scan: Upload | None = None


def enter(letter: Letter, *, by: Person) -> Ticket:
    """The ticket of a letter; the same form sent twice gives the first one back. Raises Invalid."""
    key = f"{by.centre_id}:{by.id}:{letter.token}"
    played = db.session.get_one(Centre, by.centre_id).rehearsing
    receipt = receipts.claim(Door.LETTER, key, is_rehearsal=played)
    if receipt is None:
        return _entered_before(key)
    if letter.scan:
        attachments.check(letter.scan, accepted=SCANS)
    interaction = tickets.open_interaction(Channel.LETTER, is_rehearsal=played)
    interaction.received_on = letter.received_on
    citizen_id = interaction.citizen_id = _citizen(letter, is_rehearsal=played)
    ticket = tickets.open_ticket(
        letter.subject,
        channel=Channel.LETTER,
        language=letter.language,
        text=letter.text,
        topic_id=letter.topic_id,
        site_id=letter.site_id,
        citizen_id=citizen_id,
        interaction=interaction,
        by=by,
        is_rehearsal=played,
    )
    _keep_scan(letter, ticket, by)
    acknowledge(ticket, interaction)
    receipts.settle(receipt, Fate.TICKETED, ticket_id=ticket.id)
    return ticket


def _entered_before(key: str) -> Ticket:
    receipt = db.session.scalars(
        db.select(Receipt).where(Receipt.door == Door.LETTER, Receipt.dedupe_key == key)
    ).one()
    return db.session.get_one(Ticket, (current_centre(), receipt.ticket_id))


def _citizen(letter: Letter, *, is_rehearsal: bool) -> int | None:
    """Who wrote, recognised by number or address; without these and a name, nobody."""
    if not (letter.name.strip() or letter.phone.strip() or letter.email):
        return None
    citizen = citizens.find_or_create(
        name=letter.name,
        phone=letter.phone or None,
        email=letter.email or None,
        language=letter.language,
        is_rehearsal=is_rehearsal,
    )
    citizen.address = letter.address.strip() or citizen.address
    return citizen.id


def _keep_scan(letter: Letter, ticket: Ticket, by: Person) -> None:
    if letter.scan is None:
        return
    words = db.session.scalar(timeline(ticket).limit(1))
    attachments.keep(
        ticket.id,
        letter.scan,
        accepted=SCANS,
        message_id=words.id if words else None,
        by=by,
    )
