"""How a queue stands now: who waits, who serves, and what came of whom."""

from datetime import timedelta

import pytest

from contactcenter.accounts.models import Centre, Membership
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.intake.phone.waiting import place_of
from contactcenter.queues.civil_days import midnight
from contactcenter.queues.load import Load, loads
from contactcenter.queues.measures import load_now
from contactcenter.queues.models import ChosenStatus, Queue, QueueKind, Source, Visit, VisitState
from contactcenter.queues.outcomes import LOST, Outcome
from contactcenter.queues.presence import choose, write_up


@pytest.fixture
def load(app, world, clock):
    """How the phone queue stands."""

    def look(**more) -> Load:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            ids = [world.phone_queue_id, world.counter_queue_id]
            day = midnight(clock.time, "Europe/Paris")
            return loads(world.centre_id, ids, clock.time, day, **more)[ids[0]]

    return look


def test_who_waits_is_counted_and_the_oldest_is_known(load, visit, clock):
    visit(ago=7)
    visit(ago=3)
    assert (load().waiting, load().longest_seconds(clock.time)) == (2, 420)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome in LOST])
def test_each_way_of_being_lost_is_counted(load, visit, outcome):
    visit(outcome)
    assert (load().hour.lost, load().hour.answered) == (1, 0)


def test_an_answer_within_the_target_is_on_time(load, visit):
    visit(Outcome.ANSWERED, wait=10)
    visit(Outcome.ANSWERED, wait=11, ago=30)
    assert (load().today.on_time, load().today.owed) == (1, 2)


def test_who_waits_beyond_the_target_lowers_the_service_level(load, visit):
    visit(Outcome.ANSWERED)
    assert load().today.service_level == 1
    visit(ago=11)
    assert load().today.service_level == 0.5


def test_a_figure_changes_when_the_row_behind_it_changes(app, world, load, visit):
    visit_id = visit(ago=2)
    assert (load().waiting, load().hour.gave_up) == (1, 0)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        row = db.session.get_one(Visit, (world.centre_id, visit_id))
        row.outcome, row.state = Outcome.ABANDONED, VisitState.OVER
        row.left_at = row.entered_at + timedelta(minutes=2)
    assert (load().waiting, load().hour.gave_up) == (0, 1)


def test_the_hour_and_the_day_are_told_apart(load, visit):
    visit(Outcome.ANSWERED, ago=59)
    visit(Outcome.ANSWERED, ago=61)
    visit(Outcome.ANSWERED, ago=60 * 11)  # yesterday evening
    assert (load().hour.offered, load().today.offered) == (1, 2)


def test_arrivals_are_shown_by_five_minutes_oldest_first(load, visit):
    visit(ago=58)
    visit(ago=1)
    visit(ago=2)
    assert load().arrivals == (1, *[0] * 10, 2)


def test_who_calls_again_is_one_person(load, visit):
    visit(Outcome.ABANDONED, caller_key="k")
    visit(caller_key="k")
    assert (load().hour.offered, load().hour.people) == (2, 1)


def test_who_was_set_aside_and_came_back_arrived_once_and_is_served_once(load, visit):
    first = visit(Outcome.ANSWERED, ago=20)
    visit(Outcome.ANSWERED, ago=4, source=Source.RETURN, previous_id=first)
    today = load().today
    assert (today.arrived, today.returned, today.served) == (1, 1, 1)
    assert (today.offered, today.answered) == (2, 2)
    assert sum(load().arrivals) == 1


def test_who_writes_again_arrives_again(load, visit):
    visit(Outcome.ANSWERED, ago=20)
    visit(Outcome.ANSWERED, ago=4, source=Source.RETURN)
    assert (load().today.arrived, load().today.returned) == (2, 0)


def test_an_agent_is_ready_then_busy_then_away(app, world, load, visit, sign_in):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    assert (load().ready, load().busy) == (1, 0)
    visit(Outcome.ANSWERED, service=None, answered_by=world.agent.id)
    assert (load().ready, load().busy) == (0, 1)


def test_what_a_rehearsal_left_in_hand_keeps_nobody_busy(app, load, world, visit, sign_in):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    visit(Outcome.ANSWERED, service=None, answered_by=world.agent.id, is_rehearsal=True)
    assert (load().ready, load().busy) == (1, 0)
    assert (load(include_rehearsal=True).ready, load(include_rehearsal=True).busy) == (0, 1)


def test_who_writes_up_a_call_is_not_ready(app, world, load, sign_in, clock):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
        write_up(world.centre_id, world.agent.id, clock.time + timedelta(seconds=90))
    assert (load().ready, load().busy, load().wrap_up, load().agents) == (0, 0, 1, 1)
    clock.advance(seconds=90)
    assert (load().ready, load().wrap_up) == (1, 0)


def test_who_is_on_a_break_is_said_and_serves_nobody(app, world, load, sign_in):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.BREAK)
    assert (load().ready, load().on_break, load().agents) == (0, 1, 0)


def test_a_page_that_gave_no_sign_of_life_is_nobody(app, world, load, clock, sign_in):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    clock.advance(minutes=31)
    assert load().agents == 0


@pytest.fixture
def other_line(app, world):
    """A line that the agent of the first one answers too, beside as many others as that."""

    def make(*others) -> int:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            line = Queue(name="Autre ligne", kind=QueueKind.PHONE)
            db.session.add(line)
            db.session.flush()
            for person in (world.agent, *others):
                db.session.add(Membership(person_id=person.id, queue_id=line.id))
            for person in others:
                choose(person, ChosenStatus.READY)
            return line.id

    return make


def test_who_waits_on_another_line_for_the_same_agents_is_ahead_too(
    app, world, load, visit, sign_in, other_line
):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    line_id = other_line()
    visit(ago=3, queue_id=line_id)
    visit(ago=1)
    assert (load().waiting, load().waiting_elsewhere) == (1, 1)
    for _each in range(5):
        visit(Outcome.ANSWERED, ago=30, service=12, queue_id=line_id)
    assert load().erlangs_elsewhere == pytest.approx(6 * 12 / 60)


def test_a_line_that_others_answer_mostly_is_no_rival(app, world, load, visit, sign_in, other_line):
    others = world.outsider, world.referent, world.other_referent
    for person in (world.agent, *others):
        sign_in(person)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    visit(queue_id=other_line(*others))
    assert load().waiting_elsewhere == 0


def test_a_caller_is_told_a_wait_behind_all_whom_the_same_agents_answer(
    app, world, visit, sign_in, other_line
):
    for minutes in range(10, 60, 10):
        visit(Outcome.ANSWERED, ago=minutes, service=4)
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    caller = visit(ago=1)

    def told():
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            row = db.session.get_one(Visit, (world.centre_id, caller))
            return place_of(row, db.session.get_one(Centre, world.centre_id))

    alone = told()
    line_id = other_line()
    for minutes in (2, 3, 4):
        visit(ago=minutes, queue_id=line_id)
    among = told()
    assert among.ahead == alone.ahead == 0
    assert among.estimate.high > alone.estimate.high


def test_what_is_played_counts_only_in_a_rehearsal(load, visit):
    visit(is_rehearsal=True)
    assert (load().waiting, load(include_rehearsal=True).waiting) == (0, 1)


def test_what_an_earlier_system_left_waiting_is_not_waiting_now(app, world, load, visit):
    visit(Outcome.ANSWERED, source_log="visits-csv")
    assert load().hour.offered == 0


def test_who_pauses_and_who_cannot_be_reached_is_said(app, world, load, clock, sign_in):
    sign_in(world.agent)
    sign_in(world.second_agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    clock.advance(minutes=31)
    sign_in(world.second_agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.second_agent, ChosenStatus.BREAK)
    assert (load().agents, load().on_break, load().unreachable) == (0, 1, 1)
    assert "1 en pause, <span" in sign_in(world.manager).get("/board").text
    clock.advance(hours=9)
    assert load().unreachable == 0


def test_the_load_for_other_programs_says_its_reason(app, world, visit):
    visit(ago=3)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        told = load_now(queue)
    assert (told["waiting"], told["level"], told["reason"]) == (1, "blocked", "nobody_serves")
