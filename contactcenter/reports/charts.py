"""Where the marks of a small chart stand. Nothing here knows colours: classes do."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    over: float  # height of the part above the limit
    count: int


@dataclass(frozen=True)
class Bars:
    """Bars in a box of `width` by `height`; `limit_y` is where the limit's line stands."""

    bars: tuple[Bar, ...]
    limit_y: float | None
    width: int
    height: int
    total: int
    top: int  # of the scale


def bars(
    counts: Sequence[int],
    limit: float | None = None,
    *,
    width: int = 240,
    height: int = 72,
    headroom: int = 4,
) -> Bars:
    """Bars of these counts; what is above `limit` is marked as too much."""
    room = height - 2 - headroom
    top = max([1, *counts, *([ceil(limit)] if limit is not None else [])])
    step = width / max(1, len(counts))
    made = tuple(
        Bar(
            x=round(number * step + step * 0.1, 1),
            y=round(height - 2 - room * count / top, 1),
            width=round(step * 0.8, 1),
            height=round(room * count / top, 1),
            over=round(room * max(0.0, count - limit) / top, 1) if limit is not None else 0.0,
            count=count,
        )
        for number, count in enumerate(counts)
    )
    limit_y = round(height - 2 - room * limit / top, 1) if limit is not None else None
    return Bars(made, limit_y, width, height, sum(counts), top)
