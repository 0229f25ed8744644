"""A caller types the code of their request and hears where it stands; the call is then about it."""

from collections.abc import Sequence

from flask_babel import force_locale

from contactcenter.accounts.models import Centre
from contactcenter.directory.models import Line
from contactcenter.errors import TooMany
from contactcenter.intake.follow_up.actions import find_called
from contactcenter.intake.follow_up.told import told
from contactcenter.intake.phone import records, words
from contactcenter.intake.phone.menu import first_language, menu_of
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Ticket

MOST_TRIES = 3  # in one call


def may_follow(call: PhoneCall) -> bool:
    """In the menu, or turned away because it is closed: nobody has to be there for it."""
    if call.ended_at is not None:
        return False
    visit = records.visit_of(call)
    return call.queue_id is None and (visit is None or visit.outcome is Outcome.CLOSED)


def may_follow_waiting(call: PhoneCall, line: Line, centre: Centre) -> bool:
    """In line, their place kept, on a line that has no menu to offer it."""
    if call.ended_at is not None or not menu_of(line, centre, call.language).is_empty:
        return False
    visit = records.visit_of(call)
    return visit is not None and visit.state is VisitState.WAITING


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
    visit = records.visit_of(call)
    if visit is not None and visit.state is VisitState.WAITING and ticket.is_open:
        visit.ticket_id = ticket.id  # the talk is about it
    return _told(ticket, call.language)


def _told(ticket: Ticket, language: str) -> Sequence[str]:
    with force_locale(language):
        return told(ticket)


def is_known(call: PhoneCall) -> bool:
    """Whether a code was right in this call."""
    return records.interaction_of(call).ticket_id is not None
