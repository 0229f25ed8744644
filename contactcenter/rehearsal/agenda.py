"""Who acts when: a few threads take the next due act, and sleep in between."""

import heapq
import itertools
import threading
import time
import traceback
from collections.abc import Callable

from contactcenter.rehearsal.browser import NotLetIn, Refused, Unreachable

Act = Callable[[], float | None]
"""Does something and tells after how many seconds of the play it acts again; None for never."""

STOP_SECONDS = 2.0
AFTER_REFUSAL_SECONDS = 5.0
AFTER_FAULT_SECONDS = 60.0  # a fault of ours, or a page we cannot read: the day goes on
AFTER_FAILURE_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)


class Agenda:
    """`speed` is how many seconds of the play pass in a second of the clock."""

    def __init__(self, *, speed: float = 1.0, report: Callable[[str], None]) -> None:
        self._speed = speed
        self._report = report
        self._due: list[tuple[float, int, Act]] = []
        self._order = itertools.count()
        self._failures: dict[Act, int] = {}
        self._players: set[Act] = set()
        self._changed = threading.Condition()
        self._over = False
        self._threads: list[threading.Thread] = []

    def play(self, act: Act, *, first: float) -> None:
        """Let somebody act again and again, whatever comes between; `first` is when they begin."""
        self._players.add(act)
        self.after(first, act)

    def dismiss(self) -> None:
        """Nobody goes on by themselves; what single acts have begun is still brought to its end."""
        with self._changed:
            self._players.clear()

    @property
    def owes(self) -> bool:
        """Whether an act that failed is to be tried again."""
        with self._changed:
            return bool(self._failures)

    def after(self, seconds: float, act: Act) -> None:
        """Let someone act `seconds` of the play from now."""
        self._at(time.monotonic() + seconds / self._speed, act)

    def start(self, hands: int) -> None:
        for number in range(hands):
            thread = threading.Thread(target=self._work, name=f"hand-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """No new act begins; those under way have a moment to end."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _at(self, moment: float, act: Act) -> None:
        with self._changed:
            heapq.heappush(self._due, (moment, next(self._order), act))
            self._changed.notify()

    def _work(self) -> None:
        while act := self._next():
            self._do(act)

    def _next(self) -> Act | None:
        with self._changed:
            while not self._over:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    def _do(self, act: Act) -> None:
        try:
            again = act()
        except Unreachable as failure:
            self._try_later(act, failure)
            return
        except Refused as refusal:
            self._report(f"refused: {refusal}")
            again = AFTER_REFUSAL_SECONDS
        except NotLetIn as stranger:
            self._report(f"not let in: {stranger}")
            again = None
        except Exception:
            self._report(traceback.format_exc())
            again = AFTER_FAULT_SECONDS
        self._failures.pop(act, None)
        if again is not None and act in self._players:
            self.after(again, act)

    def _try_later(self, act: Act, failure: Unreachable) -> None:
        """An act that failed is due again, later each time: whoever acts keeps what they wrote."""
        times = self._failures.get(act, 0)
        self._failures[act] = times + 1
        self._report(f"later: {failure}")
        pause = AFTER_FAILURE_SECONDS[min(times, len(AFTER_FAILURE_SECONDS) - 1)]
        self._at(time.monotonic() + pause, act)
