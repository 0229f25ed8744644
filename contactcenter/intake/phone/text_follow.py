"""A text that is nothing but a code: answered by SMS with where that request stands."""

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.errors import TooMany
from contactcenter.intake.codes import looks_like_a_code
from contactcenter.intake.follow_up.actions import find_called
from contactcenter.intake.follow_up.told import told
from contactcenter.intake.phone.menu import first_language
from contactcenter.languages import force_locale
from contactcenter.notices import actions as notices
from contactcenter.notices import refusals
from contactcenter.notices.models import Means
from contactcenter.queues.callers import caller_key
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.receipts.words import NO_SUCH_CODE
from contactcenter.tickets.models import Ticket


def answer(number: str, body: str, receipt: Receipt, centre: Centre) -> bool:
    """Whether it was one. Eight letters that open nothing may as well be a word: it was none."""
    if not looks_like_a_code(body):
        return False
    try:
        with force_locale(first_language(centre)):
            ticket = find_called(body, number)
    except TooMany as refused:
        _reply(number, str(refused), first_language(centre), f"slow:{caller_key(number)}:{_hour()}")
        receipts.settle(receipt, Fate.REJECTED, problem=NO_SUCH_CODE)
        return True
    if ticket is None and body.strip().isalpha():
        return False
    _answer(number, ticket, receipt, centre)
    return True


def _answer(number: str, ticket: Ticket | None, receipt: Receipt, centre: Centre) -> None:
    language = ticket.language if ticket else first_language(centre)
    with force_locale(language):
        words = _where(ticket, centre) if ticket else _unknown(centre)
    _reply(number, words, language, str(receipt.id), ticket)
    if ticket is None:
        receipts.settle(receipt, Fate.REJECTED, problem=NO_SUCH_CODE)
    else:
        receipts.settle(receipt, Fate.ATTACHED, ticket_id=ticket.id)


def _where(ticket: Ticket, centre: Centre) -> str:
    return _(
        "%(centre)s, demande %(reference)s. %(told)s",
        centre=centre.name,
        reference=ticket.reference,
        told=" ".join(told(ticket)),
    )


def _unknown(centre: Centre) -> str:
    return _(
        "%(centre)s : aucune demande n’a ce code. Relisez-le signe par signe.", centre=centre.name
    )


def _hour() -> str:
    return f"{clock.now():%Y%m%d%H}"


def _reply(number: str, words: str, language: str, once: str, ticket: Ticket | None = None) -> None:
    if refusals.is_refused(Means.SMS, number):
        return
    notices.write(
        kind="follow_up",
        means=Means.SMS,
        to_address=number,
        body=words,
        language=language,
        ticket_id=ticket.id if ticket else None,
        dedupe_key=f"follow-up:{once}",
        is_rehearsal=ticket.is_rehearsal if ticket else False,
    )
