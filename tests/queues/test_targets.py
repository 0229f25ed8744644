"""Written requests have their target in open hours; people in line have it by the clock."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.queues import actions
from contactcenter.queues.load import Load, loads, observed
from contactcenter.queues.models import Queue
from contactcenter.queues.saturation import Level, saturation
from contactcenter.tickets.models import Channel

TWO_HOURS = 7200


@pytest.fixture
def queue(in_centre, world):
    with transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.written_queue_id))
        queue.threshold_seconds = TWO_HOURS
    return queue


@pytest.fixture
def load(in_centre, world):
    def look(queue) -> Load:
        now = times.now()
        return loads(world.centre_id, [queue.id], now, now - timedelta(days=2))[queue.id]

    return look


@pytest.fixture
def late_afternoon(clock, queue):
    """A message that came at 16:00 in Paris, an hour before the site closes."""
    clock.advance(hours=6)
    with transaction():
        return actions.enter(queue, channel=Channel.EMAIL)


@pytest.mark.parametrize(
    ("hours", "overdue"), [(1.5, 0), (12, 0), (17, 0), (17.75, 15 * 60), (41.5, 7 * 3600)]
)
def test_the_night_does_not_count(late_afternoon, load, queue, clock, hours, overdue):
    clock.advance(hours=hours)
    assert load(queue).overdue_seconds == overdue
    assert load(queue).today.due == (1 if overdue else 0)


def test_an_answer_of_the_next_morning_is_on_time(late_afternoon, load, queue, clock, world):
    clock.advance(hours=17)
    with transaction():
        actions.answer(late_afternoon, by=world.agent)
    assert (load(queue).today.on_time, load(queue).today.owed) == (1, 1)


def test_a_queue_is_late_by_its_open_hours(late_afternoon, load, queue, clock):
    clock.advance(hours=14)
    assert saturation(observed(queue, load(queue), times.now())).level is Level.FLUID
    clock.advance(hours=3, minutes=45)
    full = saturation(observed(queue, load(queue), times.now()))
    assert (full.level, full.reason) == (Level.BUSY, "beyond_target")
    assert full.numbers["longest_wait_seconds"] == TWO_HOURS + 15 * 60


def test_a_question_runs_in_the_hours_of_its_team(in_centre, world):
    queue = db.session.get_one(Queue, (world.centre_id, world.referral_queue_id))
    with transaction():
        queue.threshold_seconds = 6 * 3600
        visit = actions.enter(queue, channel=Channel.EMAIL)
    # 10:00 to 12:00, 13:30 to 17:00, and half an hour of the next morning
    assert visit.due_at == times.now() + timedelta(hours=23)


def test_whoever_stands_in_line_waits_by_the_clock(in_centre, world):
    queue = db.session.get_one(Queue, (world.centre_id, world.counter_queue_id))
    with transaction():
        assert actions.enter(queue, channel=Channel.COUNTER).due_at is None
