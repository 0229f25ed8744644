"""Sweepers of ladders in processes of their own, killed at random while two are at work.

python -m bench.sweeper DATABASE_URL REDIS_URL CENTRE MOMENT    sweeps until nothing more is due
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from config import Settings
from contactcenter import clock, create_app
from contactcenter.db import Scope, within
from contactcenter.edge import transaction
from contactcenter.escalation import jobs
from servers.private import Urls

PROJECT = Path(__file__).parent.parent
SWEEPERS = 8
LIVES = (0.05, 1.0)  # seconds of sweeping until one is killed
LOOKS_EVERY = 0.05

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

    All are started beforehand and wait for a word: to start takes longer than they live.
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
        told = [urls.database_url, urls.redis_url, str(centre_id), moment.isoformat()]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.sweeper", *told],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._ends_at = 0.0
        self.was_killed = False

    def begin(self, seconds: float) -> "_Sweeper":
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()
        self._ends_at = time.monotonic() + seconds
        return self

    def must_end(self) -> bool:
        return time.monotonic() > self._ends_at

    def kill(self) -> None:
        self.was_killed = self.was_killed or self._process.poll() is None
        self._process.kill()
        self._process.communicate()


def main() -> None:
    database_url, redis_url, centre, moment = sys.argv[1:]
    app = create_app(
        Settings(database_url=database_url, redis_url=redis_url, secret_key="only for this bench")
    )
    clock.set_reader(lambda: datetime.fromisoformat(moment))
    print("ready", flush=True)
    sys.stdin.readline()
    with app.app_context(), within(Scope(int(centre))):
        while _climbed():
            pass


def _climbed() -> bool:
    with transaction():
        return jobs.climb_ladders()


if __name__ == "__main__":
    main()
