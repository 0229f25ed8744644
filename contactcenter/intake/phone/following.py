"""A caller types the code of their request and hears where it stands; the call is then about it."""

from collections.abc import Sequence

from flask_babel import force_locale

from contactcenter.accounts.models import Centre
from contactcenter.errors import TooMany
from contactcenter.intake.follow_up.actions import find_called
from contactcenter.intake.follow_up.told import told
from contactcenter.intake.phone import records, words
from contactcenter.intake.phone.menu import first_language
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Ticket

MOST_TRIES = 3  # in one call


def may_follow(call: PhoneCall) -> bool:
    """In the menu, or turned away because it is closed: nobody has to be there for it."""
    if call.ended_at is not None:
        return False
    visit = records.visit_of(call)
    return call.queue_id is None and (visit is None or visit.outcome is Outcome.CLOSED)


def follow(call: PhoneCall, typed: str, attempt: int, centre: Centre) -> Sequence[str]:
    """What the caller hears of the code they typed; the same try twice counts once."""
    is_new = attempt > call.code_tries
    call.code_tries = max(call.code_tries, min(attempt, MOST_TRIES))
    try:
        with force_locale(call.language):
            ticket = find_called(typed, call.caller, is_counted=is_new) if typed else None
    except TooMany as refused:
        return [str(refused)]
    if ticket is None:
        with force_locale(call.language):
            return [words.no_such_code()]
    if call.language == first_language(centre):
        call.language = ticket.language  # they chose no other
    records.interaction_of(call).ticket_id = ticket.id
    return _told(ticket, call.language)


def _told(ticket: Ticket, language: str) -> Sequence[str]:
    with force_locale(language):
        return told(ticket)


def is_known(call: PhoneCall) -> bool:
    """Whether a code was right in this call."""
    return records.interaction_of(call).ticket_id is not None
