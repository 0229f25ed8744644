"""The verbs of an appointment with an expert: book, confirm, change, cancel, begin, miss.

The question of an appointment is a question like any other; it is owed at the appointment's end.
What is cancelled or missed goes on in writing. The wait for the expert counts from the appointed
time, in the queue of live questions.
"""

from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import actions, asking, slack, slot_queries, waits
from contactcenter.escalation.actions import LONGEST_LINE, named, start_clock
from contactcenter.escalation.calendars import answer_time
from contactcenter.escalation.events import (
    BookingBegun,
    BookingConfirmed,
    BookingEnded,
    ConsultBooked,
)
from contactcenter.escalation.ladder import next_due
from contactcenter.escalation.models import Mandate, Referral
from contactcenter.escalation.shown import request_of
from contactcenter.escalation.slot_models import AHEAD, EARLY, Booking, BookingStatus, Slot, Way
from contactcenter.events import announce
from contactcenter.queues.models import QueueKind
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

OUTCOMES = {
    BookingStatus.MISSED: Outcome.TIMEOUT,
    BookingStatus.ABSENT: Outcome.ABANDONED,
    BookingStatus.CANCELLED: Outcome.WITHDRAWN,
}


def book(
    slot_id: int,
    ticket: Ticket,
    way: Way,
    *,
    question: str,
    by: Person,
    without_identity: bool,
) -> Booking:
    """Ask a question by appointment. Of two who book one slot at once, one is told who was first.

    Raises Conflict, and Invalid for a way that leads to nobody.
    """
    slot = _free(slot_id, ticket, way)
    referral = asking.ask(
        ticket,
        db.session.get_one(Team, (slot.centre_id, slot.team_id)),
        question=question,
        by=by,
        without_identity=without_identity,
        due_at=slot.ends_at,
        is_booked=True,
    )
    return _keep(slot, referral, way, by)


def book_again(slot_id: int, referral: Referral, way: Way, *, by: Person) -> Booking:
    """Another slot of the same team for a question: what it had is given back."""
    actions.refuse_closed(referral)
    slot = _free(slot_id, request_of(referral), way)
    if slot.team_id != referral.team_id:
        raise Invalid(_("Choisissez un créneau de la même équipe."), "slot")
    before = db.session.execute(slot_queries.ahead_of(referral.id)).one_or_none()
    if before is not None:
        _end(before.Booking, BookingStatus.CHANGED, "", by)
        waits.drop(referral, Outcome.MOVED)
    referral.is_booked, referral.due_at = True, slot.ends_at
    slack.reckon(referral, _team(referral))
    referral.next_due_at = next_due(referral, _team(referral), _mandate(referral))
    return _keep(slot, referral, way, by)


def confirm(booking: Booking, *, by: Person) -> None:
    if booking.status is BookingStatus.BOOKED:
        booking.status = BookingStatus.CONFIRMED
        announce(BookingConfirmed(**_about(booking), person_id=by.id))


def begin(booking: Booking, *, by: Person) -> None:
    """The expert is there; by phone both telephones ring, and again if they may not have."""
    if booking.status is BookingStatus.HELD:
        if booking.may_not_have_rung(clock.now()):
            booking.called_at = booking.call_failed_at = None
            announce(BookingBegun(**_about(booking), person_id=by.id))
        return
    _refuse_past(booking)
    starts_at, now = _slot(booking).starts_at, clock.now()
    if now < starts_at - EARLY:
        raise Conflict(_("Il est trop tôt : commencez à l’heure dite, ou dix minutes avant."))
    referral = actions.get(booking.referral_id)
    booking.status, booking.begun_at = BookingStatus.HELD, now
    booking.waits_from = booking.waits_from or now
    referral.take_seconds = max(0, int((now - starts_at).total_seconds()))
    if referral.taken_by is None:
        actions.take(referral, by=by)
    else:
        waits.serve(referral, by=by)
    announce(BookingBegun(**_about(booking), person_id=by.id))


def cancel(booking: Booking, why: str, *, by: Person | None) -> None:
    """Give the slot back; the question goes on in writing."""
    _refuse_past(booking)
    _end(booking, BookingStatus.CANCELLED, why, by)


def miss(booking: Booking, *, is_citizen: bool, by: Person | None) -> None:
    """Nobody came: the expert, or the citizen. The question goes on in writing."""
    _refuse_past(booking)
    if clock.now() < _slot(booking).starts_at:
        raise Conflict(_("L’heure du rendez-vous n’est pas encore venue."))
    _end(booking, BookingStatus.ABSENT if is_citizen else BookingStatus.MISSED, "", by)


def settle(referral_id: int) -> None:
    """The question is closed: an appointment still ahead of it is no longer needed."""
    row = db.session.execute(slot_queries.ahead_of(referral_id)).one_or_none()
    if row is not None:
        _end(row.Booking, BookingStatus.CANCELLED, "", None)


def look_after(booking: Booking, slot: Slot, referral: Referral, *, is_there: bool) -> None:
    """What time brings: the wait begins, an expert has left or is away, nobody came."""
    if not is_there:
        cancel(booking, _("L’expert n’est plus là ce jour-là."), by=None)
        return
    if booking.waits_from is None and slot.starts_at <= clock.now():
        booking.waits_from = clock.now()
        _wait(referral, QueueKind.CONSULT)
    if slot.ends_at <= clock.now():
        miss(booking, is_citizen=False, by=None)


def count_begun(booking: Booking) -> None:
    """One that began before anybody had to wait counts among what was asked live too."""
    referral = actions.get(booking.referral_id)
    taker = referral.taken_by and db.session.get_one(Person, (booking.centre_id, referral.taken_by))
    if taker and not waits.has_waited(referral):
        _wait(referral, QueueKind.CONSULT)
        waits.serve(referral, by=taker)


def go_on_in_writing(booking: Booking) -> bool:
    """The team owes a written answer in its usual time; an expert who did not come, no later.

    False for a question that is closed, has another appointment, or goes on in writing already.
    """
    referral = actions.lock_id(booking.referral_id)
    ahead = db.session.execute(slot_queries.ahead_of(referral.id)).one_or_none()
    if not referral.is_open or not referral.is_booked or ahead is not None:
        return False
    waits.drop(referral, OUTCOMES[booking.status])
    referral.is_booked = False
    _wait(referral, QueueKind.REFERRAL)
    if not _is_theirs(booking) and referral.due_at is not None:
        team = _team(referral)
        start_clock(referral, team, answer_time(team), _mandate(referral))
    return True


def lock(booking_id: int, *, person: Person) -> Booking:
    """An appointment whose question this person may see, its question locked before it.

    Raises NotFound.
    """
    booking = db.session.get(Booking, (person.centre_id, booking_id))
    if booking is None:
        raise NotFound(_("Ce rendez-vous n’existe pas, ou n’est pas à vous."))
    actions.lock(booking.referral_id, person=person)
    db.session.refresh(booking, with_for_update=True)
    return booking


def _free(slot_id: int, ticket: Ticket, way: Way) -> Slot:
    """The slot, locked, if it can be had by this way."""
    slot = db.session.scalar(slot_queries.locked_slot(slot_id))
    if slot is None or slot.taken_back_at is not None or slot.starts_at <= clock.now():
        raise Conflict(_("Ce créneau n’est plus proposé. Choisissez-en un autre."))
    if holder := db.session.scalar(slot_queries.holder_of(slot)):
        raise Conflict(
            _("%(name)s vient de prendre ce créneau. Choisissez-en un autre.", name=holder)
        )
    if way is Way.PHONE and not slot.telephone:
        raise Invalid(_("Cet expert ne répond pas par téléphone à cette heure-là."), "way")
    if way is Way.PHONE and not _telephone_of(ticket):
        raise Invalid(_("Notez d’abord le numéro de téléphone de la personne."), "way")
    return slot


def can_be_called(ticket: Ticket) -> bool:
    return bool(_telephone_of(ticket))


def _telephone_of(ticket: Ticket) -> str:
    citizen = ticket.citizen_id and db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
    return (citizen.phone or "") if citizen else ""


def _keep(slot: Slot, referral: Referral, way: Way, by: Person) -> Booking:
    if db.session.execute(slot_queries.ahead_of(referral.id)).one_or_none() is not None:
        raise Conflict(_("Un rendez-vous est déjà pris pour cette question."))
    booking = Booking(
        slot_id=slot.id,
        referral_id=referral.id,
        way=way,
        status=BookingStatus.BOOKED,
        booked_by=by.id,
        booked_at=clock.now(),
    )
    db.session.add(booking)
    db.session.flush()  # the event names it
    announce(ConsultBooked(**_about(booking), person_id=by.id))
    return booking


def _wait(referral: Referral, kind: QueueKind) -> None:
    asker = db.session.get_one(Person, (referral.centre_id, referral.asked_by))
    waits.begin(referral, tickets.get(referral.ticket_id), _team(referral), by=asker, kind=kind)


def _is_theirs(booking: Booking) -> bool:
    """Whether the expert's side let the appointment fall."""
    if booking.status is BookingStatus.MISSED:
        return True
    by = booking.ended_by and db.session.get_one(Person, (booking.centre_id, booking.ended_by))
    return bool(by and by.is_referent and booking.status is BookingStatus.CANCELLED)


def _end(booking: Booking, status: BookingStatus, why: str, by: Person | None) -> None:
    booking.status, booking.ended_at = status, clock.now()
    booking.ended_why, booking.ended_by = why.strip()[:LONGEST_LINE], by.id if by else None
    announce(
        BookingEnded(
            **_about(booking),
            status=status,
            person_id=by.id if by else None,
            reason=booking.ended_why or None,
        )
    )


def _refuse_past(booking: Booking) -> None:
    if booking.status not in AHEAD:
        raise Conflict(_("Ce rendez-vous a déjà eu lieu ou n’est plus. La page a été relue."))


def _about(booking: Booking) -> dict[str, Any]:
    return {**named(actions.get(booking.referral_id)), "booking_id": booking.id}


def _slot(booking: Booking) -> Slot:
    return db.session.get_one(Slot, (booking.centre_id, booking.slot_id))


def _team(referral: Referral) -> Team:
    return db.session.get_one(Team, (referral.centre_id, referral.team_id))


def _mandate(referral: Referral) -> Mandate | None:
    if referral.mandate_id is None:
        return None
    return db.session.get_one(Mandate, (referral.centre_id, referral.mandate_id))
