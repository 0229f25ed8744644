"""How soon a process that died is started again: at once, then slower and slower."""

import time
from dataclasses import dataclass

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 30.0
HEALTHY_SECONDS = 30.0
"""A process that lived this long is trusted again."""


@dataclass
class Backoff:
    failures: int = 0
    due_at: float = 0.0
    started_at: float = 0.0

    def started(self) -> None:
        self.started_at = time.monotonic()

    def died(self) -> None:
        now = time.monotonic()
        if now - self.started_at > HEALTHY_SECONDS:
            self.failures = 0
        self.due_at = now + min(FIRST_SECONDS * 2**self.failures, LONGEST_SECONDS)
        self.failures += 1

    def is_due(self) -> bool:
        return time.monotonic() >= self.due_at
