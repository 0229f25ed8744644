"""Take in what the form brought: one ticket, however often the same form is sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.citizens import actions as citizens
from contactcenter.citizens import rules
from contactcenter.citizens.models import Citizen, Reach
from contactcenter.citizens.queries import reached_by
from contactcenter.db import current_centre, db
from contactcenter.intake.acknowledgement.actions import acknowledge
from contactcenter.intake.codes import code_of
from contactcenter.intake.files import ACCEPTED
from contactcenter.intake.web import limits
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Interaction, Ticket
from contactcenter.tickets.queries import timeline
from contactcenter.tickets.rules import subject_in

LONGEST_SUBJECT = 80


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wrote in the form; `nonce` is of the form they wrote it in."""

    nonce: str
    text: str
    language: str
    topic_id: int | None = None
    reach: Reach | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    uploads: Sequence[Upload] = ()

    @property
    def key(self) -> str:
        """The same words from the same form are one request; other words are another one."""
        said = (self.text, self.name, self.email, self.phone, str(self.topic_id))
        return f"{self.nonce}:{hashlib.sha256(chr(0).join(said).encode()).hexdigest()}"


def ask(asked: Asked) -> Ticket:
    """The ticket of a form; sent twice, the first one comes back."""
    key = f"{current_centre()}:{asked.key}"
    receipt = receipts.claim(Door.WEB, key)
    if receipt is None:
        return _asked_before(key)
    citizen = _citizen(asked)
    interaction = tickets.open_interaction(
        Channel.WEB, citizen_id=citizen.id if citizen else None, reach=asked.reach or ""
    )
    ticket = tickets.open_ticket(
        subject_in(asked.text, LONGEST_SUBJECT) or _("Demande du site"),
        channel=Channel.WEB,
        language=asked.language,
        text=asked.text,
        topic_id=asked.topic_id,
        citizen_id=interaction.citizen_id,
        interaction=interaction,
        follow_up_code=code_of(current_centre(), interaction.id),
    )
    _keep_files(ticket, asked.uploads)
    acknowledge(ticket, interaction)
    receipts.settle(receipt, Fate.TICKETED, ticket_id=ticket.id)
    return ticket


def refuse_trapped(address: str) -> None:
    """A program filled in the field that no person sees."""
    _leave_trace("trapped", address, "hidden field filled in")


def refuse_many(address: str) -> None:
    """An address, or its network, sends too much."""
    _leave_trace("many", address, "too many from one address or network")


def _leave_trace(kind: str, address: str, problem: str) -> None:
    """One an hour of each network: who fills the ledger with refusals fills it with one."""
    key = f"{current_centre()}:{kind}:{limits.key_of(limits.network_of(address))}"
    receipt = receipts.claim(Door.WEB, key)
    if receipt is not None:
        receipts.settle(receipt, Fate.REJECTED, problem=problem)


def first_contact_of(ticket: Ticket) -> Interaction | None:
    return db.session.scalar(
        db.select(Interaction)
        .where(Interaction.centre_id == ticket.centre_id, Interaction.ticket_id == ticket.id)
        .order_by(Interaction.id)
        .limit(1)
    )


def _asked_before(key: str) -> Ticket:
    receipt = db.session.scalars(
        db.select(Receipt).where(Receipt.door == Door.WEB, Receipt.dedupe_key == key)
    ).one()
    return db.session.get_one(Ticket, (current_centre(), receipt.ticket_id))


def _citizen(asked: Asked) -> Citizen | None:
    """Who asks; nobody if they left no name and no way to reach them.

    Somebody is recognised only by ways that are all known already: a stranger who knows your
    address cannot add a number of theirs to what we know of you.
    """
    if not (asked.name.strip() or asked.email.strip() or asked.phone.strip()):
        return None
    phone = rules.e164(asked.phone, citizens.country()) if asked.phone.strip() else None
    email = asked.email.strip() or None
    known = db.session.scalars(reached_by(phone=phone, email=email)) if phone or email else ()
    key = rules.name_key(asked.name)
    for citizen in known:
        if _is_the_same(citizen, key, phone, email):
            citizen.reach = asked.reach or citizen.reach
            return citizen
    return citizens.create(
        name=asked.name,
        email=email or "",
        phone=phone or "",
        language=asked.language,
        reach=asked.reach,
    )


def _is_the_same(citizen: Citizen, key: str, phone: str | None, email: str | None) -> bool:
    return (
        phone in (None, citizen.phone)
        and (email is None or email.lower() == (citizen.email or "").lower())
        and (not key or rules.same_name(key, citizen.name_key))
    )


def _keep_files(ticket: Ticket, uploads: Sequence[Upload]) -> None:
    if not uploads:
        return
    words = db.session.scalar(timeline(ticket).limit(1))
    attachments.keep_all(
        ticket.id, uploads, accepted=ACCEPTED, message_id=words.id if words else None
    )
