"""A visit as the figures see it, and the three ways a figure is rounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from contactcenter.queues.outcomes import GAVE_UP, OFFERED, REFUSED, Outcome
from contactcenter.queues.rows import VisitRow
from contactcenter.queues.spans import MICROSECOND, SECOND, ticks

LEFT_EARLY = GAVE_UP | {Outcome.ABANDONED_SHORT}


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
    """A visit in microseconds; the wait of one still waiting lasts until the cut-off."""

    __slots__ = ("entered", "in_line", "left", "lined_up", "row", "wait")

    def __init__(self, row: VisitRow, window: Window) -> None:
        self.row = row
        self.entered = ticks(row.entered_at)
        until = row.wait_ended_at
        self.left = None if until is None else ticks(until)
        self.wait = max(0, (window.seen_until if self.left is None else self.left) - self.entered)
        self.lined_up = row.entered_line
        # A promised call back is judged by its promise: its length is no wait in line.
        self.in_line = self.lined_up and row.source != "callback"

    @property
    def waiting(self) -> bool:
        return self.row.outcome is None

    @property
    def answered(self) -> bool:
        return self.row.outcome is Outcome.ANSWERED

    @property
    def gave_up(self) -> bool:
        """Left of their own will, at once or later."""
        return self.row.outcome in LEFT_EARLY

    @property
    def offered(self) -> bool:
        return self.waiting or self.row.outcome in OFFERED

    @property
    def blocked(self) -> bool:
        """Refused at joining."""
        return self.row.outcome in REFUSED and not self.lined_up

    def within(self, target: int) -> bool:
        """Whether the wait was, or still is, no longer than `target`."""
        row = self.row
        if row.promised_at is not None and row.answered_at is not None:
            return row.answered_at <= row.promised_at
        if row.open_wait is not None:
            return row.open_wait // MICROSECOND <= target
        return self.wait <= target

    @property
    def handling(self) -> int | None:
        """Time with the agent; None when it has not ended or never began."""
        row = self.row
        if not self.answered or row.in_progress or row.ended_at is None or row.answered_at is None:
            return None
        return ticks(row.ended_at) - ticks(row.answered_at)


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
