"""Sweepers of ladders in processes of their own, killed at random while two are at work."""

import random
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing.synchronize import Event

from sqlalchemy.orm import configure_mappers

from bench.forked import forks
from config import Settings
from contactcenter import clock, create_app
from contactcenter.db import Scope, within
from contactcenter.edge import transaction
from contactcenter.escalation import jobs
from servers.private import Urls

SWEEPERS = 8
LIVES = (0.05, 1.0)  # seconds of sweeping until one is killed
LOOKS_EVERY = 0.05
WAIT_SECONDS = 60

configure_mappers()

# Of the steps climbed since the start: what is missing, and what is there more often than once.
LOST = """
SELECT count(*) FROM referrals r WHERE r.next_due_at <= %(moment)s AND r.centre_id = %(centre)s
UNION ALL
SELECT count(*) FROM pressings p WHERE p.centre_id = %(centre)s AND NOT EXISTS (SELECT FROM alerts a
    WHERE a.centre_id = p.centre_id AND a.referral_id = p.referral_id AND a.step = p.step)
UNION ALL
SELECT count(*) FROM alerts a WHERE a.centre_id = %(centre)s AND a.told_at = a.written_at AND NOT
    EXISTS (SELECT FROM notices n WHERE n.centre_id = a.centre_id AND n.referral_id = a.referral_id
            AND n.kind = 'ladder' AND n.to_address = a.address)
"""
DOUBLED = """
SELECT count(*) - count(DISTINCT (referral_id, step)) FROM pressings WHERE centre_id = %(centre)s
UNION ALL
SELECT count(*) - count(DISTINCT (referral_id, step, address)) FROM alerts
    WHERE centre_id = %(centre)s
UNION ALL
SELECT count(*) - count(DISTINCT dedupe_key) FROM notices
    WHERE centre_id = %(centre)s AND kind = 'ladder'
"""


def sweep_under_fire(
    urls: Urls, centre_id: int, moment: datetime, is_over: Callable[[], bool], seed: int
) -> int:
    """Keep two sweepers at work and kill them at random, but for the last two; how many died so.

    All are started beforehand and wait for a word.
    """
    dice = random.Random(seed)
    waiting = [_Sweeper(urls, centre_id, moment) for _ in range(SWEEPERS)]
    everyone = list(waiting)
    try:
        at_work = [waiting.pop().begin(dice.uniform(*LIVES)) for _ in range(2)]
        while not is_over():
            time.sleep(LOOKS_EVERY)
            for place, each in enumerate(at_work):
                if waiting and each.must_end():
                    each.kill()
                    at_work[place] = waiting.pop().begin(dice.uniform(*LIVES))
        return sum(each.was_killed for each in everyone)
    finally:
        for each in everyone:
            each.kill()


class _Sweeper:
    """One sweeper, from its start to its end."""

    def __init__(self, urls: Urls, centre_id: int, moment: datetime) -> None:
        self._is_ready, self._go = forks.Event(), forks.Event()
        self._process = forks.Process(
            target=_sweep, args=(urls, centre_id, moment, self._is_ready, self._go)
        )
        self._process.start()
        self._ends_at = 0.0
        self.was_killed = False

    def begin(self, seconds: float) -> "_Sweeper":
        assert self._is_ready.wait(WAIT_SECONDS)
        self._go.set()
        self._ends_at = time.monotonic() + seconds
        return self

    def must_end(self) -> bool:
        return time.monotonic() > self._ends_at

    def kill(self) -> None:
        self.was_killed = self.was_killed or self._process.is_alive()
        self._process.kill()
        self._process.join()


def _sweep(urls: Urls, centre_id: int, moment: datetime, is_ready: Event, go: Event) -> None:
    """Climb until nothing more is due, once told to."""
    app = create_app(
        Settings(
            database_url=urls.database_url,
            redis_url=urls.redis_url,
            secret_key="only for this bench",
        )
    )
    clock.set_reader(lambda: moment)
    is_ready.set()
    if not go.wait(WAIT_SECONDS):
        return  # who was to say it has gone
    with app.app_context(), within(Scope(centre_id)):
        while _climbed():
            pass


def _climbed() -> bool:
    with transaction():
        return jobs.climb_ladders()
