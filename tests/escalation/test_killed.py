"""Sweepers of processes of their own, killed or side by side: each step is told once."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bench.sweeper import DOUBLED, LOST, sweep_under_fire
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import asking
from contactcenter.escalation.models import Pressing, Referral
from contactcenter.escalation.staffing_models import Alert
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from servers.private import Urls
from tests.conftest import MovableClock
from tests.escalation.matter import Matter
from tests.factories import World

ROOT = Path(__file__).parents[2]

# A sweeper that starts when it is told to, and dies without a word where `window` says.
SWEEPER = """
import os, signal, sys
from datetime import datetime
from config import Settings
from contactcenter import clock, create_app, edge
from contactcenter.db import Scope, db, within
from contactcenter.escalation import alerts, jobs

window, database, redis, centre, now = sys.argv[1:]
app = create_app(Settings(database_url=database, redis_url=redis, secret_key="tests"))
clock.set_reader(lambda: datetime.fromisoformat(now))
tell = alerts.tell

def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def die_in_tell(*told):
    if window == "after the notice":
        tell(*told)
    db.session.flush()  # the step is with the database, and nothing is committed
    die()

if window in ("between step and notice", "after the notice"):
    alerts.tell = die_in_tell
if window == "after the commit":
    edge.FOLLOWERS[0].after_commit = die
print("ready", flush=True)
sys.stdin.readline()
with app.app_context(), within(Scope(int(centre))):
    for _round in range(3):
        with edge.transaction():
            jobs.climb_ladders()
"""

WINDOWS = {"between step and notice": 0, "after the notice": 0, "after the commit": 1}


@pytest.fixture
def start(world: World, urls: Urls, clock: MovableClock):
    """Start a sweeper; it is ready, and sweeps once it reads a line."""
    started: list[subprocess.Popen[str]] = []

    def begin(window: str = "") -> subprocess.Popen[str]:
        told = [window, urls.database_url, urls.redis_url, str(world.centre_id)]
        process = subprocess.Popen(
            [sys.executable, "-c", SWEEPER, *told, clock.time.isoformat()],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_sweepers_killed_at_random_lose_and_double_nothing(
    asked: Referral, world: World, urls: Urls, clock: MovableClock, owner: Engine
) -> None:
    copies = text(
        "INSERT INTO referrals (centre_id, ticket_id, team_id, organisation_id, status, is_live,"
        " question, blocks, blocked_since, tried, right_lost, closing_text, standard_procedure,"
        " is_rehearsal, asked_by, asked_at, due_at, next_due_at, steps_done)"
        " SELECT centre_id, ticket_id, team_id, organisation_id, status, false, question, '', '',"
        " '', '', '', false, false, asked_by, asked_at, due_at, next_due_at, 0"
        " FROM referrals, generate_series(1, 4000)"
    )
    db.session.rollback()
    with owner.begin() as line:
        line.execute(copies)
    clock.advance(days=2)
    due = text("SELECT count(*) FROM referrals WHERE next_due_at <= :moment")

    def is_over() -> bool:
        with owner.connect() as line:
            return line.scalar(due, {"moment": clock.time}) == 0

    killed = sweep_under_fire(urls, world.centre_id, clock.time, is_over, seed=7)
    assert killed
    known = {"centre": world.centre_id, "moment": clock.time}
    with owner.connect() as line:
        wrong = [line.exec_driver_sql(asked, known).scalars().all() for asked in (LOST, DOUBLED)]
    assert wrong == [[0, 0, 0], [0, 0, 0]]
    assert count(Pressing) == 4001


def count(model: type[Pressing | Alert]) -> int:
    return len(db.session.scalars(db.select(model.id)).all())


def told() -> int:
    return len(db.session.scalars(db.select(Notice.id).where(Notice.kind == "ladder")).all())


@pytest.mark.parametrize("window", WINDOWS)
def test_a_sweeper_killed_there_neither_loses_nor_doubles_a_notice(
    asked: Referral, clock: MovableClock, sweep: Callable[[], None], start, window: str
) -> None:
    db.session.rollback()
    clock.advance(days=2)
    sweeper = start(window)
    _said, error = sweeper.communicate("go\n", timeout=60)
    assert sweeper.returncode == -signal.SIGKILL, error[-500:]
    assert count(Pressing) == told() == WINDOWS[window]
    db.session.rollback()
    sweep()
    sweep()
    assert (count(Pressing), count(Alert), told()) == (1, 1, 1)


def test_two_sweepers_side_by_side_tell_each_question_once(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, start
) -> None:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    with transaction():
        for number in range(4):
            ticket = tickets.get(matter.ticket_id)
            asking.ask(ticket, team, question=f"Question {number} ?", by=world.agent)
    clock.advance(days=2)
    both = [start(), start()]
    for sweeper in both:
        sweeper.stdin.write("go\n")
        sweeper.stdin.flush()
    for sweeper in both:
        _said, error = sweeper.communicate(timeout=60)
        assert sweeper.returncode == 0, error[-500:]
    db.session.rollback()
    assert (count(Pressing), count(Alert), told()) == (4, 4, 4)
