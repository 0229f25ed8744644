"""Workers and sweepers that die in processes of their own, without a word, where a test says.

They are forked from one that has loaded the product and done nothing: to load it takes a hundred
times as long as what they then do.
"""

import multiprocessing
import os
import signal
from datetime import datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy.orm import configure_mappers

from config import Settings
from contactcenter import clock, create_app, edge, outbox
from contactcenter.citizens import actions as citizens
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter
from contactcenter.escalation import alerts, jobs
from contactcenter.incidents import telling
from servers.private import Urls

PATIENCE_SECONDS = 60

configure_mappers()
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload([__name__])


def begun(work: Any, *told: Any) -> BaseProcess:
    process = forks.Process(target=work, args=told, daemon=True)
    process.start()
    return process


def ended(process: BaseProcess) -> int | None:
    """How it ended: 0, or the number of the signal that killed it, negative."""
    process.join(PATIENCE_SECONDS)
    return process.exitcode


def work(window: str, urls: Urls) -> None:
    """Do the urgent jobs that wait, up to this window of the first."""
    app = _app(urls)

    def effect(name: str) -> None:
        citizens.create(name=name)
        if window == "after the effect":
            die()

    edge.JOBS["tests.effect"] = effect
    if window == "after the effect":
        release = edge.JOBS["replies.release"]
        edge.JOBS["replies.release"] = lambda **held: release(**held) or die()
    if window == "after the claim":
        edge.run_job = die
    if window == "before the mark":
        outbox.finish = die
    if window == "after the commit":
        commits = iter(["the claim's"])
        outbox.after_commit = lambda: next(commits, None) or die()
    with app.app_context():
        edge.drain("urgent")


def sweep(window: str, urls: Urls, centre_id: int, now: datetime, together: Barrier) -> None:
    """Climb the ladders as `now` wants it, beginning together with others, up to this window."""
    app = _app(urls)
    clock.set_reader(lambda: now)
    tell = alerts.tell

    def die_in_tell(*told: Any) -> None:
        if window == "after the notice":
            tell(*told)
        db.session.flush()  # the step is with the database, and nothing is committed
        die()

    if window in ("between step and notice", "after the notice"):
        alerts.tell = die_in_tell
    if window == "after the commit":
        outbox.after_commit = die
    with app.app_context(), within(Scope(centre_id)):
        together.wait(PATIENCE_SECONDS)
        for _round in range(3):
            with edge.transaction():
                jobs.climb_ladders()


def answer_all(window: str, urls: Urls) -> None:
    """Tell the citizens of an incident, two in a transaction, up to this window."""
    app = _app(urls)
    telling.CHUNK = 2
    told = iter(range(2))
    write = telling._write

    def die_at_second(*given: Any) -> None:
        write(*given)
        if next(told) == 1:
            db.session.flush()  # both replies are with the database, and nothing is committed
            die()

    if window == "in a chunk":
        telling._write = die_at_second
    if window == "after a commit":
        commits = iter(["the claim's"])
        outbox.after_commit = lambda: next(commits, None) or die()
    with app.app_context():
        edge.drain("bulk")


def die(*_args: Any, **_more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _app(urls: Urls) -> ContactCenter:
    return create_app(
        Settings(
            database_url=urls.database_url, redis_url=urls.redis_url, secret_key="only for tests"
        )
    )
