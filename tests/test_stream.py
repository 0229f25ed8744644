"""`/live` names what changed to who may know, misses nothing, and ends with the session."""

import threading
import time

from flask import Flask
from sqlalchemy import text

from contactcenter import live, stream
from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction


def _touch(app, centre_id: int, topic: str) -> None:
    with app.app_context(), within(Scope(centre_id)), transaction():
        live.touch(topic)


def _first(answer, wanted: str) -> str:
    """Read the stream until a line holds what is wanted."""
    for chunk in answer.response:
        words = chunk.decode()
        if wanted in words or "event: reset" in words:
            answer.close()
            assert wanted in words, words
            return words
    raise AssertionError(f"the stream ended without {wanted}")


def test_a_change_reaches_who_follows_it(app, world, sign_in):
    queue = f"queue:{world.counter_queue_id}"
    answer = sign_in(world.agent).get(f"/live?topics={queue}")
    stream = iter(answer.response)
    next(stream)
    _touch(app, world.centre_id, queue)
    assert queue in next(stream).decode()
    answer.close()


def test_a_browser_that_reconnects_is_told_what_it_missed(app, world, sign_in):
    queue = f"queue:{world.counter_queue_id}"
    with app.app_context():
        before = live.now_cursor()
    _touch(app, world.centre_id, queue)
    headers = {"Last-Event-ID": str(before)}
    assert queue in _first(
        sign_in(world.agent).get(f"/live?topics={queue}", headers=headers), queue
    )


def test_a_page_misses_nothing_between_its_making_and_its_stream(app, world, sign_in):
    queue = f"queue:{world.counter_queue_id}"
    agent = sign_in(world.agent)
    page = agent.get("/account").text
    cursor = page.split('name="live-cursor" content="')[1].split('"')[0]
    _touch(app, world.centre_id, queue)
    assert queue in _first(agent.get(f"/live?topics={queue}&since={cursor}"), queue)


def _wait_until_seen(app, before: live.Cursor) -> None:
    """A change is told once no older transaction of the servers still runs, in any database."""
    deadline = time.monotonic() + 60
    with app.app_context():
        while not live.changes_after(before):
            assert time.monotonic() < deadline
            db.session.rollback()


def _lose_a_number(app) -> None:
    """Another transaction, which touched nothing that anyone follows, comes in between."""
    with app.app_context(), transaction():
        db.session.execute(text("SELECT pg_current_xact_id()"))


def test_a_browser_that_came_before_the_first_change_is_not_sent_back(app, world, sign_in):
    with app.app_context():
        before = live.now_cursor()
    _lose_a_number(app)
    _touch(app, world.centre_id, "board")
    answer = sign_in(world.agent).get("/live?topics=board", headers={"Last-Event-ID": str(before)})
    assert "data: board" in _first(answer, "board")


def test_a_place_that_is_gone_says_to_start_anew(app, world, sign_in, clock):
    with app.app_context():
        before = live.now_cursor()
    _lose_a_number(app)
    for _time in range(2):
        _touch(app, world.centre_id, "board")
        clock.advance(minutes=20)
    with app.app_context(), transaction():
        live.forget_old()
    headers = {"Last-Event-ID": str(before)}
    answer = sign_in(world.manager).get("/live?topics=board", headers=headers)
    assert "event: reset" in _first(answer, "event: reset")


def test_more_than_can_be_told_at_once_says_to_start_anew(app, world, sign_in, monkeypatch):
    with app.app_context():
        before = live.now_cursor()
    _touch(app, world.centre_id, "board")
    _wait_until_seen(app, before)
    monkeypatch.setattr(live, "MOST_AT_ONCE", 1)
    answer = sign_in(world.agent).get("/live?topics=board", headers={"Last-Event-ID": str(before)})
    assert "event: reset" in _first(answer, "event: reset")


def test_a_topic_one_may_not_follow_is_as_if_it_did_not_exist(world, sign_in):
    agent = sign_in(world.agent)
    assert agent.get("/live?topics=person:0").status_code == 404
    assert agent.get("/live?topics=unheard:1").status_code == 404
    assert agent.get("/live").status_code == 422


def test_a_stranger_follows_nothing(client):
    assert client.get("/live?topics=board").status_code == 303


def test_rights_end_with_the_session(app, world, sign_in):
    from contactcenter.stream import Follower, _still_may

    browser = sign_in(world.agent)
    with browser.session_transaction() as session:
        token = session["_user_id"]
    follower = Follower(world.centre_id, world.agent.id, token, frozenset({"board"}))
    assert _still_may(app, follower)
    with app.app_context(), transaction():
        accounts.sign_out_everywhere(db.session.get_one(Person, (world.centre_id, world.agent.id)))
    assert not _still_may(app, follower)


class CountingRedis:
    def __init__(self) -> None:
        self.times = 0
        self.twice = threading.Event()

    def publish(self, _channel: str, _message: str) -> None:
        self.times += 1
        if self.times > 1:
            self.twice.set()


def test_a_crowd_of_changes_rings_at_once_and_once_more(monkeypatch):
    monkeypatch.setattr(live, "MOMENT_SECONDS", 0.3)  # long for five rings, on any machine
    app, redis = Flask("bell"), CountingRedis()
    app.extensions["redis"] = redis
    bell = live.Bell(app, can_wait=True)
    for _ in range(5):
        bell.ring()
    assert redis.times == 1
    assert redis.twice.wait(5)
    assert redis.times == 2


def test_who_cannot_wait_rings_each_time():
    app, redis = Flask("bell"), CountingRedis()
    app.extensions["redis"] = redis
    bell = live.Bell(app, can_wait=False)
    for _ in range(5):
        bell.ring()
    assert redis.times == 5


def test_streams_that_nobody_reads_take_no_place(app, world, sign_in):
    agent = sign_in(world.agent)
    asked = [agent.head("/live?topics=board") for _time in range(stream.MOST_STREAMS_A_PERSON)]
    unread = [agent.get("/live?topics=board") for _time in range(stream.MOST_STREAMS_A_PERSON)]
    for answer in asked + unread:
        answer.close()
    answer = agent.get("/live?topics=board")
    assert answer.status_code == 200
    answer.close()


def test_a_process_with_enough_streams_still_serves_pages(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(stream, "MOST_STREAMS", 1)
    agent = sign_in(world.agent)
    open_one = agent.get("/live?topics=board")
    next(iter(open_one.response))
    refused = agent.get("/live?topics=board")
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert agent.get("/account").status_code == 200
    open_one.close()
