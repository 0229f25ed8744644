"""Appointments on the pages of the agent, the expert and the citizen."""

import re
from datetime import timedelta

from contactcenter import clock as the_clock
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.escalation.slot_models import Booking, BookingStatus, Slot
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.references import hash_code
from tests.conftest import MovableClock, SignIn
from tests.escalation.appointments import book, give_number, slot
from tests.escalation.matter import Matter
from tests.factories import World


def offered(app: ContactCenter, world: World) -> int:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        return slot(world).id


def booked(app: ContactCenter, world: World, matter: Matter) -> int:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        return book(world, matter, slot(world)).id


def test_an_expert_offers_a_moment_and_takes_one_back(
    app: ContactCenter, world: World, sign_in: SignIn, seen
) -> None:
    expert = sign_in(world.referent)
    day = (the_clock.now() + timedelta(days=1)).date().isoformat()
    sent = {"team": world.team_id, "on": day, "start": "09:00", "end": "10:00", "minutes": 20}
    wrong = expert.post("/referrals/slots", data=sent | {"telephone": "12"})
    assert wrong.status_code == 422
    answer = expert.post("/referrals/slots", data=sent | {"telephone": "01 99 00 00 01"})
    assert answer.status_code == 303
    page = expert.get("/referrals/slots").text
    assert "3 créneaux proposés." in page
    first = seen(Slot)[0]
    assert first.telephone == "+33199000001"
    assert expert.post("/referrals/slots/duty", data={"duty-minutes": 15}).status_code == 303
    expert.post(f"/referrals/slots/{first.id}/removal")
    assert f"/referrals/slots/{first.id}/removal" not in expert.get("/referrals/slots").text


def test_an_agent_books_what_is_free_and_both_sides_see_it(
    app: ContactCenter, world: World, matter: Matter, sign_in: SignIn, seen
) -> None:
    slot_id = offered(app, world)
    agent, new = sign_in(world.agent), f"/tickets/{matter.reference}/bookings/new"
    assert new in agent.get(f"/tickets/{matter.reference}/referrals").text
    assert f'value="{slot_id}"' in agent.get(new).text
    sent = {"slot": slot_id, "way": "chat", "question": "Définitif ?"}
    answer = agent.post(f"/tickets/{matter.reference}/bookings", data=sent)
    assert answer.status_code == 303
    [booking] = seen(Booking)
    panel = agent.get(f"/tickets/{matter.reference}/referrals").text
    assert re.search(r"Rendez-vous\s:", panel)
    assert "à confirmer par l’expert" in panel
    late = agent.post(f"/tickets/{matter.reference}/bookings", data=sent | {"question": "Quoi ?"})
    assert late.status_code == 409
    assert f"{world.agent.name} vient de prendre ce créneau." in late.text
    expert = sign_in(world.referent)
    assert "rendez-vous avec vous" in expert.get("/referrals").text
    expert.post(f"/referrals/bookings/{booking.id}/confirmation")
    assert "confirmé par l’expert" in agent.get(f"/tickets/{matter.reference}/referrals").text


def test_who_answers_in_writing_alone_is_asked_in_writing_without_choosing(
    app: ContactCenter, world: World, matter: Matter, sign_in: SignIn
) -> None:
    agent, new = sign_in(world.agent), f"/tickets/{matter.reference}/bookings/new"
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        give_number(matter)
        at = slot(world)
        slot_id = at.id
    assert chosen_way(agent.get(new).text) == "phone"
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Slot, (world.centre_id, slot_id)).telephone = ""
    assert chosen_way(agent.get(new).text) == "chat"


def chosen_way(page: str) -> str:
    [checked] = re.findall(r'<input checked[^>]*name="way"[^>]*value="(\w+)"', page)
    return str(checked)


def test_the_citizen_finds_it_on_the_follow_up_page_and_may_cancel(
    app: ContactCenter, world: World, matter: Matter, seen
) -> None:
    booking_id = booked(app, world, matter)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = db.session.get_one(Ticket, (world.centre_id, matter.ticket_id))
        ticket.follow_up_hash = hash_code("KQ7M3XTA")
    citizen = app.test_client()
    page = citizen.get("/follow-up").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    citizen.environ_base["HTTP_X_CSRFTOKEN"] = token
    citizen.post("/follow-up", data={"code": "KQ7M-3XTA"})
    page = citizen.get("/follow-up").text
    assert "Votre rendez-vous" in page
    assert "Impôts d’essai" in page
    assert world.referent.name not in page
    off = "/follow-up/appointment-cancellation"
    citizen.post(off, data={"booking": booking_id + 1})
    assert seen(Booking)[0].status is BookingStatus.BOOKED
    citizen.post(off, data={"booking": booking_id})
    assert seen(Booking)[0].status is BookingStatus.CANCELLED
    assert "Votre rendez-vous" not in citizen.get("/follow-up").text


def test_the_expert_begins_at_the_hour_and_not_sooner(
    app: ContactCenter, world: World, matter: Matter, sign_in: SignIn, clock: MovableClock, seen
) -> None:
    booking_id = booked(app, world, matter)
    beginning = f"/referrals/bookings/{booking_id}/beginning"
    assert sign_in(world.referent).post(beginning).status_code == 409
    clock.advance(hours=2)
    assert sign_in(world.referent).post(beginning).status_code == 303
    assert seen(Booking)[0].status is BookingStatus.HELD
