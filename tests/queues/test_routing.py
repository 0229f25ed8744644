"""Several at once, and any order of events: nobody lost, nobody twice, one outcome each."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.errors import Conflict
from contactcenter.queues import actions
from contactcenter.queues.models import PriorityClass, Queue, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel
from tests.factories import World


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


class Line(RuleBasedStateMachine):
    """A waiting room in which anything may happen next."""

    app: ContactCenter
    world: World
    moment: Callable[[timedelta], datetime]

    def __init__(self) -> None:
        super().__init__()
        self.came = 0
        self.places: dict[str, datetime] = {}
        self.context = self.app.app_context()
        self.context.push()
        self.scope = within(Scope(self.world.centre_id))
        self.scope.__enter__()
        with transaction():
            db.session.execute(db.delete(Visit))

    def teardown(self) -> None:
        db.session.rollback()
        self.scope.__exit__(None, None, None)
        self.context.pop()

    @property
    def people(self) -> tuple[Person, Person]:
        return self.world.agent, self.world.second_agent

    def one(self, state: VisitState) -> Visit | None:
        return db.session.scalar(
            db.select(Visit).where(Visit.state == state).order_by(Visit.id).limit(1)
        )

    @rule(priority=st.booleans(), seconds=st.integers(0, 300))
    def someone_comes(self, priority: bool, seconds: int) -> None:
        self.moment(timedelta(seconds=seconds))
        queue = db.session.get_one(Queue, (self.world.centre_id, self.world.counter_queue_id))
        rank = PriorityClass.PRIORITY if priority else PriorityClass.NORMAL
        with transaction():
            visit = actions.enter(queue, channel=Channel.COUNTER, priority_class=rank)
        self.came += 1
        assert visit.number not in self.places
        self.places[visit.number] = visit.entered_at

    @rule(who=st.integers(0, 1))
    def someone_is_called(self, who: int) -> None:
        waiting = self.one(VisitState.WAITING)
        person = self.people[who]
        try:
            with transaction():
                called = actions.call_next(person, [self.world.counter_queue_id])
        except Conflict:
            return
        assert (called is None) == (waiting is None)

    @rule()
    def the_called_one_is_received(self) -> None:
        visit = self.one(VisitState.RESERVED)
        if visit:
            by = next(person for person in self.people if person.id == visit.reserved_for)
            with transaction():
                actions.answer(visit, by=by)

    @rule()
    def the_called_one_goes_back(self) -> None:
        visit = self.one(VisitState.RESERVED)
        if visit:
            with transaction():
                actions.release(visit)

    @rule(state=st.sampled_from((VisitState.WAITING, VisitState.RESERVED)))
    def someone_leaves(self, state: VisitState) -> None:
        visit = self.one(state)
        if visit:
            with transaction():
                actions.leave(visit, Outcome.ABANDONED)

    @rule(state=st.sampled_from((VisitState.SERVING, VisitState.PARKED)))
    def someone_is_seen_off(self, state: VisitState) -> None:
        visit = self.one(state)
        if visit:
            with transaction():
                actions.finish(visit)

    @rule()
    def someone_is_set_aside(self) -> None:
        visit = self.one(VisitState.SERVING)
        if visit:
            with transaction():
                actions.park(visit, by=self.people[0])

    @rule()
    def someone_comes_back(self) -> None:
        visit = self.one(VisitState.PARKED)
        if visit:
            with transaction():
                actions.come_back(visit)

    @invariant()
    def each_is_in_one_place(self) -> None:
        visits = db.session.scalars(
            db.select(Visit).execution_options(populate_existing=True)
        ).all()
        latest = {visit.number: visit for visit in sorted(visits, key=lambda each: each.id)}
        assert set(latest) == set(self.places)
        for visit in visits:
            place = visit.virtual_entered_at or visit.entered_at
            assert place == self.places[visit.number]
            assert (visit.outcome is None) == (
                visit.state in (VisitState.WAITING, VisitState.RESERVED)
            )
            if visit is not latest[visit.number]:
                assert visit.state is VisitState.OVER
        held = Counter(visit.reserved_for for visit in visits if visit.reserved_for)
        assert max(held.values(), default=0) <= 1


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
