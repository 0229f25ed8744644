"""Redis that is away or hangs: the work goes on, nobody waits long, and the pages say so."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

from config import Settings
from contactcenter.connections import Doorbells, LazyRedis
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter
from contactcenter.queues.models import Visit
from contactcenter.stream import Hub
from tests.conftest import SignIn
from tests.factories import World

PATIENCE_SECONDS = 60  # of the test: without bounds an answer would never come
QUIET = 'id="stale" role="status" hidden></p>'
SAID = 'id="stale" role="status">Les mises à jour en direct sont interrompues'


def _use(app: ContactCenter, address: str, patch: pytest.MonkeyPatch) -> None:
    elsewhere = LazyRedis(Settings(redis_url=address))
    patch.setitem(app.extensions, "redis", elsewhere)
    patch.setitem(app.extensions, "rq_queues", Doorbells(app))


@pytest.fixture
def hung(app: ContactCenter, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that takes every call and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        _use(app, f"redis://:secret@127.0.0.1:{server.getsockname()[1]}/0", monkeypatch)
        yield


@pytest.fixture
def down(app: ContactCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    _use(app, "redis://127.0.0.1:1/0", monkeypatch)


@pytest.fixture
def hub(app: ContactCenter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    hub = Hub(app)
    monkeypatch.setitem(app.extensions, "live", hub)
    yield hub
    hub.close()


@pytest.fixture
def counter(world: World, sign_in: SignIn) -> FlaskClient:
    browser = sign_in(world.agent)
    browser.post("/counter/place", data={"counter": world.counter_id})
    return browser


def _visits(app: ContactCenter, world: World) -> int:
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalar(db.select(db.func.count(Visit.id))) or 0


def test_a_number_is_given_while_redis_hangs(
    app: ContactCenter, world: World, counter: FlaskClient, request: pytest.FixtureRequest
) -> None:
    key = re.search(r'name="key" type="hidden" value="(\w+)"', counter.get("/counter").text)
    assert key
    request.getfixturevalue("hung")
    pool = ThreadPoolExecutor(1)
    answer = pool.submit(counter.post, "/counter/visits", data={"topic": "avis", "key": key[1]})
    pool.shutdown(wait=False)
    assert answer.result(PATIENCE_SECONDS).status_code == 303
    assert _visits(app, world) == 1


def test_a_page_says_that_live_updates_are_interrupted(
    counter: FlaskClient, hung: None, world: World, sign_in: SignIn
) -> None:
    assert SAID in counter.get("/counter").text
    assert SAID in sign_in(world.manager).get("/board").text


def test_the_wall_says_so_too(down: None, world: World, sign_in: SignIn) -> None:
    assert SAID in sign_in(world.manager).get("/board/wall").text


def test_a_page_says_nothing_while_redis_answers(counter: FlaskClient) -> None:
    assert QUIET in counter.get("/counter").text


def test_who_is_not_signed_in_is_told_nothing(client: FlaskClient, down: None) -> None:
    assert QUIET in client.get("/sign-in").text


def test_a_stream_begins_with_whether_it_is_late(
    app: ContactCenter, hub: Hub, world: World, sign_in: SignIn, down: None
) -> None:
    answer = sign_in(world.manager).get("/live?topics=board")
    assert "event: paused" in next(iter(answer.response)).decode()
    answer.close()


def test_an_open_page_is_told_when_redis_goes_and_comes_back(
    app: ContactCenter, hub: Hub, world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = sign_in(world.manager).get("/live?topics=board")
    stream = iter(answer.response)
    assert "event: resumed" in next(stream).decode()
    with monkeypatch.context() as away:
        _use(app, "redis://127.0.0.1:1/0", away)
        assert "event: paused" in next(stream).decode()
    assert "event: resumed" in next(stream).decode()
    answer.close()


def test_after_a_failure_nobody_asks_again_for_a_while(hung: None, app: ContactCenter) -> None:
    redis = app.extensions["redis"]
    with pytest.raises(NoAnswer):
        redis.ping()
    with pytest.raises(NoConnection):
        redis.ping()
