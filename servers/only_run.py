"""One run at a time in one home; a second one is told where the first is."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from servers import locks
from servers.errors import LaunchRefused
from servers.home import Home

BUSY_SECONDS = 2.0
"""A run whose `make` was killed needs this long to notice."""
STOPPING_SECONDS = 25.0


@contextmanager
def only_run(home: Home, address: str) -> Iterator[Callable[[], None]]:
    """Be the only run inside. Yields what to call when it begins to stop."""
    handle = _wait_for_turn(home)
    note = home.folder / "run.json"

    def tell(*, stopping: bool) -> None:
        note.write_text(
            json.dumps({"process": os.getpid(), "address": address, "stopping": stopping})
        )

    try:
        tell(stopping=False)
        yield lambda: tell(stopping=True)
    finally:
        note.unlink(missing_ok=True)
        os.close(handle)


def _wait_for_turn(home: Home) -> int:
    begun = time.monotonic()
    while (handle := locks.take(home.folder / "run.lock")) is None:
        other = _other(home)
        patience = STOPPING_SECONDS if other.get("stopping") else BUSY_SECONDS
        if time.monotonic() - begun > patience:
            raise LaunchRefused(
                f"The contact centre already runs: {other.get('address', 'starting')}, process"
                f" {other.get('process', 'unknown')}. Stop it with Ctrl-C in its terminal. For a"
                " second one: CONTACTCENTER_HOME=/another/folder PORT=8001"
                " LMTP_LISTEN=127.0.0.1:8025 make run"
            )
        time.sleep(0.1)
    return handle


def _other(home: Home) -> dict[str, object]:
    try:
        told: dict[str, object] = json.loads((home.folder / "run.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return told
