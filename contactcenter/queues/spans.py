"""Sums over stretches of time, in whole microseconds so that nothing is rounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000

Span = tuple[int, int]


def ticks(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    return EPOCH + at * MICROSECOND


def clipped(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    inside = [(a if a > start else start, b if b < end else end) for a, b in spans]
    return [(a, b) for a, b in inside if a < b]


def united(spans: Iterable[Span]) -> list[Span]:
    """Cover the same time by spans in order that do not touch."""
    whole: list[Span] = []
    for a, b in sorted(spans):
        if whole and a <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], b))
        else:
            whole.append((a, b))
    return whole


def total(spans: Iterable[Span]) -> int:
    return sum(b - a for a, b in spans)


def common(ones: Sequence[Span], others: Sequence[Span]) -> int:
    """Time covered by both; each is in order and does not touch itself."""
    shared = i = j = 0
    while i < len(ones) and j < len(others):
        shared += max(0, min(ones[i][1], others[j][1]) - max(ones[i][0], others[j][0]))
        if ones[i][1] <= others[j][1]:
            i += 1
        else:
            j += 1
    return shared


@dataclass(frozen=True)
class Crowd:
    """How many were there at once: `area` is people x time, `most_at` when `most` was first met."""

    area: int
    most: int
    most_at: int | None
    present: int  # time with at least one


def crowd(spans: Sequence[Span]) -> Crowd:
    """Count those present at once; who leaves makes room before who comes at the same moment."""
    ends = sorted(b for _, b in spans)
    most = gone = 0
    most_at: int | None = None
    for come, at in enumerate(sorted(a for a, _ in spans)):
        while ends[gone] <= at:
            gone += 1
        here = come + 1 - gone
        if here > most:
            most, most_at = here, at
    return Crowd(total(spans), most, most_at, total(united(spans)))
