"""Slots and appointments for tests."""

from datetime import timedelta
from typing import Any

from contactcenter import clock
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.escalation import bookings
from contactcenter.escalation.slot_models import Booking, Slot, Way
from contactcenter.tickets import actions as tickets
from tests.escalation.matter import Matter
from tests.factories import World

IN = timedelta(hours=2)
LASTS = timedelta(minutes=20)


def slot(world: World, begins_in: timedelta = IN, **more: Any) -> Slot:
    """A slot of the expert's; flushed, so that it can be booked."""
    starts_at = clock.now() + begins_in
    made = Slot(
        organisation_id=world.partner_id,
        team_id=world.team_id,
        person_id=world.referent.id,
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        telephone="+33199000001",
        offered_at=clock.now(),
        **more,
    )
    db.session.add(made)
    db.session.flush()
    return made


def book(world: World, matter: Matter, at: Slot, way: Way = Way.CHAT, **more: Any) -> Booking:
    ticket = tickets.get(matter.ticket_id)
    asked = {"question": "Définitif ?", "by": world.agent, "without_identity": False} | more
    return bookings.book(at.id, ticket, way, **asked)


def give_number(matter: Matter, **more: Any) -> None:
    """The citizen of the matter has a telephone."""
    ticket = tickets.get(matter.ticket_id)
    citizen = db.session.get_one(Citizen, (ticket.centre_id, ticket.citizen_id))
    citizen.phone = "+33639980099"
    for name, value in more.items():
        setattr(citizen, name, value)
