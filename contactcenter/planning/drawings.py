"""Where the marks of the charts of planning stand. Colours are classes, words are beside."""

from collections.abc import Sequence
from dataclasses import dataclass

from contactcenter.planning.experience import Patience
from contactcenter.planning.staffing_days import HalfHour

WIDTH, HEIGHT = 760, 200


@dataclass(frozen=True)
class Mark:
    """One half-hour: its band, the bar of what is expected, and a cross where it is over."""

    x: float
    width: float
    band_y: float
    band_height: float
    mean_y: float
    came_y: float | None
    half_hour: HalfHour


@dataclass(frozen=True)
class BandChart:
    marks: tuple[Mark, ...]
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def band_chart(half_hours: Sequence[HalfHour]) -> BandChart:
    top = max([1, *(each.expected.high for each in half_hours), *(e.came or 0 for e in half_hours)])
    step = WIDTH / max(1, len(half_hours))

    def y(count: float) -> float:
        return round(HEIGHT - (HEIGHT - 8) * count / top, 1)

    marks = tuple(
        Mark(
            x=round(number * step + step * 0.1, 1),
            width=round(step * 0.8, 1),
            band_y=y(each.expected.high),
            band_height=round(y(each.expected.low) - y(each.expected.high), 1),
            mean_y=y(each.expected.mean),
            came_y=y(each.came) if each.came is not None else None,
            half_hour=each,
        )
        for number, each in enumerate(half_hours)
    )
    return BandChart(marks, top)


@dataclass(frozen=True)
class Curve:
    """A staircase from 1 down: `path` of an SVG, and where minutes stand under the axis."""

    path: str
    ticks: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT


def patience_curve(patience: Patience, horizon_seconds: int) -> Curve:
    """The share still willing to wait, up to the horizon."""
    path, step = ["M0 8"], WIDTH / horizon_seconds
    for wait, share in zip(patience.curve.waits, patience.curve.shares, strict=True):
        at = wait * patience.unit
        if at > horizon_seconds:
            break
        y = round(HEIGHT - (HEIGHT - 8) * float(share), 1)
        path += [f"H{round(at * step, 1)}", f"V{y}"]
    ticks = tuple((round(WIDTH * part / 6, 1), horizon_seconds * part // 6) for part in range(1, 6))
    return Curve(" ".join([*path, f"H{WIDTH}"]), ticks)
