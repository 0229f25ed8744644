"""The one source of the current time, so that a test can move it."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one place


_read: Callable[[], datetime] = _system_time


def now() -> datetime:
    return _read()


def set_reader(read: Callable[[], datetime] | None) -> None:
    """Let a test say what time it is; None gives the system's time back."""
    global _read
    _read = read or _system_time
