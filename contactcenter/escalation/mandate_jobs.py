"""Receipts that leave by themselves. Every job may run twice: its notices carry a key each."""

from contactcenter.accounts.models import Organisation
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.directory.keeping import this_centre
from contactcenter.edge import job
from contactcenter.escalation import mandate_letters as letters
from contactcenter.escalation.mandate_page import receipt_of
from contactcenter.escalation.mandates import give_receipt
from contactcenter.escalation.models import Mandate, MandateKind
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices import refusals
from contactcenter.notices.letters import Letter, speaking
from contactcenter.notices.models import Means, Notice
from contactcenter.tickets.models import Ticket


@job
def send_receipt(mandate_id: int) -> None:
    """By mail; by SMS for who said yes by SMS and has no mail. One for all that was allowed."""
    mandate = _get(mandate_id)
    citizen = _citizen(mandate)
    if mandate.given_with is not None or citizen is None or _is_written(mandate):
        return
    if mandate.revoked_at is not None:  # perhaps by another than whom the request is of now
        return
    with speaking(_ticket(mandate).language, this_centre().timezone):
        receipt = receipt_of(mandate)
        letter = letters.given(receipt, public_url("/follow-up"))
        text = letters.given_text(receipt)
    if citizen.email:
        _mail(mandate, citizen, letter, "given")
    elif mandate.kind is MandateKind.SMS and _may_text(citizen):
        _write(mandate, citizen, Letter("", text), "given", Means.SMS, citizen.phone or "")
    else:
        return
    give_receipt(mandate, "email" if citizen.email else "sms", by=None)


@job
def send_revocation(mandate_id: int) -> None:
    mandate, centre = _get(mandate_id), this_centre()
    citizen, ticket = _citizen(mandate), _ticket(mandate)
    if citizen is None or not citizen.email:
        return
    key = (mandate.centre_id, mandate.organisation_id)
    with speaking(ticket.language, centre.timezone):
        name = db.session.get_one(Organisation, key).name
        letter = letters.revoked(ticket.reference, name, centre.name)
    _mail(mandate, citizen, letter, "revoked")


def _mail(mandate: Mandate, citizen: Citizen, letter: Letter, what: str) -> None:
    _write(mandate, citizen, letter, what, Means.EMAIL, citizen.email or "")


def _write(
    mandate: Mandate, citizen: Citizen, letter: Letter, what: str, means: Means, address: str
) -> None:
    ticket = _ticket(mandate)
    notices.write(
        kind="mandate",
        means=means,
        to_address=address,
        subject=letter.subject,
        body=letter.body,
        language=ticket.language,
        ticket_id=ticket.id,
        citizen_id=citizen.id,
        dedupe_key=_key(mandate, what),
        is_rehearsal=ticket.is_rehearsal,
    )


def _key(mandate: Mandate, what: str) -> str:
    return f"mandate:{mandate.id}:{what}"


def _is_written(mandate: Mandate) -> bool:
    written = db.select(Notice.id).where(
        Notice.centre_id == mandate.centre_id, Notice.dedupe_key == _key(mandate, "given")
    )
    return db.session.scalar(written) is not None


def _may_text(citizen: Citizen) -> bool:
    return bool(citizen.phone) and not refusals.is_refused(Means.SMS, citizen.phone or "")


def _get(mandate_id: int) -> Mandate:
    return db.session.get_one(Mandate, (current_centre(), mandate_id))


def _ticket(mandate: Mandate) -> Ticket:
    return db.session.get_one(Ticket, (mandate.centre_id, mandate.ticket_id))


def _citizen(mandate: Mandate) -> Citizen | None:
    citizen_id = _ticket(mandate).citizen_id
    return db.session.get(Citizen, (mandate.centre_id, citizen_id)) if citizen_id else None
