"""A waiting room in which anything may happen next, as Hypothesis tries it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.errors import Conflict
from contactcenter.queues import actions
from contactcenter.queues.models import PriorityClass, Queue, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel
from tests.factories import World


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
        """Nobody lost, nobody twice, each at the place of their arrival."""
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
