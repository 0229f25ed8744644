"""Who is at a counter: the page says so while it is open, and nobody says it for who has left."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.db import Scope, within
from contactcenter.queues.load import loads


@pytest.fixture
def ready(app, world):
    """How many may be given work in the counter's queue now."""

    def count() -> int:
        now = times.now()
        with app.app_context(), within(Scope(world.centre_id)):
            queues = [world.counter_queue_id]
            found = loads(world.centre_id, queues, now, now - timedelta(hours=9))
        return found[world.counter_queue_id].ready

    return count


def test_an_open_page_says_all_day_that_someone_is_there(desk, ready, clock):
    for _tick in range(12):
        clock.advance(minutes=10)
        assert desk.post("presence").status_code == 204
    assert ready() == 1


def test_who_calls_and_sees_off_all_day_is_there(desk, ready, clock):
    for _person in range(4):
        clock.advance(minutes=10)
        visit = desk.admit()
        desk.call()
        desk.receive(visit)
        clock.advance(minutes=10)
        desk.post(f"visits/{visit}/end")
    assert ready() == 1


def test_who_closed_the_page_is_gone_after_a_while(desk, second_desk, ready, clock):
    clock.advance(minutes=20)
    assert ready() == 0
    assert "Agent Essai" not in second_desk.browser.get("/counter/place").text


def test_who_signed_out_is_gone_at_once(desk, ready):
    assert ready() == 1
    desk.browser.post("/sign-out")
    assert ready() == 0
