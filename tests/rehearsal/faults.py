"""Kills parts of a product without a warning, one after the other, while it works."""

import os
import random
import signal
import threading
from collections import Counter
from contextlib import suppress

from tests.rehearsal.product import JOBS, Product

EVERY_SECONDS = (0.8, 2.2)


class Killer:
    """Only processes that this product started are ever killed."""

    def __init__(self, product: Product, *, seed: int) -> None:
        self._product = product
        self._dice = random.Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="killer")
        self.killed: Counter[str] = Counter()

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        self._thread.join()
        self._product.revive_servers()

    def _work(self) -> None:
        parts = ["web", "redis", *(job.replace(" ", "-") for job in JOBS)]
        while not self._over.wait(self._dice.uniform(*EVERY_SECONDS)):
            self._kill(self._dice.choice(parts))
            self._product.revive_servers()

    def _kill(self, part: str) -> None:
        pid = self._pid_of(part)
        if pid is None:
            return  # it is just being started again
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.killed[part] += 1

    def _pid_of(self, part: str) -> int | None:
        if part == "redis":
            return self._product.redis()
        if part == "web":
            workers = self._product.web_workers()
            return self._dice.choice(workers) if workers else None
        return self._product.job_processes().get(part)
