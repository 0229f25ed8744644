"""An appointment with an expert: booked once, kept or not, and never the end of a question."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from contactcenter.accounts.models import Person
from contactcenter.db import db, within
from contactcenter.directory.models import Team
from contactcenter.edge import ContactCenter, drain, transaction
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import actions, bookings, slot_queries, slots
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.slot_models import Booking, BookingStatus, Slot, Way
from contactcenter.escalation.staffing_models import Absence, DutyShift
from contactcenter.notices.models import Notice
from contactcenter.outbox import LANES
from contactcenter.queues.models import Queue, QueueKind, Visit
from contactcenter.queues.outcomes import Outcome
from tests.conftest import MovableClock
from tests.escalation.appointments import book, give_number, slot
from tests.escalation.matter import Matter
from tests.factories import World

Sweep = Callable[[], None]
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def booking(in_centre: None, world: World, matter: Matter) -> Booking:
    with transaction():
        return book(world, matter, slot(world))


def work() -> None:
    for lane in LANES:
        drain(lane)
    db.session.expire_all()


def question_of(booking: Booking) -> Referral:
    return actions.get(booking.referral_id)


def waits_of(booking: Booking) -> list[tuple[QueueKind, Outcome | None]]:
    rows = (
        db.select(Queue.kind, Visit.outcome)
        .join(Visit, Visit.queue_id == Queue.id)
        .where(Visit.referral_id == booking.referral_id)
        .order_by(Visit.id)
    )
    return [(kind, outcome) for kind, outcome in db.session.execute(rows)]


def written() -> list[tuple[str, str]]:
    rows = db.select(Notice.to_address, Notice.subject).where(Notice.kind == "booking")
    return [(to, subject) for to, subject in db.session.execute(rows.order_by(Notice.id))]


def test_slots_lie_in_the_teams_hours_one_after_the_other_and_never_twice(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    day = clock.time.astimezone(PARIS).date() + timedelta(days=1)
    offered = slots.offer(team, day, time(11), time(15), 30, "", by=world.referent)
    again = slots.offer(team, day, time(11, 15), time(12), 30, "", by=world.referent)
    starts = db.session.scalars(db.select(Slot.starts_at).order_by(Slot.starts_at)).all()
    said = [each.astimezone(PARIS).strftime("%H:%M") for each in starts]
    assert said == ["11:00", "11:30", "13:30", "14:00", "14:30"]  # lunch is left out
    assert (offered, again.added) == (slots.Offered(5, 3), 0)


def test_ones_duty_is_offered_as_far_as_the_team_is_open(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    weekday = (clock.time.astimezone(PARIS).date() + timedelta(days=1)).weekday()
    shift = DutyShift(team_id=world.team_id, person_id=world.referent.id, weekday=weekday)
    shift.from_minute, shift.to_minute = 8 * 60, 10 * 60  # the team opens at half past eight
    db.session.add(shift)
    offered = slots.offer_duty(30, "", by=world.referent)
    assert offered == slots.Offered(6, 2)  # two weeks, each with half an hour too early


def test_the_question_is_owed_at_the_end_of_the_appointment_and_nobody_waits_yet(
    booking: Booking, world: World
) -> None:
    at = db.session.get_one(Slot, (world.centre_id, booking.slot_id))
    assert question_of(booking).due_at == at.ends_at
    assert waits_of(booking) == []
    work()
    assert written() == [
        (world.referent.email, "Un rendez-vous est pris avec vous"),
        ("josette@citoyens.example", written()[1][1]),
    ]
    about = db.session.scalars(db.select(Notice.body).where(Notice.kind == "booking")).first()
    assert "Lambertin" not in about


def test_two_who_book_one_slot_at_once_are_one_winner_and_one_who_is_told(
    in_centre: None, world: World, matter: Matter, app: ContactCenter
) -> None:
    with transaction():
        slot_id = slot(world).id
    together = Barrier(2)

    def try_it(person: Person) -> str:
        with app.app_context(), within(person.scope):
            try:
                with transaction():
                    at = db.session.get_one(Slot, (world.centre_id, slot_id))
                    together.wait(5)
                    book(world, matter, at, by=person, question=f"De {person.name} ?")
            except Conflict as told:
                return str(told)
        return "booked"

    with ThreadPoolExecutor(2) as people:
        said = list(people.map(try_it, (world.agent, world.second_agent)))
    winner = world.agent if said[0] == "booked" else world.second_agent
    told = f"{winner.name} vient de prendre ce créneau. Choisissez-en un autre."
    assert sorted(said) == sorted(["booked", told])
    assert len(db.session.scalars(db.select(Booking.id)).all()) == 1
    assert len(db.session.scalars(db.select(Referral.id)).all()) == 1


def test_the_telephone_needs_two_numbers(in_centre: None, world: World, matter: Matter) -> None:
    at = slot(world)
    with pytest.raises(Invalid):
        book(world, matter, at, Way.PHONE)
    give_number(matter)
    assert book(world, matter, at, Way.PHONE).way is Way.PHONE


def test_beginning_late_is_a_wait_for_the_expert_and_an_answer_ends_it(
    booking: Booking, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.advance(hours=2)
    sweep()
    clock.advance(minutes=4)
    with transaction():
        bookings.begin(booking, by=world.referent)
    work()
    assert (booking.status, question_of(booking).take_seconds) == (BookingStatus.HELD, 240)
    assert waits_of(booking) == [(QueueKind.CONSULT, Outcome.ANSWERED)]
    with transaction():
        actions.answer(question_of(booking), "Oui.", by=world.referent)
    assert (booking.status, question_of(booking).answer_seconds) == (BookingStatus.HELD, None)


def test_beginning_early_is_counted_without_a_wait(
    booking: Booking, world: World, clock: MovableClock
) -> None:
    clock.advance(hours=1, minutes=49)
    with pytest.raises(Conflict):
        bookings.begin(booking, by=world.referent)
    clock.advance(minutes=2)
    with transaction():
        bookings.begin(booking, by=world.referent)
    work()
    assert question_of(booking).take_seconds == 0
    assert waits_of(booking) == [(QueueKind.CONSULT, Outcome.ANSWERED)]


def test_cancelled_it_goes_on_in_writing_and_the_slot_is_free_again(
    booking: Booking, world: World
) -> None:
    with transaction():
        bookings.cancel(booking, "Elle ne peut pas.", by=world.agent)
    work()
    question = question_of(booking)
    assert (question.is_booked, question.status) == (False, ReferralStatus.SENT)
    assert waits_of(booking) == [(QueueKind.REFERRAL, None)]
    assert question.due_at > db.session.get_one(Slot, (world.centre_id, booking.slot_id)).ends_at
    assert {to for to, _subject in written()} == {world.referent.email, "josette@citoyens.example"}
    at = db.session.get_one(Slot, (world.centre_id, booking.slot_id))
    assert db.session.scalar(slot_queries.holder_of(at)) is None


def test_an_expert_who_cancels_gains_no_time(booking: Booking, world: World) -> None:
    due_at = question_of(booking).due_at
    with transaction():
        bookings.cancel(booking, "Réunion.", by=world.referent)
    work()
    assert question_of(booking).due_at == due_at


def test_an_expert_who_does_not_come_has_missed_it_and_the_agent_is_told(
    booking: Booking, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.advance(hours=2, minutes=20)
    sweep()
    work()
    sweep()
    assert booking.status is BookingStatus.MISSED
    assert waits_of(booking) == [
        (QueueKind.CONSULT, Outcome.TIMEOUT),
        (QueueKind.REFERRAL, None),
    ]
    assert (world.agent.email, "Un rendez-vous avec un expert n’a pas eu lieu") in written()


def test_a_citizen_who_does_not_come_is_no_fault_of_the_experts(
    booking: Booking, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.advance(hours=2)
    sweep()
    clock.advance(minutes=10)
    with transaction():
        bookings.miss(booking, is_citizen=True, by=world.referent)
    work()
    assert booking.status is BookingStatus.ABSENT
    assert waits_of(booking)[0] == (QueueKind.CONSULT, Outcome.ABANDONED)
    assert question_of(booking).due_at > clock.time + timedelta(hours=1)


def test_changed_it_keeps_its_question_and_frees_the_first_slot(
    booking: Booking, world: World
) -> None:
    with transaction():
        later = slot(world, timedelta(hours=3))
        again = bookings.book_again(later.id, question_of(booking), Way.CHAT, by=world.agent)
    work()
    assert (booking.status, again.status) == (BookingStatus.CHANGED, BookingStatus.BOOKED)
    assert (question_of(booking).due_at, question_of(booking).is_booked) == (later.ends_at, True)


@pytest.mark.parametrize("ends", ["answered", "withdrawn"])
def test_a_question_that_is_closed_needs_no_appointment(
    ends: str, booking: Booking, world: World
) -> None:
    with transaction():
        if ends == "answered":
            actions.answer(question_of(booking), "Oui.", by=world.referent)
        else:
            actions.withdraw(question_of(booking), "Réglé.", by=world.agent)
    work()
    assert booking.status is BookingStatus.CANCELLED
    assert waits_of(booking) == []


def test_an_expert_who_is_away_that_day_cannot_be_booked_and_loses_what_was(
    booking: Booking, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    day = clock.time.astimezone(PARIS).date()
    with transaction():
        slot(world, timedelta(hours=3))
        db.session.add(Absence(person_id=world.referent.id, from_on=day, to_on=day))
    now = clock.time
    free = slot_queries.free([world.team_id], now, now + timedelta(days=9))
    assert db.session.execute(free).all() == []
    sweep()
    assert booking.status is BookingStatus.CANCELLED


def test_what_somebody_has_is_not_taken_back(booking: Booking, world: World) -> None:
    with pytest.raises(Conflict):
        slots.take_back(booking.slot_id, by=world.referent)
    free = slot(world, timedelta(hours=5))
    with pytest.raises(NotFound):
        slots.take_back(free.id, by=world.lead)
    slots.take_back(free.id, by=world.referent)
    assert free.taken_back_at is not None


def test_postgresql_shows_appointments_to_that_organisation_and_to_no_other(
    app: ContactCenter, booking: Booking, world: World
) -> None:
    db.session.rollback()

    def seen(person: Person) -> tuple[int, int]:
        with app.app_context(), within(person.scope):
            rows = (db.session.scalars(db.select(each.id)).all() for each in (Slot, Booking))
            slots_seen, bookings_seen = (len(each) for each in rows)
            return slots_seen, bookings_seen

    who = (world.agent, world.referent, world.other_referent)
    assert [seen(each) for each in who] == [(1, 1), (1, 1), (0, 0)]
