"""Rooms with rules of their own, whatever happens in them; and several agents at once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from contactcenter import clock as time
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.errors import Conflict
from contactcenter.queues import actions, routing
from contactcenter.queues.heads import heads
from contactcenter.queues.models import PriorityClass, Queue, Source, Visit, VisitState
from contactcenter.queues.overflow import overflow
from contactcenter.queues.routing_models import PersonSkill, QueueLevel, RoutingRule, Skill
from contactcenter.queues.rules import next_index
from contactcenter.tickets.models import Channel
from tests.queues.giving import Giving
from tests.queues.waiting_room import Line

MOST = 1


class Room(Line):
    """Two queues, of which one overflows into the other; languages, levels, ratios."""

    def __init__(self) -> None:
        super().__init__()
        self.queues = [self.world.counter_queue_id, self.world.phone_queue_id]
        with transaction():
            for table in (PersonSkill, QueueLevel, RoutingRule, Skill):
                db.session.execute(delete(table))
        with transaction():
            self._furnish()

    def _furnish(self) -> None:
        """The first agent speaks Dutch; the second is of level 2."""
        dutch = Skill(name="Néerlandais", language="nl")
        db.session.add(dutch)
        db.session.flush()
        first, second = self.people
        db.session.add(PersonSkill(person_id=first.id, skill_id=dutch.id))
        db.session.add(QueueLevel(person_id=second.id, queue_id=self.queues[0], level=2))
        for queue_id, to in zip(self.queues, reversed(self.queues), strict=True):
            rule = RoutingRule(queue_id=queue_id, asks_language=True, most_overtakes=MOST)
            rule.priority_weight, rule.opens_after = 3.0, [60]
            rule.overflow_to, rule.overflow_after_seconds = to, 600
            db.session.add(rule)

    @rule(language=st.sampled_from(("fr", "nl")), priority=st.booleans())
    def someone_comes_with_a_language(self, language: str, priority: bool) -> None:
        queue = db.session.get_one(Queue, (self.world.centre_id, self.queues[0]))
        rank = PriorityClass.PRIORITY if priority else PriorityClass.NORMAL
        with transaction():
            visit = actions.enter(
                queue, channel=Channel.COUNTER, priority_class=rank, language=language
            )
        self.places[visit.number] = visit.entered_at

    @rule()
    def what_waits_too_long_goes_on(self) -> None:
        with transaction():
            overflow()

    @rule(who=st.integers(0, 1), seconds=st.integers(0, 60))
    def someone_is_called(self, who: int, seconds: int = 0) -> None:
        """The one whose turn it is by the rules, of all whom this agent can serve."""
        self.moment(timedelta(seconds=seconds))
        person, now = self.people[who], time.now()
        could = heads(person, self.queues, now, 100)
        line = [each.waiting for each in could]
        due = next_index(line, now)
        try:
            with transaction():
                called = actions.call_next(person, self.queues)
        except Conflict:
            return
        assert (called and called.id) == (None if due is None else could[due].visit_id)
        if called is not None and called.needs:
            assert who == 0

    @invariant()
    def nobody_is_overtaken_more_often_than_may_be(self) -> None:
        often = select(Visit.overtaken).where(Visit.state == VisitState.WAITING)
        assert max(db.session.scalars(often), default=0) <= MOST

    @invariant()
    def nobody_is_sent_on_twice(self) -> None:
        sent = select(Visit.number).where(Visit.source == Source.OVERFLOW)
        assert max(Counter(db.session.scalars(sent)).values(), default=0) <= 1


def test_whatever_the_rules_of_a_room_nobody_is_lost_or_there_twice(app, world, clock):
    Room.app, Room.world = app, world
    Room.moment = staticmethod(lambda delta: clock.advance(seconds=delta.total_seconds()))
    run_state_machine_as_test(
        Room,
        settings=settings(
            max_examples=10, stateful_step_count=25, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.fixture
def giving(in_centre, world):
    return Giving(world)


def test_while_one_agent_is_being_given_somebody_another_gets_the_next(app, giving, world, clock):
    """Over two real connections: the second neither waits for the first nor gets the same."""
    first = giving.enter()
    clock.advance(minutes=1)
    second = giving.enter()
    held, go_on, given = threading.Event(), threading.Event(), []

    def slow() -> None:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            chosen = routing.choose(world.agent, [world.counter_queue_id])
            given.append(chosen.visit.id)
            held.set()
            go_on.wait(20)

    slowly = threading.Thread(target=slow)
    slowly.start()
    try:
        assert held.wait(20)
        assert giving.call(world.second_agent).id == second.id
    finally:
        go_on.set()
        slowly.join()
    assert given == [first.id]


def test_many_agents_at_once_each_get_somebody_else(app, giving, world):
    ids = {giving.enter().id for _each in range(12)}
    start, given = threading.Barrier(6), []

    def asks(person) -> None:
        with app.app_context(), within(Scope(world.centre_id)):
            start.wait()
            for _time in range(2):
                with transaction():
                    chosen = routing.choose(person, [world.counter_queue_id])
                    chosen.visit.state = VisitState.PARKED  # out of the line, by no one's rule
                    chosen.visit.outcome, chosen.visit.left_at = "answered", time.now()
                    given.append(chosen.visit.id)

    threads = [
        threading.Thread(target=asks, args=[person])
        for person in [world.agent, world.second_agent] * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == sorted(ids)
