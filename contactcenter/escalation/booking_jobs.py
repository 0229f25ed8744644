"""What follows from appointments, and what time brings. Every job may run twice."""

from collections.abc import Callable
from datetime import datetime

from contactcenter import clock
from contactcenter.accounts.models import Centre, Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.edge import job, sweep
from contactcenter.escalation import actions, booking_letters, bookings, slot_queries
from contactcenter.escalation.jobs import tell_team
from contactcenter.escalation.ladder import in_place_of, organisation_of
from contactcenter.escalation.models import Referral
from contactcenter.escalation.shown import request_of, shown_citizen
from contactcenter.escalation.slot_models import Booking, BookingStatus, Slot
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import Letter, speaking
from contactcenter.notices.models import Means
from contactcenter.tickets import actions as tickets

AT_ONCE = 100
Write = Callable[[str, datetime], Letter]


@job
def tell_booked(booking_id: int) -> None:
    """Tell the expert and the citizen when; not for one that is over by now."""
    booking, slot, referral = _of(booking_id)
    if booking.is_ahead:
        expert = _person(slot.person_id)
        _tell_person(expert, booking_letters.booked, referral, slot, f"booked:{booking.id}")
        _tell_citizen(booking, slot, referral, is_on=True)


@job
def follow_ended(booking_id: int) -> None:
    """What was cancelled or missed goes on in writing, and whom it concerns is told."""
    booking, slot, referral = _of(booking_id)
    goes_on = bookings.go_on_in_writing(booking)
    if goes_on:
        tell_team(referral.id)
    once = f"ended:{booking.id}"
    if booking.status in (BookingStatus.MISSED, BookingStatus.ABSENT):
        for agent in in_place_of(booking.booked_by, referral):
            _tell_person(agent, booking_letters.not_held, referral, slot, once)
    elif booking.ended_by != slot.person_id and slot.starts_at > clock.now():
        _tell_person(_person(slot.person_id), booking_letters.given_up, referral, slot, once)
    if booking.status is not BookingStatus.CHANGED:
        _tell_citizen(booking, slot, referral, is_on=False)


@job
def count_begun(booking_id: int) -> None:
    bookings.count_begun(_of(booking_id)[0])


@sweep(every_seconds=15)
def look_after_bookings() -> bool:
    rows = db.session.execute(slot_queries.to_look_after(clock.now(), AT_ONCE)).all()
    for booking, slot, referral, is_there in rows:
        bookings.look_after(booking, slot, referral, is_there=is_there)
    return len(rows) == AT_ONCE


def _of(booking_id: int) -> tuple[Booking, Slot, Referral]:
    booking = db.session.get_one(Booking, (current_centre(), booking_id))
    slot = db.session.get_one(Slot, (current_centre(), booking.slot_id))
    return booking, slot, actions.get(booking.referral_id)


def _person(person_id: int) -> Person:
    return db.session.get_one(Person, (current_centre(), person_id))


def _tell_person(person: Person, write: Write, referral: Referral, slot: Slot, once: str) -> None:
    """Nobody whose account is closed: their appointments went on without them."""
    if not person.is_active:
        return
    path = f"/referrals/{referral.id}"
    if not person.is_referent:
        path = f"/tickets/{tickets.get(referral.ticket_id).reference}"
    with speaking(person.language, _zone_of(person, slot)):
        letter = write(public_url(path), slot.starts_at)
    notices.write(
        kind="booking",
        means=Means.EMAIL,
        to_address=person.email,
        subject=letter.subject,
        body=letter.body,
        language=person.language,
        referral_id=referral.id,
        dedupe_key=f"booking:{once}:{person.id}",
        is_rehearsal=referral.is_rehearsal,
    )


def _tell_citizen(booking: Booking, slot: Slot, referral: Referral, *, is_on: bool) -> None:
    """By SMS where they want it, else by mail; who has neither was told by the agent."""
    ticket, citizen = request_of(referral), shown_citizen(referral)
    if not citizen or not (citizen.email or (citizen.phone and citizen.wants_texts)):
        return
    organisation = organisation_of(_team(referral)).name
    about = (ticket.reference, organisation, slot.starts_at)
    by_text = bool(citizen.phone and citizen.wants_texts)
    with speaking(ticket.language, _centre().timezone):
        letter, text = _words(about, booking, is_on=is_on)
    notices.write(
        kind="booking",
        means=Means.SMS if by_text else Means.EMAIL,
        to_address=(citizen.phone if by_text else citizen.email) or "",
        subject="" if by_text else letter.subject,
        body=text if by_text else letter.body,
        language=ticket.language,
        ticket_id=referral.ticket_id,
        referral_id=referral.id,
        citizen_id=citizen.id,
        dedupe_key=f"booking:{booking.id}:citizen:{'on' if is_on else 'off'}",
        is_rehearsal=referral.is_rehearsal,
    )


def _words(
    about: tuple[str, str, datetime], booking: Booking, *, is_on: bool
) -> tuple[Letter, str]:
    if is_on:
        letter = booking_letters.citizen_booked(*about, booking.way)
        return letter, booking_letters.citizen_booked_text(*about)
    return booking_letters.citizen_ended(*about), booking_letters.citizen_ended_text(*about)


def _zone_of(person: Person, slot: Slot) -> str:
    if not person.is_referent:
        return _centre().timezone
    return db.session.get_one(Team, (current_centre(), slot.team_id)).timezone


def _team(referral: Referral) -> Team:
    return db.session.get_one(Team, (referral.centre_id, referral.team_id))


def _centre() -> Centre:
    return db.session.get_one(Centre, current_centre())
