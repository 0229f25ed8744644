"""PostgreSQL connections that wait as gevent's own sockets do.

psycopg would ask gevent's `select`: new watchers for every answer, which cost more than most
statements do.
"""

from select import POLLIN, POLLOUT
from typing import Any

import psycopg
from gevent import get_hub, monkey
from psycopg.abc import RV, PQGen
from psycopg.waiting import READY_NONE, READY_R, READY_RW, READY_W, WAIT_R

_look = monkey.get_original("select", "poll")  # at once, so that nobody is kept waiting


class GreenConnection(psycopg.Connection[Any]):
    """Keeps its watchers, one for each way of waiting, for as long as it is open."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._watchers: dict[int, Any] = {}

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            wanted = next(gen)
            while True:
                wanted = gen.send(self._readable() if wanted == WAIT_R else self._usable())
        except StopIteration as end:
            answer: RV = end.value
            return answer

    def close(self) -> None:
        for watcher in self._watchers.values():
            watcher.close()
        self._watchers.clear()
        super().close()

    def _readable(self) -> int:
        self._watch(READY_R)
        return READY_R

    def _usable(self) -> int:
        """What can be done at once; if that is nothing, wait until something can."""
        while not (ready := self._ready()):
            self._watch(READY_RW)
        return ready

    def _ready(self) -> int:
        poll = _look()
        poll.register(self.pgconn.socket, POLLIN | POLLOUT)
        seen = next((events for _file, events in poll.poll(0)), 0)
        can_write = READY_W if seen & POLLOUT else READY_NONE
        return can_write | (READY_R if seen & ~POLLOUT else READY_NONE)  # its end can be read too

    def _watch(self, events: int) -> None:
        hub = get_hub()
        if events not in self._watchers:
            self._watchers[events] = hub.loop.io(self.pgconn.socket, events)
        hub.wait(self._watchers[events])
