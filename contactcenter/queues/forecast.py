"""How many people will come in each half-hour of a day, with a band that covers what it says.

The mean of the same weekday in recent weeks, freed of what was known to be unusual, is hard to beat
days ahead. What it lacks is honesty: days are busier or calmer as a whole. That busyness is a gamma
factor, measured from how far past days were from the mean of the others; within the day it is
updated by what has come so far: (k + seen) / (k + expected), k = 1/cv².
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

from contactcenter.queues.gamma import count_quantile

WEEKS = 10
FEWEST_DAYS = 3
BAND = 0.90


@dataclass(frozen=True)
class PastDay:
    """People by half-hour; `factor` says how unusual the day was known to be, 1 for an usual one.

    `holiday` days are compared with each other, whatever their weekday.
    """

    day: date
    counts: Sequence[int]
    factor: float = 1.0
    holiday: bool = False


@dataclass(frozen=True)
class Slot:
    """One half-hour: `shape` is that of the gamma law of its rate."""

    mean: float
    low: int
    high: int
    shape: float


@dataclass(frozen=True)
class Forecast:
    """`days` is on how many past days it rests, `cv` the busyness of whole days.

    `update` is what the day so far has multiplied the rest by; None before it began.
    """

    slots: tuple[Slot, ...]
    days: int
    cv: float
    update: float | None = None

    @property
    def total(self) -> float:
        return sum(slot.mean for slot in self.slots)


@dataclass(frozen=True)
class Expectation:
    """What is expected of a day before it begins: `means` by half-hour, from `days` days like it.

    `cv` is the busyness of whole days.
    """

    means: tuple[float, ...]
    days: int
    cv: float

    def after(self, seen: Sequence[int] = ()) -> Forecast:
        """The forecast once these counts of the first half-hours are known."""
        means, variance = list(self.means), self.cv**2
        update, shape = None, 1 / variance if variance else inf
        if seen and variance:
            expected = sum(means[: len(seen)])
            update = (shape + sum(seen)) / (shape + expected)
            variance = 1 / (shape + sum(seen))
            means = [mean if n < len(seen) else mean * update for n, mean in enumerate(means)]
        slots = tuple(_slot(mean, variance, self.days) for mean in means)
        return Forecast(slots, self.days, self.cv, update)


def expectation(
    past: Iterable[PastDay], day: date, *, holiday: bool = False, factor: float = 1.0
) -> Expectation | None:
    """What past days make of this one; None with fewer than three past days like it."""
    past = sorted((each for each in past if each.day < day), key=lambda each: each.day)
    alike = [each for each in past if _is_like(each, day, holiday=holiday)][-WEEKS:]
    if len(alike) < FEWEST_DAYS:
        return None
    means = tuple(mean * factor for mean in _mean_counts(alike))
    return Expectation(means, len(alike), busyness(past) ** 0.5)


def forecast(
    past: Iterable[PastDay],
    day: date,
    *,
    holiday: bool = False,
    factor: float = 1.0,
    seen: Sequence[int] = (),
) -> Forecast | None:
    """Forecast a day; None with fewer than three past days like it.

    `seen` has the counts of the half-hours that are over on the day itself.
    """
    expected = expectation(past, day, holiday=holiday, factor=factor)
    return expected.after(seen) if expected else None


def busyness(past: Iterable[PastDay]) -> float:
    """Squared coefficient of variation of whole days around the mean of the others like them.

    What chance alone explains (Poisson) is taken off; nought when that explains all.
    """
    by_kind: dict[int, list[float]] = {}
    for each in past:
        kind = 7 if each.holiday else each.day.weekday()
        by_kind.setdefault(kind, []).append(sum(each.counts) / each.factor)
    off = expected = squares = 0.0
    for totals in by_kind.values():
        if len(totals) < FEWEST_DAYS:
            continue
        whole, others = sum(totals), len(totals) - 1
        for total in totals:
            mean = (whole - total) / others
            off += (total - mean) ** 2
            expected += mean * (1 + 1 / others)
            squares += mean * mean
    return max(0.0, (off - expected) / squares) if squares else 0.0


def _is_like(each: PastDay, day: date, *, holiday: bool) -> bool:
    if each.holiday or holiday:
        return each.holiday and holiday
    return each.day.weekday() == day.weekday()


def _mean_counts(alike: Sequence[PastDay]) -> list[float]:
    """A day known to be unusual counts as the usual day it would have been."""
    weight = sum(each.factor for each in alike)
    return [sum(counts) / weight for counts in zip(*(each.counts for each in alike), strict=True)]


def _slot(mean: float, variance: float, days: int) -> Slot:
    if mean <= 0:
        return Slot(0.0, 0, 0, inf)
    # The mean of few days is itself uncertain, by a share of 1 / (days x mean).
    shape = 1 / (variance + 1 / (days * mean))
    low, high = (count_quantile(p, shape, mean) for p in ((1 - BAND) / 2, (1 + BAND) / 2))
    return Slot(mean, low, high, shape)
