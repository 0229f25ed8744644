"""A visit as the figures see it, and the three ways a figure is rounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from contactcenter.queues.outcomes import LEFT_EARLY, OFFERED, REFUSED, Outcome
from contactcenter.queues.rows import VisitRow
from contactcenter.queues.spans import MICROSECOND, SECOND, ticks


@dataclass(frozen=True)
class Window:
    """`seen_until` is the last moment known: the cut-off, or the end of the window before it."""

    start: int
    end: int
    seen_until: int
    zone: ZoneInfo

    @classmethod
    def of(cls, start: datetime, end: datetime, cutoff: datetime | None, timezone: str) -> "Window":
        first, last = ticks(start), ticks(end)
        seen = last if cutoff is None else max(first, min(last, ticks(cutoff)))
        return cls(first, last, seen, ZoneInfo(timezone))

    def cohort(self, legs: Iterable["Leg"]) -> list["Leg"]:
        return [leg for leg in legs if self.start <= leg.entered < self.end]


class Leg:
    """A visit in microseconds; the wait of one still waiting lasts until the cut-off.

    `gave_up` left of their own will, at once or later. `blocked` was refused at joining. `lined_up`
    stood in line, `in_line` did so in person. `handling` is the time with the agent, None when it
    has not ended or never began.
    """

    __slots__ = (
        "answered",
        "answered_at",
        "blocked",
        "due_at",
        "ended_at",
        "entered",
        "gave_up",
        "handling",
        "in_line",
        "left",
        "lined_up",
        "offered",
        "row",
        "seen_until",
        "wait",
        "waiting",
    )

    def __init__(self, row: VisitRow, window: Window) -> None:
        outcome = row.outcome
        self.row = row
        self.entered = ticks(row.entered_at)
        self.left = _ticks(row.wait_ended_at)
        self.due_at = _ticks(row.due_at)
        self.seen_until = window.seen_until
        self.wait = max(0, (window.seen_until if self.left is None else self.left) - self.entered)
        self.lined_up = row.entered_line
        # A promised call back is judged by its promise: its length is no wait in line.
        self.in_line = self.lined_up and row.source != "callback"
        self.waiting = outcome is None
        self.answered = outcome is Outcome.ANSWERED
        self.answered_at = _ticks(row.answered_at) if self.answered else None
        self.ended_at = _ticks(row.ended_at)
        self.handling = self._handling()
        self.offered = self.waiting or outcome in OFFERED
        self.gave_up = outcome in LEFT_EARLY
        self.blocked = outcome in REFUSED and not self.lined_up

    def within(self, target: int) -> bool:
        """Whether the wait was, or still is, no longer than `target`."""
        row = self.row
        if row.promised_at is not None and row.answered_at is not None:
            return row.answered_at <= row.promised_at
        if row.open_wait is not None:
            return row.open_wait // MICROSECOND <= target
        return self.wait <= target

    def in_time(self, target: int) -> bool:
        """Whether the queue's own target was, or still is, kept: by the moment it ran out."""
        if self.due_at is None:
            return self.within(target)
        return (self.seen_until if self.left is None else self.left) <= self.due_at

    def _handling(self) -> int | None:
        if self.row.in_progress or self.answered_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.answered_at


def _ticks(at: datetime | None) -> int | None:
    return None if at is None else ticks(at)


def rate(part: int, whole: int) -> float | None:
    """Share rounded once from the exact fraction; None of nothing."""
    return part / whole if whole else None


def seconds(amount: int) -> int | float:
    """Write whole seconds as an integer."""
    return amount // SECOND if amount % SECOND == 0 else amount / SECOND


def mean_seconds(amounts: Sequence[int]) -> float | None:
    return sum(amounts) / (len(amounts) * SECOND) if amounts else None


def longest_seconds(amounts: Sequence[int]) -> int | float | None:
    return seconds(max(amounts)) if amounts else None


def quantile_seconds(ordered: Sequence[int], share: str) -> int | float | None:
    """Smallest of the ordered amounts that at least this share does not exceed (nearest rank)."""
    if not ordered:
        return None
    return seconds(ordered[max(1, ceil(Fraction(share) * len(ordered))) - 1])


def in_ticks(amount: timedelta) -> int:
    return amount // MICROSECOND
