"""The verbs of someone who holds a code: open their request, add words, give back their number."""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts import tries
from contactcenter.accounts.passwords import hash_token
from contactcenter.accounts.queries import tries_at_account, wrong_tries
from contactcenter.accounts.tries import Source
from contactcenter.attachments import actions as attachments
from contactcenter.attachments.actions import Upload
from contactcenter.db import NOBODY, Scope, current_centre, db, enter
from contactcenter.errors import Conflict, TooMany
from contactcenter.escalation import actions as referrals
from contactcenter.escalation import bookings
from contactcenter.escalation.slot_queries import ahead_of_ticket
from contactcenter.intake.codes import code_of, contact_of
from contactcenter.intake.files import ACCEPTED
from contactcenter.intake.follow_up import queries
from contactcenter.intake.follow_up.opened import followed
from contactcenter.queues import actions as queues
from contactcenter.queues.callers import caller_key
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Status, Ticket
from contactcenter.tickets.references import hash_code

WINDOW = timedelta(minutes=15)
MOST_TRIES = 10
MOST_WORDS_AN_HOUR = 10
MOST_TRIES_OF_CALLERS = 200
LINES = hash_token("follow-up code on a line")
DOOR = hash_token("follow-up code")  # beside the accounts in the table of wrong tries


def find(code: str, address: str) -> Ticket | None:
    """The request of a code in whichever centre gave it; the wall of that centre is entered.

    A wrong code is counted by address. Raises TooMany.
    """
    source = Source(f"code {tries.source_of(address).name}")  # apart from tries at passwords
    _refuse_too_many(DOOR, source)
    for centre in db.session.scalars(queries.centres()).all():
        enter(Scope(centre.id))
        if ticket := db.session.scalar(queries.ticket_of_code(hash_code(code))):
            return ticket
    enter(NOBODY)
    tries.note_wrong(DOOR, source)
    return None


def find_called(typed: str, caller: str | None, *, is_counted: bool = True) -> Ticket | None:
    """The request of a code that was typed on a telephone, or sent by SMS, in the centre entered.

    A wrong one is counted by caller, and of all callers together: a number is easily pretended.
    Raises TooMany.
    """
    source = Source(f"line {caller_key(caller) if caller else 'hidden'}")
    _refuse_too_many(LINES, source)
    everywhere, _last = db.session.execute(tries_at_account(LINES, clock.now() - WINDOW)).one()
    if everywhere >= MOST_TRIES_OF_CALLERS:
        raise TooMany(_("Trop d’essais. Attendez un quart d’heure, puis réessayez."))
    if ticket := _of_keys(typed) or db.session.scalar(queries.ticket_of_code(hash_code(typed))):
        return followed(ticket)
    if is_counted:
        tries.note_wrong(LINES, source)
    return None


def _of_keys(typed: str) -> Ticket | None:
    """While the written form of the same contact's code is good, so are its keys."""
    contact = contact_of(current_centre(), typed)
    if contact is None:
        return None
    code = code_of(current_centre(), contact)
    return db.session.scalar(queries.ticket_of_code(hash_code(code)))


def _refuse_too_many(door: str, source: Source) -> None:
    tries.one_at_a_time(f"{door} {source.name}")
    here, _all = db.session.execute(wrong_tries(door, source.name, clock.now() - WINDOW)).one()
    if here >= MOST_TRIES:
        raise TooMany(_("Trop d’essais. Attendez un quart d’heure, puis réessayez."))


def add_words(ticket: Ticket, text: str, *, key: str, uploads: Sequence[Upload] = ()) -> None:
    """The citizen's own words join their request, and open it again if it was resolved.

    The same `key` twice adds them once. Raises Conflict once the request is closed.
    """
    if ticket.status is Status.CLOSED:
        raise Conflict(_("Cette demande est close. Posez une nouvelle question."))
    refuse_too_many_words(ticket)
    receipt = receipts.claim(
        Door.WEB, f"{ticket.centre_id}:{ticket.id}:{key}", is_rehearsal=ticket.is_rehearsal
    )
    if receipt is None:
        return
    interaction = tickets.open_interaction(
        Channel.WEB,
        ticket_id=ticket.id,
        citizen_id=ticket.citizen_id,
        is_rehearsal=ticket.is_rehearsal,
    )
    heard = tickets.hear(ticket, text, interaction=interaction)
    attachments.keep_all(ticket.id, uploads, accepted=ACCEPTED, message_id=heard.id)
    receipts.settle(receipt, Fate.ATTACHED, ticket_id=ticket.id)


def refuse_too_many_words(ticket: Ticket) -> None:
    """Raises TooMany for who wrote so often within an hour, by this page or by a link."""
    since = clock.now() - timedelta(hours=1)
    if (db.session.scalar(queries.words_since(ticket, since)) or 0) >= MOST_WORDS_AN_HOUR:
        raise TooMany(_("Vous avez beaucoup écrit : attendez une heure avant d’ajouter un mot."))


def say_solved(ticket: Ticket, *, was: str) -> None:
    """The citizen needs nothing more. `was` is the status they saw: two clicks count once."""
    if ticket.status != was:
        return
    if ticket.status is Status.RESOLVED:
        tickets.close(ticket)
    elif ticket.is_open:
        tickets.resolve(ticket, by=None, reason=_("La personne dit que c’est réglé"))


def cancel_appointment(ticket: Ticket, booking_id: int) -> None:
    """They cannot come or answer. One that is not theirs, or is over, is left as it is."""
    for row in db.session.execute(ahead_of_ticket(ticket)).all():
        if row.Booking.id == booking_id:
            referrals.lock_id(row.Booking.referral_id)
            db.session.refresh(row.Booking, with_for_update=True)
            bookings.cancel(row.Booking, _("La personne ne peut pas."), by=None)


def give_back_number(ticket: Ticket) -> None:
    """They leave and say so. Raises Conflict once they were called."""
    row = db.session.execute(queries.stay_of(ticket, tickets.survivor(ticket))).one_or_none()
    visit = queues.lock(row.Visit.id) if row else None
    if visit is None or visit.state is not VisitState.WAITING:
        raise Conflict(_("Votre numéro n’attend plus : adressez-vous au guichet."))
    queues.leave(visit, Outcome.ABANDONED, reason=_("A rendu son numéro"))
