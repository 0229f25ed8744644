"""One question for all who come at the same moment, and never an answer older than its question."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from contactcenter.accounts.actions import sign_out_everywhere
from contactcenter.accounts.models import Person, SignedInSession
from contactcenter.accounts.queries import SESSIONS_AND_PERSONS
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.together import Together

SHARED = "/board/cards"


class Slow:
    """A question that takes as long as the test wants."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.begun, self.end = threading.Event(), threading.Event()

    def __call__(self, keys):
        self.asked.append(set(keys))
        self.begun.set()
        assert self.end.wait(10)
        return {each: each.upper() for each in keys}


def _ask(together, key, question, told):
    def run():
        try:
            told[key] = together.answer(key, question)
        except ValueError as error:
            told[key] = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _wait_for(together, keys):
    """Until these have joined the round to come."""
    until = time.monotonic() + 10
    while together._next is None or together._next.keys != set(keys):
        assert time.monotonic() < until


def test_who_comes_while_one_is_asked_waits_for_the_next_together():
    together, slow, told = Together(), Slow(), {}
    threads = [_ask(together, "a", slow, told)]
    assert slow.begun.wait(10)
    threads += [_ask(together, each, slow, told) for each in "bcd"]
    _wait_for(together, "bcd")
    slow.end.set()
    for thread in threads:
        thread.join(10)
    assert slow.asked == [{"a"}, {"b", "c", "d"}]
    assert told == {"a": "A", "b": "B", "c": "C", "d": "D"}


def test_an_error_is_told_to_those_who_waited_for_it_and_to_nobody_else():
    together, slow, told = Together(), Slow(), {}
    first = _ask(together, "a", slow, told)
    assert slow.begun.wait(10)

    def fails(_keys):
        raise ValueError

    others = [_ask(together, each, fails, told) for each in "bc"]
    _wait_for(together, "bc")
    slow.end.set()
    for thread in (first, *others):
        thread.join(10)
    assert told["a"] == "A"
    assert {type(told[each]) for each in "bc"} == {ValueError}
    assert together.answer("d", lambda keys: {"d": len(keys)}) == 1


def test_a_key_without_an_answer_is_told_none():
    assert Together().answer("a", lambda _keys: {}) is None


def test_a_session_that_ended_is_refused_by_a_shared_view_at_once(app, world, sign_in):
    browser = sign_in(world.manager)
    assert browser.get(SHARED).status_code == 200
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        sign_out_everywhere(db.session.get_one(Person, (world.centre_id, world.manager.id)))
    assert browser.get(SHARED).status_code == 303


def test_a_shared_view_asks_for_the_right_of_each(world, sign_in):
    assert sign_in(world.manager).get(SHARED).status_code == 200
    assert sign_in(world.referent).get(SHARED).status_code == 403


def test_a_shared_view_alone_keeps_a_session_alive(app, world, sign_in, clock):
    browser = sign_in(world.manager)
    idle = timedelta(minutes=app.config["SETTINGS"].session_idle_minutes)
    for _ in range(3):
        clock.advance(seconds=idle.total_seconds() * 0.75)
        assert browser.get(SHARED).status_code == 200


def test_many_are_recognised_each_as_who_they_are(app, world, sign_in, clock):
    sign_in(world.manager), sign_in(world.agent), sign_in(world.referent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        hashes = db.session.scalars(select(SignedInSession.token_hash)).all()
        asked = {"token_hashes": [*hashes, "unknown"], "now": clock.time, "idle_since": clock.time}
        asked["idle_since"] -= timedelta(minutes=5)
        found = {
            (session.person_id, person.id, organisation.id)
            for session, person, _centre, organisation, _xid in db.session.execute(
                SESSIONS_AND_PERSONS, asked
            )
        }
    people = (world.manager, world.agent, world.referent)
    assert found >= {(each.id, each.id, each.organisation_id) for each in people}


@pytest.mark.parametrize("path", [SHARED, "/board/wall/cards"])
def test_what_many_ask_for_is_packed_and_no_two_answers_need_be_of_one_length(world, sign_in, path):
    browser = sign_in(world.manager)
    lengths = {len(browser.get(path, headers={"Accept-Encoding": "gzip"}).data) for _ in range(12)}
    assert len(lengths) > 1


def test_more_boards_than_connections_are_all_answered(app, world, sign_in):
    """Some hold a connection while they wait for others, who need one to go on."""
    cookie = sign_in(world.manager).get_cookie("s").value
    paths = [SHARED, "/board"] + [f"{SHARED}?site={world.site_id}"] * 38
    together, answers = threading.Barrier(len(paths)), []

    def look(path):
        browser = app.test_client()
        browser.set_cookie("s", cookie)
        together.wait(10)
        answers.append(browser.get(path).status_code)

    threads = [threading.Thread(target=look, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [200] * len(paths)
