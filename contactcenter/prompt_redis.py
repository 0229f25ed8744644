"""A Redis that answers soon or is done without: no person waits for a doorbell.

A server that is down refuses at once; one that hangs takes the call and says nothing. Whoever meets
that waits `ANSWER_SECONDS`; for `REFUSED_SECONDS` after it everyone in the process is refused
without asking, and then one caller tries for all.
"""

import time
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

ANSWER_SECONDS = 1.0  # a server that is well takes under a millisecond; a busy machine is slow
REFUSED_SECONDS = 5.0
HEARD_SECONDS = 5.0
PROMPT: dict[str, Any] = {
    "socket_connect_timeout": ANSWER_SECONDS,
    "socket_timeout": ANSWER_SECONDS,
    "retry": Retry(NoBackoff(), 0),  # the library's own three would multiply the wait
}


class PromptRedis(Redis):
    """Raises RedisError soon when nobody answers, and at once for a few seconds afterwards.

    A pipeline has the same short waits and no memory: ask something plain before it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._heard_at = float("-inf")
        self._refused_until = float("-inf")
        self._is_doubted = False

    def execute_command(self, *arguments: Any, **options: Any) -> Any:
        now = time.monotonic()
        if now < self._refused_until:
            raise NoConnection("Redis did not answer a moment ago")
        if self._is_doubted:
            self._doubt()  # the others are refused while this caller tries
        try:
            answer = super().execute_command(*arguments, **options)  # type: ignore[no-untyped-call]  # theirs
        except (NoConnection, NoAnswer):
            self._doubt()
            raise
        self._heard_at, self._refused_until, self._is_doubted = now, float("-inf"), False
        return answer

    def _doubt(self) -> None:
        self._is_doubted, self._heard_at = True, float("-inf")
        self._refused_until = time.monotonic() + REFUSED_SECONDS

    def is_away(self) -> bool:
        """Whether nobody answers now, as far as a page needs to know: within five seconds."""
        if time.monotonic() < self._heard_at + HEARD_SECONDS:
            return False
        try:
            self.ping()
        except RedisError:
            return True
        return False
