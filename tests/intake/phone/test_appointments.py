"""An appointment by telephone: our line rings the expert, and through it the citizen."""

import xml.etree.ElementTree as ET

import pytest

from contactcenter.escalation import bookings
from contactcenter.escalation.slot_models import Booking, Way
from contactcenter.intake.phone import jobs
from tests.escalation.appointments import IN, book, give_number, slot

UNREACHABLE = "+33199000099"  # the network does not know it


@pytest.fixture
def begun(world, matter, within_centre, clock):
    """An appointment by telephone whose expert has just said that they are there."""

    def begin(telephone: str) -> int:
        def make() -> int:
            give_number(matter)
            at = slot(world)
            at.telephone = telephone
            return book(world, matter, at, Way.PHONE).id

        booking_id = within_centre(make)
        clock.advance(seconds=IN.total_seconds())
        within_centre(
            lambda: bookings.begin(
                bookings.lock(booking_id, person=world.referent), by=world.referent
            )
        )
        return booking_id

    return begin


def test_the_expert_is_rung_and_then_the_citizen_both_from_our_number(
    operator, world, begun, within_centre, look
):
    booking_id = begun("+33199000001")
    for _twice in range(2):
        within_centre(lambda: jobs.ring_booking(booking_id))
    [placed] = operator.network.placed
    assert (placed["to"], placed["from"]) == ("+33199000001", world.line_number)
    dial = ET.fromstring(placed["twiml"]).find("Dial")
    assert (dial.get("callerId"), dial.find("Number").text) == (world.line_number, "+33639980099")
    [booking] = look.all(Booking)
    assert booking.call_failed_at is None


def test_a_call_that_is_refused_is_said_and_may_be_made_again(
    operator, world, begun, within_centre, look
):
    booking_id = begun(UNREACHABLE)
    within_centre(lambda: jobs.ring_booking(booking_id))
    assert look.all(Booking)[0].call_failed_at is not None
    within_centre(
        lambda: bookings.begin(bookings.lock(booking_id, person=world.referent), by=world.referent)
    )
    assert look.all(Booking)[0].call_failed_at is None
    assert operator.network.placed == []
