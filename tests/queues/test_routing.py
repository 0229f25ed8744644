"""Several at once, and any order of events: nobody lost, nobody twice, one outcome each."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.errors import Conflict
from contactcenter.queues import actions
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.rules import Reason
from contactcenter.tickets.models import Channel
from tests.factories import World
from tests.queues.waiting_room import Line


@pytest.fixture
def at_once(app, world):
    """Run work in threads that begin together, each in a transaction of its own."""

    def run(*works: Callable[[], object]) -> list[object]:
        ready = threading.Barrier(len(works))
        results: list[object] = [None] * len(works)

        def one(place: int, work: Callable[[], object]) -> None:
            with app.app_context(), within(Scope(world.centre_id)):
                ready.wait()
                try:
                    with transaction():
                        results[place] = work()
                except Conflict as refused:
                    results[place] = refused

        threads = [threading.Thread(target=one, args=each) for each in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run


def _enter(world: World) -> str | None:
    queue = db.session.get_one(Queue, (world.centre_id, world.counter_queue_id))
    return actions.enter(queue, channel=Channel.COUNTER).number


def _call(world: World, person: Person) -> int | None:
    visit = actions.call_next(person, [world.counter_queue_id])
    return visit.id if visit else None


@pytest.mark.parametrize("attempt", range(10))
def test_two_agents_at_once_get_two_people(at_once, app, world, attempt):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        _enter(world)
        _enter(world)
    called = at_once(lambda: _call(world, world.agent), lambda: _call(world, world.second_agent))
    assert None not in called
    assert len(set(called)) == 2


def test_who_is_being_called_elsewhere_is_no_reason_for_the_next(at_once, app, world, clock):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        _enter(world)
        clock.advance(seconds=30)
        _enter(world)
    called, is_there = threading.Event(), threading.Event()

    def first() -> int | None:
        number = _call(world, world.agent)
        is_there.set()
        assert called.wait(10)  # the first call is not over while the second looks
        return number

    def second() -> int | None:
        assert is_there.wait(10)
        number = _call(world, world.second_agent)
        called.set()
        return number

    _first, later = at_once(first, second)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        why = db.session.get_one(Visit, (world.centre_id, later)).why
    assert why is not None
    assert why["reason"] == Reason.ONLY


def test_one_person_for_two_agents_goes_to_one(at_once, app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        _enter(world)
    called = at_once(lambda: _call(world, world.agent), lambda: _call(world, world.second_agent))
    assert sorted(each is None for each in called) == [False, True]


def test_one_agent_pressing_twice_calls_one(at_once, app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        _enter(world)
        _enter(world)
    called = at_once(lambda: _call(world, world.agent), lambda: _call(world, world.agent))
    assert sorted(isinstance(each, Conflict) for each in called) == [False, True]


def test_leaving_and_being_called_at_once_has_one_outcome(at_once, app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        _enter(world)
        visit_id = db.session.scalars(db.select(Visit.id)).one()

    def leave() -> None:
        actions.leave(actions.lock(visit_id), Outcome.ABANDONED)

    at_once(leave, lambda: _call(world, world.agent))
    with app.app_context(), within(Scope(world.centre_id)):
        visit = db.session.scalars(db.select(Visit)).one()
        assert visit.outcome in (Outcome.ABANDONED, Outcome.ABANDONED_SHORT)


def test_a_number_is_never_given_twice(at_once, world):
    numbers = [number for _round in range(5) for number in at_once(*[lambda: _enter(world)] * 8)]
    assert max(Counter(numbers).values()) == 1
    assert set(numbers) == {f"A{each:03d}" for each in range(1, 41)}


def test_in_any_order_of_events_nobody_is_lost_or_there_twice(app, world, clock):
    Line.app, Line.world = app, world
    Line.moment = staticmethod(lambda delta: clock.advance(seconds=delta.total_seconds()))
    run_state_machine_as_test(
        Line,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
