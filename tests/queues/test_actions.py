"""The verbs of a queue, one visit at a time."""

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from contactcenter.db import db
from contactcenter.directory.models import Site
from contactcenter.edge import transaction
from contactcenter.errors import NotFound
from contactcenter.queues import actions
from contactcenter.queues.actions import AlreadyServing, VisitMoved
from contactcenter.queues.models import (
    NumberSeries,
    PriorityClass,
    Queue,
    Source,
    Visit,
    VisitState,
)
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel


@pytest.fixture
def queue(in_centre, world):
    return db.session.get(Queue, (world.centre_id, world.counter_queue_id))


@pytest.fixture
def enter(queue):
    def entered(**options) -> Visit:
        with transaction():
            return actions.enter(queue, channel=Channel.COUNTER, **options)

    return entered


@pytest.fixture
def call(queue):
    def called(person) -> Visit | None:
        with transaction():
            return actions.call_next(person, [queue.id])

    return called


def test_the_longest_wait_goes_first(enter, call, world, clock):
    first = enter()
    clock.advance(minutes=1)
    enter()
    assert call(world.agent).id == first.id


def test_priority_goes_before_but_not_for_ever(enter, call, world, clock):
    ordinary = enter()
    called = []
    for _time in range(4):
        clock.advance(minutes=1)
        enter(priority_class=PriorityClass.PRIORITY)
    for _time in range(3):
        visit = call(world.agent)
        called.append(visit.id)
        with transaction():
            actions.answer(visit, by=world.agent)
            actions.finish(visit, by=world.agent)
    assert called.index(ordinary.id) == 2


def test_a_priority_far_back_is_seen(enter, call, world, clock):
    for _time in range(25):
        enter()
        clock.advance(seconds=1)
    priority = enter(priority_class=PriorityClass.PRIORITY)
    assert call(world.agent).id == priority.id


def test_one_agent_calls_one_person(enter, call, world):
    enter()
    enter()
    call(world.agent)
    with pytest.raises(AlreadyServing):
        call(world.agent)


def test_whoever_receives_calls_nobody_else(enter, call, world):
    enter()
    enter()
    with transaction():
        actions.answer(call(world.agent), by=world.agent)
    with pytest.raises(AlreadyServing):
        call(world.agent)


def test_nobody_waits_is_an_answer(call, world):
    assert call(world.agent) is None


def test_the_wait_ends_with_the_call_that_was_answered(enter, call, world, clock):
    visit = enter()
    clock.advance(minutes=3)
    call(world.agent)
    clock.advance(seconds=40)
    with transaction():
        actions.answer(visit, by=world.agent)
    assert (visit.left_at - visit.entered_at).total_seconds() == 180
    assert (visit.answered_at - visit.left_at).total_seconds() == 40


def test_a_released_call_leaves_no_trace_of_itself_but_its_count(enter, call, world):
    visit = enter()
    call(world.agent)
    with transaction():
        actions.release(visit, by=world.agent)
    assert (visit.state, visit.called_at, visit.reserved_for) == (VisitState.WAITING, None, None)
    assert visit.calls == 1


def test_an_outcome_is_written_once(enter, call, world):
    visit = enter()
    with transaction():
        actions.answer(visit, by=world.agent)
    with pytest.raises(VisitMoved):
        actions.leave(visit, Outcome.ABANDONED)


def test_the_database_itself_refuses_a_second_outcome(enter, world):
    visit = enter()
    with transaction():
        actions.answer(visit, by=world.agent)
    visit.outcome = Outcome.ABANDONED
    with pytest.raises(DatabaseError, match="already has the outcome"):
        db.session.flush()


def test_finishing_twice_does_nothing(enter, world, clock):
    visit = enter()
    with transaction():
        actions.answer(visit, by=world.agent)
        actions.finish(visit, by=world.agent)
    ended = visit.ended_at
    clock.advance(minutes=1)
    with transaction():
        actions.finish(visit, by=world.agent)
    assert visit.ended_at == ended


def test_who_comes_back_keeps_number_and_place(enter, call, world, clock):
    visit = enter()
    clock.advance(minutes=1)
    enter()
    with transaction():
        actions.answer(call(world.agent), by=world.agent)
        actions.park(visit, by=world.agent)
    clock.advance(minutes=10)
    with transaction():
        again = actions.come_back(visit)
    assert (again.number, again.source) == (visit.number, Source.RETURN)
    assert again.virtual_entered_at == visit.entered_at
    assert call(world.second_agent).id == again.id


def test_moving_ends_one_visit_and_begins_another(enter, world):
    visit = enter()
    written = db.session.get(Queue, (world.centre_id, world.written_queue_id))
    with transaction():
        moved = actions.move(visit, written, by=world.agent)
    assert visit.outcome is Outcome.MOVED
    assert (moved.previous_id, moved.queue_id) == (visit.id, written.id)


def test_a_letter_is_never_refused_for_want_of_room(queue, world):
    with transaction():
        letters = db.session.get_one(Queue, (world.centre_id, world.written_queue_id))
        letters.capacity = 0
        assert actions.enter(letters, channel=Channel.EMAIL).outcome is None


def test_a_full_queue_refuses(enter, queue):
    with transaction():
        queue.capacity = 1
    enter()
    assert enter().outcome is Outcome.FULL


def test_who_comes_back_is_never_refused(enter, queue, world):
    with transaction():
        queue.capacity = 1
    visit = enter()
    with transaction():
        actions.answer(visit, by=world.agent)
        actions.park(visit, by=world.agent)
    enter()
    with transaction():
        assert actions.come_back(visit).outcome is None


def test_numbers_begin_anew_each_day_of_the_site(enter, clock):
    assert enter().number == "A001"
    assert enter().number == "A002"
    clock.advance(hours=24)
    assert enter().number == "A001"


def test_numbers_begin_anew_by_the_clock_of_the_site_not_of_the_centre(
    enter, clock, world, in_centre
):
    with transaction():
        db.session.get_one(Site, (world.centre_id, world.site_id)).timezone = "Indian/Reunion"
    clock.advance(hours=10)  # 20:00 in Paris, 23:00 there
    assert enter().number == "A001"
    clock.advance(hours=2)
    assert enter().number == "A001"


def test_a_letter_that_goes_to_another_queue_of_the_site_goes_on_counting(enter, queue, world):
    assert enter().number == "A001"
    with transaction():
        queue.letter = "B"
        db.session.flush()  # before its letter is given away
        other = Queue(name="Accueil", kind="counter", site_id=world.site_id, letter="A")
        db.session.add(other)
    with transaction():
        assert actions.enter(other, channel=Channel.COUNTER).number == "A002"


def test_two_counter_queues_of_one_site_cannot_have_one_letter(in_centre, world):
    with pytest.raises(IntegrityError, match="uq_queues_letter"), transaction():
        db.session.add(Queue(name="Accueil", kind="counter", site_id=world.site_id, letter="A"))


def test_the_thousandth_number_is_not_the_first_again(enter, world, queue):
    enter()
    with transaction():
        db.session.scalars(db.select(NumberSeries)).one().last = 999
    assert enter().number == "A1000"


def test_a_visit_of_another_centre_cannot_be_locked(in_centre, other_world):
    with pytest.raises(NotFound):
        actions.lock(10**9)
