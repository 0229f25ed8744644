"""Who may follow that a queue changed, and which screens are told."""

import pytest

from contactcenter import live
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.live import LiveChange
from contactcenter.queues import actions
from contactcenter.queues.models import Queue
from contactcenter.tickets.models import Channel


@pytest.fixture
def may_follow(in_centre):
    return live.may_follow


def test_staff_follow_the_queues_of_their_centre(may_follow, world, other_world):
    assert may_follow(world.agent, f"queue:{world.counter_queue_id}")
    assert not may_follow(world.agent, f"queue:{other_world.counter_queue_id}")
    assert not may_follow(world.agent, "queue:x")


def test_referents_follow_the_queues_of_their_own_team(may_follow, world):
    assert may_follow(world.referent, f"queue:{world.referral_queue_id}")
    assert not may_follow(world.referent, f"queue:{world.counter_queue_id}")
    assert not may_follow(world.other_referent, f"queue:{world.referral_queue_id}")


def test_each_follows_only_themselves(may_follow, world):
    assert may_follow(world.agent, f"person:{world.agent.id}")
    assert not may_follow(world.agent, f"person:{world.second_agent.id}")


def test_a_call_wakes_the_queue_the_board_and_who_called(in_centre, world):
    queue = db.session.get(Queue, (world.centre_id, world.counter_queue_id))
    with transaction():
        actions.enter(queue, channel=Channel.COUNTER)
    with transaction():
        actions.call_next(world.agent, [queue.id])
    told = db.session.scalars(db.select(LiveChange.topics).order_by(LiveChange.id.desc())).first()
    assert set(told) == {f"queue:{queue.id}", "board", f"person:{world.agent.id}"}
