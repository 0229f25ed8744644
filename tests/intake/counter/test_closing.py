"""What time does at a counter."""

import pytest

from contactcenter.edge import run_sweeps
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Status, Ticket
from tests.intake.counter.conftest import Desk


@pytest.fixture
def sweep(app, world):
    def swept() -> None:
        with app.app_context():
            run_sweeps(world.centre_id)

    return swept


def test_a_first_call_without_answer_gives_the_place_back(desk, visit_of, clock, sweep):
    visit = desk.admit()
    desk.call()
    clock.advance(minutes=11)
    sweep()
    assert visit_of(visit).state is VisitState.WAITING


def test_a_second_call_without_answer_is_an_abandonment(desk, visit_of, clock, sweep):
    visit = desk.admit()
    desk.call()
    desk.post(f"visits/{visit}/calls")
    clock.advance(minutes=11)
    sweep()
    assert visit_of(visit).outcome is Outcome.ABANDONED


def test_a_lunch_break_ends_nobodys_wait(desk, visit_of, clock, sweep):
    visit = desk.admit()  # 10:00 in Paris; the site closes from 12:00 to 13:30
    clock.advance(hours=3)
    sweep()
    assert visit_of(visit).state is VisitState.WAITING


def test_who_is_inside_at_closing_time_is_still_received(desk, visit_of, clock, sweep):
    visit = desk.admit()
    clock.advance(hours=7, minutes=29)
    sweep()
    assert visit_of(visit).state is VisitState.WAITING


def test_the_day_ends_for_who_still_waits(world, sign_in, desk, visit_of, load, clock, sweep):
    visit, called = desk.admit(), desk.admit(name="Zoé Exemple", phone="01 99 00 12 34")
    clock.advance(hours=7, minutes=25)
    late = Desk(sign_in(world.second_agent), world.second_counter_id)
    assert late.post(f"visits/{called}/calls").status_code == 303
    assert visit_of(called).state is VisitState.RESERVED
    clock.advance(minutes=6)
    sweep()
    assert visit_of(visit).outcome is Outcome.TIMEOUT
    assert visit_of(called).outcome is Outcome.TIMEOUT
    assert load(Ticket, visit_of(visit).ticket_id).status is Status.RESOLVED
    assert load(Ticket, visit_of(called).ticket_id).status is Status.OPEN


def test_the_day_ends_for_who_was_forgotten_at_the_counter(desk, visit_of, load, clock, sweep):
    received = desk.admit()
    desk.call()
    desk.receive(received)
    clock.advance(hours=8)
    sweep()
    over = visit_of(received)
    assert (over.state, over.outcome) == (VisitState.OVER, Outcome.ANSWERED)
    assert load(Ticket, over.ticket_id).status is Status.OPEN


def test_who_comes_after_hours_is_not_sent_away(world, sign_in, visit_of, clock, sweep):
    clock.advance(hours=9)
    visit = Desk(sign_in(world.agent), world.counter_id).admit()
    clock.advance(minutes=45)
    sweep()
    assert visit_of(visit).state is VisitState.WAITING


def test_sweeping_twice_changes_nothing_more(desk, visit_of, clock, sweep):
    visit = desk.admit()
    clock.advance(hours=8)
    sweep()
    left = visit_of(visit).left_at
    clock.advance(minutes=5)
    sweep()
    assert visit_of(visit).left_at == left
