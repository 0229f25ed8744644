"""An appointment by telephone: our line rings the expert, and through it the citizen."""

import socket
import threading
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


@pytest.fixture
def ring(errand):
    return lambda booking_id: errand(lambda: jobs.ring_booking(booking_id))


def test_the_expert_is_rung_and_then_the_citizen_both_from_our_number(
    operator, world, begun, ring, within_centre, look
):
    booking_id = begun("+33199000001")
    for _twice in range(2):
        ring(booking_id)
    [placed] = operator.network.placed
    assert (placed["to"], placed["from"]) == ("+33199000001", world.line_number)
    dial = ET.fromstring(placed["twiml"]).find("Dial")
    assert (dial.get("callerId"), dial.find("Number").text) == (world.line_number, "+33639980099")
    [booking] = look.all(Booking)
    assert booking.call_failed_at is None


def test_a_call_that_is_refused_is_said_and_may_be_made_again(
    operator, world, begun, ring, within_centre, look
):
    booking_id = begun(UNREACHABLE)
    ring(booking_id)
    assert look.all(Booking)[0].call_failed_at is not None
    within_centre(
        lambda: bookings.begin(bookings.lock(booking_id, person=world.referent), by=world.referent)
    )
    assert look.all(Booking)[0].call_failed_at is None
    assert operator.network.placed == []


def test_who_is_cut_short_while_dialling_rings_nobody_twice_and_the_expert_may(
    operator, world, begun, ring, within_centre, look, clock
):
    booking_id = begun("+33199000001")
    within_centre(lambda: jobs.ring_booking(booking_id))  # and the worker dies before its errand
    ring(booking_id)
    assert operator.network.placed == []

    def begin_again():
        booking = bookings.lock(booking_id, person=world.referent)
        bookings.begin(booking, by=world.referent)

    within_centre(begin_again)  # at once: it may be ringing
    ring(booking_id)
    assert operator.network.placed == []
    clock.advance(seconds=31)
    within_centre(begin_again)
    ring(booking_id)
    assert len(operator.network.placed) == 1
    assert look.all(Booking)[0].call_sid


def test_a_call_nobody_knows_of_is_neither_made_again_nor_said_to_have_failed(
    settings, begun, ring, look
):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.twilio_api_base = f"http://127.0.0.1:{mute.getsockname()[1]}"
        threading.Thread(target=lambda: mute.accept()[0].close(), daemon=True).start()
        booking_id = begun("+33199000001")
        ring(booking_id)
    settings.twilio_api_base = ""
    [booking] = look.all(Booking)
    assert (booking.call_sid, booking.call_failed_at) == ("", None)
    assert booking.called_at is not None
