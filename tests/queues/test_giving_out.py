"""Who gets whom: skills, levels, priority by ratio, the same agent, other queues, loans."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contactcenter import clock as time
from contactcenter.accounts.models import Membership
from contactcenter.accounts.queries import queue_ids
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.errors import Invalid
from contactcenter.queues import actions, loans, presence, routing
from contactcenter.queues.load import loads
from contactcenter.queues.models import ChosenStatus, Queue, SaturationLevel, Source, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.overflow import overflow
from contactcenter.queues.routing_models import QueueLevel
from tests.queues.giving import Giving


@pytest.fixture
def giving(in_centre, world):
    return Giving(world)


def test_only_who_speaks_the_language_is_given_who_needs_it(giving, world, clock):
    dutch = giving.skill("Néerlandais", "nl")
    giving.rule(asks_language=True)
    giving.can(world.second_agent, dutch)
    asked = giving.enter(language="nl")
    clock.advance(minutes=1)
    other = giving.enter(language="fr")
    assert giving.call(world.agent).id == other.id
    assert giving.call(world.second_agent).id == asked.id


def test_a_language_that_nobody_notes_keeps_nobody_waiting(giving, world):
    giving.rule(asks_language=True)
    asked = giving.enter(language="de")
    assert giving.call(world.agent).id == asked.id


def test_a_queue_and_a_topic_may_both_ask(giving, world):
    of_queue, of_topic = giving.skill("Titres"), giving.skill("Impôts")
    giving.asks(of_queue)
    giving.asks(of_topic, topic_id=world.topic_id)
    giving.can(world.agent, of_queue)
    both = giving.enter(topic_id=world.topic_id)
    assert sorted(both.needs) == sorted([of_queue.id, of_topic.id])
    assert giving.call(world.agent) is None
    giving.can(world.agent, of_topic)
    assert giving.call(world.agent).id == both.id


def test_a_skill_that_was_lent_ends(giving, world, clock):
    skill = giving.skill("Titres")
    giving.asks(skill)
    giving.can(world.agent, skill, until_at=time.now() + timedelta(hours=1))
    clock.advance(hours=2)
    giving.enter()
    assert giving.call(world.agent) is None


@pytest.mark.parametrize("of", ["queue", "skill"])
def test_the_second_level_is_asked_once_something_has_waited(giving, world, clock, of):
    giving.rule(opens_after=[60, 180])
    if of == "queue":
        giving.level(world.agent, 2)
    else:
        skill = giving.skill("Titres")
        giving.asks(skill)
        giving.can(world.agent, skill, level=2)
    visit = giving.enter()
    clock.advance(seconds=59)
    assert giving.call(world.agent) is None
    clock.advance(seconds=1)
    assert giving.call(world.agent).id == visit.id
    assert visit.why["level"] == 2


def test_without_steps_every_level_is_asked_at_once(giving, world):
    giving.level(world.agent, 3)
    giving.enter()
    assert giving.call(world.agent) is not None


def test_priority_may_count_for_several_instead_of_going_first(giving, world, clock):
    giving.rule(priority_weight=3.0)
    ordinary = giving.enter()
    clock.advance(minutes=20)
    hurried = giving.enter(priority=True)
    clock.advance(minutes=5)  # 25 against 3 x 5
    assert giving.serve(world.agent).id == ordinary.id
    later = giving.enter()
    clock.advance(minutes=10)  # 3 x 15 against 10
    assert giving.serve(world.agent).id == hurried.id
    assert giving.serve(world.agent).id == later.id


def test_who_was_overtaken_often_enough_goes_first_whatever_the_weights(giving, world, clock):
    giving.rule(priority_weight=100.0, most_overtakes=1)
    ordinary = giving.enter()
    for _each in range(3):
        clock.advance(seconds=30)
        giving.enter(priority=True)
    clock.advance(minutes=1)
    assert giving.serve(world.agent).id != ordinary.id
    assert giving.call(world.agent).id == ordinary.id
    assert ordinary.why == {
        "reason": "due", "waited": 150, "needs": [], "level": 1, "overtaken": 1
    }  # fmt: skip


def test_a_queue_may_count_more_than_another(giving, world, clock):
    giving.rule(world.phone_queue_id, weight=4.0)
    first = giving.enter()
    clock.advance(minutes=10)
    second = giving.enter(world.phone_queue_id)
    clock.advance(minutes=5)
    both = (world.counter_queue_id, world.phone_queue_id)
    assert giving.call(world.agent, *both).id == second.id
    assert first.why is None


def test_why_it_was_given_is_kept_with_the_event(giving, world, clock):
    giving.enter()
    clock.advance(minutes=3)
    called = giving.call(world.agent)
    assert called.why == {"reason": "only", "waited": 180, "needs": [], "level": 1}


def _ready(giving, *people):
    with transaction():
        for person in people:
            presence.choose(person, ChosenStatus.READY)
            presence.see(person)


@pytest.fixture
def waits_for_agent(giving, world, signed_in):
    """Somebody the agent has helped comes back to the counter."""
    giving.rule(same_agent_seconds=60)
    signed_in(world.agent)
    _ready(giving, world.agent)
    giving.enter(caller_key="k" * 8)
    giving.serve(world.agent)
    return lambda: giving.enter(caller_key="k" * 8)


@pytest.fixture
def signed_in(giving):
    from contactcenter.accounts.models import SignedInSession

    def open_session(person):
        now = time.now()
        giving.add(
            SignedInSession(
                person_id=person.id,
                token_hash=f"token {person.id}",
                opened_at=now,
                seen_at=now,
                expires_at=now + timedelta(hours=8),
            )
        )

    return open_session


def test_who_comes_again_waits_for_the_same_agent_and_goes_first_there(
    giving, world, waits_for_agent
):
    earlier = giving.enter()
    again = waits_for_agent()
    assert (again.wanted_person_id, giving.call(world.second_agent).id) == (
        world.agent.id, earlier.id
    )  # fmt: skip
    assert giving.call(world.agent).id == again.id
    assert again.why["reason"] == "wanted"


def test_nobody_waits_for_the_same_agent_longer_than_allowed(giving, world, waits_for_agent, clock):
    again = waits_for_agent()
    clock.advance(seconds=60)
    with transaction():
        routing.let_go()
    assert giving.call(world.second_agent).id == again.id


def test_nobody_waits_for_an_agent_who_goes(giving, world, waits_for_agent):
    from contactcenter.reactions import REACTIONS  # the whole way, by the event

    assert REACTIONS
    again = waits_for_agent()
    with transaction():
        presence.choose(world.agent, ChosenStatus.BREAK)
    assert giving.call(world.second_agent).id == again.id


def _latest(queue_id):
    db.session.expire_all()
    return db.session.scalar(
        select(Visit).where(Visit.queue_id == queue_id).order_by(Visit.id.desc()).limit(1)
    )


def test_what_waits_too_long_overflows_once_with_its_place(giving, world, clock):
    to = world.phone_queue_id
    giving.rule(overflow_to=to, overflow_after_seconds=120)
    giving.rule(to, overflow_to=world.counter_queue_id, overflow_after_seconds=0)
    came = giving.enter()
    came_at = came.entered_at
    clock.advance(seconds=119)
    with transaction():
        overflow()
    assert _latest(to) is None
    clock.advance(seconds=1)
    for _twice in range(2):
        with transaction():
            overflow()
    moved = _latest(to)
    assert (moved.source, moved.virtual_entered_at) == (Source.OVERFLOW, came_at)
    assert _latest(world.counter_queue_id).outcome is Outcome.MOVED
    assert db.session.query(Visit).count() == 2


def test_overflow_may_wait_for_a_level_and_never_loses_whom_the_other_has_no_room_for(
    giving, world, clock
):
    to = world.phone_queue_id
    giving.rule(overflow_to=to, overflow_after_seconds=0, overflow_level="full")
    giving.enter()
    with transaction():
        overflow()
    assert _latest(to) is None
    now = time.now()
    giving.add(
        SaturationLevel(
            queue_id=world.counter_queue_id,
            level="full",
            since=now,
            candidate="full",
            candidate_since=now,
            computed_at=now,
        )
    )
    with transaction():
        db.session.get_one(Queue, (world.centre_id, to)).capacity = 0
    with transaction():
        overflow()
    assert _latest(to) is None
    with transaction():
        db.session.get_one(Queue, (world.centre_id, to)).capacity = 1
    with transaction():
        overflow()
    assert _latest(to).outcome is None


def test_a_loan_gives_access_and_takes_it_back(giving, world, clock):
    queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
    begins = time.now() + timedelta(hours=1)
    with transaction():
        loans.lend(
            world.outsider, queue, level=2, begins_at=begins,
            ends_at=begins + timedelta(hours=2), by=world.manager,
        )  # fmt: skip

    def serves():
        with transaction():
            loans.keep_time()
        return queue.id in set(db.session.scalars(queue_ids(world.outsider)))

    served = []
    for _step in range(4):
        served.append(serves())
        clock.advance(hours=1)
    assert served == [False, True, True, False]


@pytest.mark.parametrize("stood_at", [None, 3])
def test_a_loan_leaves_what_was_there_before(giving, world, clock, stood_at):
    queue = db.session.get_one(Queue, (world.centre_id, world.counter_queue_id))
    before = db.session.query(Membership).count()
    ends = time.now() + timedelta(hours=1)
    with transaction():
        if stood_at is not None:
            db.session.add(QueueLevel(person_id=world.agent.id, queue_id=queue.id, level=stood_at))
        loans.lend(
            world.agent, queue, level=1, begins_at=time.now(), ends_at=ends, by=world.manager
        )
    clock.advance(hours=1)
    with transaction():
        loans.keep_time()
    assert db.session.query(Membership).count() == before
    assert db.session.scalar(db.select(QueueLevel.level)) == stood_at


def test_a_loan_that_is_over_before_it_begins_is_refused(giving, world):
    queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
    now = time.now()
    with pytest.raises(Invalid):
        loans.lend(world.agent, queue, level=1, begins_at=now, ends_at=now, by=world.manager)


def test_a_released_one_waits_for_anyone(giving, world, waits_for_agent):
    again = waits_for_agent()
    giving.call(world.agent)
    with transaction():
        actions.release(again, by=world.agent)
    assert again.wanted_person_id is None


def test_who_is_waited_for_still_counts_as_one_who_waits(giving, world, waits_for_agent, clock):
    waits_for_agent()
    load = loads(
        world.centre_id, [world.counter_queue_id], time.now(), time.now(), include_rehearsal=False
    )
    assert load[world.counter_queue_id].waiting == 1
