"""Real servers, a migrated database for each worker of the run, and a clock that moves."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import session
from flask.testing import FlaskClient
from flask_login import login_user
from flask_wtf.csrf import generate_csrf
from hypothesis import HealthCheck
from hypothesis import settings as examples
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import Engine, create_engine, make_url

from bench.chromium import CHROMIUM, SHELL
from config import Settings
from contactcenter import clock, create_app
from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, drain, transaction
from contactcenter.outbox import LANES
from servers import roles, testing
from servers.private import Urls
from servers.testing import Cluster
from tests import memory
from tests.factories import World, tables
from tests.scenery import Scenery

memory.use()

pytest_plugins = [
    "tests.escalation.matter",
    "tests.knowledge.shelf",
    "tests.planning.store",
]

# A busy machine is slow, not wrong: no example has a deadline.
examples.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("busy")

ROOT = Path(__file__).parent.parent
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second here: to optimise what it runs costs more than that ever gives back.
    "--js-flags=--no-opt",
    # Of a window that nobody sees: the process that would propose addresses while one types. The
    # last such list wins, so those that Playwright switches off stand here again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,PaintHolding,MediaRouter,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,OptimizationHints,NetworkTimeServiceQuerying,"
    "PreconnectToSearch",
]


# Whole products are started there, or many pages opened: begun last, they would be waited for by
# one worker alone.
LONGEST = ("tests/bench", "tests/rehearsal", "tests/servers", "tests/browser/test_pages.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, whatever the order of the rest."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def cluster(testrun_uid: str) -> Iterator[Cluster]:
    cluster = testing.start(testrun_uid)
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def urls(cluster: Cluster, worker_id: str) -> Urls:
    """A migrated database and a Redis of this worker's own."""
    number = int(worker_id.removeprefix("gw") or 0) + 1 if worker_id != "master" else 0
    return cluster.database(f"test_{worker_id}", template=roles.DATABASE, redis_number=number)


@pytest.fixture(scope="session")
def settings(urls: Urls, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        contactcenter_home=tmp_path_factory.mktemp("home"),
        database_url=urls.database_url,
        migrator_database_url=urls.migrator_database_url,
        redis_url=urls.redis_url,
        secret_key="only for tests",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="token of the tests",
        public_base_url="http://localhost",
        undo_send_seconds=0,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[ContactCenter]:
    app = create_app(settings)
    app.config["TESTING"] = True
    gc.collect()
    gc.freeze()
    yield app
    app.extensions["live"].close()
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].client.close()


@pytest.fixture(scope="session")
def owner(urls: Urls) -> Iterator[Engine]:
    """The role that owns the tables: cleans, and looks behind the walls."""
    # A lock that some other session never lets go of is an error, not an endless wait.
    engine = create_engine(
        urls.migrator_database_url, connect_args={"options": "-c lock_timeout=30s"}
    )
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def scenery(app: ContactCenter, cluster: Cluster, urls: Urls) -> Iterator[Scenery]:
    name = make_url(urls.migrator_database_url).database or ""
    with cluster.superuser(name) as database:
        database.execute("SET session_replication_role = replica")
        database.execute("SET lock_timeout = '30s'")
        yield Scenery(app, database)


@pytest.fixture(scope="session")
def delete_all_rows(scenery: Scenery) -> Callable[[], None]:
    """Delete every row of every table.

    A function keeps its plans, looks whether a table has rows before it deletes them, and asks no
    foreign key about a row of which nothing will be left.
    """
    statements = " ".join(
        f"IF EXISTS (SELECT FROM {table.name}) THEN DELETE FROM {table.name}; END IF;"
        for table in tables()
    )
    scenery.database.execute(
        "CREATE FUNCTION delete_all_rows() RETURNS void LANGUAGE plpgsql"
        f" AS $$ BEGIN {statements} END $$".encode()
    )

    def deleted() -> None:
        scenery.database.execute("SELECT delete_all_rows()")

    return deleted


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that used the application, its rows are deleted."""
    if "app" not in request.fixturenames:
        yield
        return
    app: ContactCenter = request.getfixturevalue("app")
    delete_all_rows: Callable[[], None] = request.getfixturevalue("delete_all_rows")
    yield
    delete_all_rows()
    app.extensions["redis"].flushdb()


class MovableClock:
    """Time stands still until a test moves it. It starts on a working Monday, 9:00 UTC."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def advance(self, **delta: float) -> None:
        self.time += timedelta(**delta)

    @contextmanager
    def running(self, speed: float = 1) -> Iterator[None]:
        """Time that passes, from where the clock stands; it stands there again afterwards."""
        began, at = time.monotonic(), self.time
        clock.set_reader(lambda: at + timedelta(seconds=(time.monotonic() - began) * speed))
        try:
            yield
        finally:
            clock.set_reader(lambda: self.time)


@pytest.fixture(name="clock")
def movable_clock() -> Iterator[MovableClock]:
    moved = MovableClock()
    clock.set_reader(lambda: moved.time)
    yield moved
    clock.set_reader(None)


@pytest.fixture
def world(scenery: Scenery, clock: MovableClock) -> World:
    return scenery.world("orme", "Centre d’essai", "fr")


@pytest.fixture
def other_world(scenery: Scenery, clock: MovableClock) -> World:
    return scenery.world("autre", "Autre centre", "nl")


@pytest.fixture
def in_centre(app: ContactCenter, world: World) -> Iterator[None]:
    """Run the test's own code as the centre's staff, in an application context.

    The test wraps what changes state in `with transaction():`, as the edges do.
    """
    with app.app_context(), within(Scope(world.centre_id)):
        yield
        db.session.rollback()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; each test opens windows of its own in it."""
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=SHELL or CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def client(app: ContactCenter) -> FlaskClient:
    """A browser of a stranger."""
    return app.test_client()


SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def sign_in(app: ContactCenter) -> SignIn:
    """A browser in which this person has signed in; forms need no CSRF token in it."""

    def signed_in(person: Person) -> FlaskClient:
        browser = app.test_client()
        with app.test_request_context(environ_base=browser.environ_base):
            with transaction():
                accounts.open_session(person, browser.environ_base["HTTP_USER_AGENT"])
            login_user(person)
            browser.environ_base["HTTP_X_CSRFTOKEN"] = generate_csrf()
            signed = dict(session)
        with browser.session_transaction() as kept:
            kept.update(signed)
        return browser

    return signed_in


class Worker:
    """Drains the lanes as the workers do."""

    def __init__(self, app: ContactCenter) -> None:
        self._app = app

    def run_all(self) -> int:
        with self._app.app_context():
            return sum(drain(lane) for lane in LANES)


@pytest.fixture
def worker(app: ContactCenter) -> Worker:
    return Worker(app)


# Without xdist these two fixtures do not exist.
if not os.environ.get("PYTEST_XDIST_WORKER"):

    @pytest.fixture(scope="session")
    def worker_id() -> str:
        return "master"

    @pytest.fixture(scope="session")
    def testrun_uid() -> str:
        return f"alone-{os.getpid()}"
