"""`python -m contactcenter.rehearsal`: plays until stopped, or for as long as it is told."""

import json
import signal
import sys
import threading
import time

from contactcenter.rehearsal import commands
from contactcenter.rehearsal.browser import is_ready
from contactcenter.rehearsal.day import Day
from contactcenter.rehearsal.options import Options, read_options

LOOKS_EVERY_SECONDS = 1.0
FINISHES_WITHIN_SECONDS = 60.0
MOST_LINES_A_MINUTE = 30


class Reporter:
    """Says what happens, but never floods the log."""

    def __init__(self) -> None:
        self._minute, self._lines = 0, 0

    def __call__(self, line: str) -> None:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._lines = minute, 0
        self._lines += 1
        if self._lines <= MOST_LINES_A_MINUTE:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


def main() -> None:
    options, stopped = read_options(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    if not options.password:
        raise SystemExit("set DEMO_PASSWORD: the password of the demo's people")
    _wait_until_ready(options, stopped)
    if stopped.is_set():
        return
    commands.begin(options.centre)
    keeper = threading.Thread(target=commands.keep_marked, args=(options.centre, stopped))
    keeper.start()
    try:
        _play(options, stopped)
    finally:
        stopped.set()
        keeper.join()  # or it might mark once more what has just ended
        commands.end(options.centre)


def _wait_until_ready(options: Options, stopped: threading.Event) -> None:
    """The product starts at the same time, and whoever opens its first page comes before us."""
    while not is_ready(options.web) and not stopped.wait(LOOKS_EVERY_SECONDS):
        pass


def _play(options: Options, stopped: threading.Event) -> None:
    day = Day(options, Reporter())
    day.begin()
    try:
        if not stopped.wait(options.seconds):
            day.end_arrivals()
            _finish(day, stopped)
    finally:
        day.close()
    sys.stdout.write(json.dumps({"accepted": dict(day.ledger.counts)}) + "\n")


def _finish(day: Day, stopped: threading.Event) -> None:
    """What was begun and failed is tried again until the door has taken it."""
    deadline = time.monotonic() + FINISHES_WITHIN_SECONDS
    while day.agenda.owes and time.monotonic() < deadline and not stopped.wait(0.2):
        pass


if __name__ == "__main__":
    main()
