"""Verbs of calling back: take a person, say how it ended. No two people call the same person."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.events import announce
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means
from contactcenter.notices.refusals import is_refused
from contactcenter.queues.models import Visit
from contactcenter.reports import queries
from contactcenter.reports.events import CallBackSettled, CallBackTaken
from contactcenter.reports.models import CallBack, CallBackOutcome
from contactcenter.tickets import actions as tickets

LONGEST_MESSAGE = 480  # three parts of a text message


class AlreadyTaken(Conflict):
    def __init__(self) -> None:
        super().__init__(_("Quelqu’un d’autre rappelle déjà cette personne."))


def take(visit_id: int, *, by: Person) -> CallBack:
    """Take it on to call the person of a lost visit; their request, if open, becomes one's own."""
    somebody = db.session.scalar(queries.somebody(visit_id))
    if somebody is None:
        raise NotFound(_("Cette visite n’est pas à rappeler."))
    call_back = CallBack(visit_id=visit_id, caller=somebody, taken_by=by.id, taken_at=clock.now())
    db.session.add(call_back)
    try:
        db.session.flush()  # one at a time for each person: the unique index speaks here
    except IntegrityError as second:
        raise AlreadyTaken from second
    ticket_id = db.session.get_one(Visit, (current_centre(), visit_id)).ticket_id
    _assign(ticket_id, by)
    announce(CallBackTaken(visit_id=visit_id, ticket_id=ticket_id, person_id=by.id))
    return call_back


def write_to(call_back_id: int, text: str, *, by: Person) -> Means:
    """Write to the person instead of calling, by mail where that is known, else by text message.

    Raises Invalid when neither is known, and for an empty or a long text; who refused such messages
    is not written to.
    """
    call_back = _mine(call_back_id, by)
    if not 0 < len(text) <= LONGEST_MESSAGE:
        raise Invalid(
            _("Écrivez un message de %(most)d signes au plus.", most=LONGEST_MESSAGE), "text"
        )
    reach = db.session.execute(queries.reach_of(call_back.visit_id)).one()
    means, address = (Means.EMAIL, reach.email) if reach.email else (Means.SMS, reach.phone)
    if not address or is_refused(means, address):
        raise Invalid(_("Cette personne ne peut pas recevoir de message."), "text")
    visit = db.session.get_one(Visit, (current_centre(), call_back.visit_id))
    notices.write(
        kind="unserved",
        means=means,
        to_address=address,
        subject=_("Vous avez cherché à nous joindre"),
        body=text,
        language=reach.language,
        ticket_id=visit.ticket_id,
        dedupe_key=f"call-back-{call_back.id}",
        is_rehearsal=visit.is_rehearsal,
    )
    settle(call_back_id, CallBackOutcome.WRITTEN, by=by)
    return means


def settle(call_back_id: int, outcome: CallBackOutcome, *, by: Person) -> None:
    """Say how it ended; only who took it can. A second word on it is a Conflict."""
    call_back = _mine(call_back_id, by)
    call_back.outcome, call_back.settled_at = outcome, clock.now()
    visit = db.session.get_one(Visit, (current_centre(), call_back.visit_id))
    announce(
        CallBackSettled(
            visit_id=visit.id, outcome=outcome, ticket_id=visit.ticket_id, person_id=by.id
        )
    )


def _mine(call_back_id: int, by: Person) -> CallBack:
    """Locked. Raises NotFound, or Conflict when it is settled or somebody else's."""
    call_back: CallBack | None = db.session.scalar(queries.call_back(call_back_id))
    if call_back is None:
        raise NotFound(_("Ce rappel n’existe pas."))
    if call_back.outcome is not None or call_back.taken_by != by.id:
        raise Conflict(_("Ce rappel n’est plus à vous : la liste a changé entre-temps."))
    return call_back


def _assign(ticket_id: int | None, person: Person) -> None:
    """Unless a colleague holds it, or takes it at this moment."""
    if ticket_id is None:
        return
    ticket = tickets.lock_survivor(ticket_id)
    if ticket is not None and ticket.is_open and ticket.assigned_to is None:
        tickets.assign(ticket, person, by=person)
