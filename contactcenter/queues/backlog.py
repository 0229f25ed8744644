"""Work that nobody stands in line for: what a backlog weighs, what clears it, what will be late.

Letters and questions have no patience, so Erlang A says nothing of them. What counts is the work
that is there, the work that comes, and the deadlines. While everybody in a team of n is at work on
pieces of m minutes on average, pieces are finished at random n/m times a minute (exponential
services, as in Erlang's formulas), so the k-th is done within t minutes with the probability that a
Poisson number of mean n t / m is at least k.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from contactcenter.queues.gamma import at_most

CEILING = 0.85  # of their time that people can spend on it, day after day
MOST_LATE = 0.1
MOST_PEOPLE = 500
CERTAIN = 8.0  # standard deviations


@dataclass(frozen=True)
class Work:
    """`per_day` pieces come on a day of `day_minutes` open minutes; each takes `minutes`.

    `left` are the open pieces by the open minutes until their deadline, with how many have so many,
    the most pressing first; at nought or below they are late already. `target_minutes` is what a
    new one is given.
    """

    per_day: float
    minutes: float
    day_minutes: float
    left: Sequence[tuple[float, int]]
    target_minutes: float

    @property
    def open(self) -> int:
        return sum(pieces for _minutes, pieces in self.left)

    @property
    def late_already(self) -> int:
        return sum(pieces for minutes, pieces in self.left if minutes <= 0)


@dataclass(frozen=True)
class Outcome:
    """With so many people: pieces a day, the share of their time that new work takes.

    `days` until nothing is left, None if never. `late` of the open ones are expected to miss their
    deadline, those that have missed it included; `new_late` is the chance of that for a new one.
    """

    people: int
    per_day: float
    occupancy: float
    days: float | None
    late: float
    new_late: float


def outcome(work: Work, people: int) -> Outcome:
    per_day = people * work.day_minutes / work.minutes
    spare = per_day - work.per_day
    return Outcome(
        people=people,
        per_day=per_day,
        occupancy=work.per_day / per_day,
        days=work.open / spare if spare > 0 else (0.0 if not work.open else None),
        late=_misses(work, people, 0, work.left),
        new_late=_misses(work, people, work.open, [(work.target_minutes, 1)]),
    )


def needed(work: Work) -> tuple[int, int]:
    """People for what comes, day after day; and so that what is there is answered in time too.

    In time: nine in ten of the open pieces that are not late yet.
    """
    steady = max(1, ceil(work.per_day * work.minutes / (work.day_minutes * CEILING)))
    allowed = MOST_LATE * (work.open - work.late_already)

    def is_enough(people: int) -> bool:
        return outcome(work, people).late - work.late_already <= allowed

    found = bisect_left(range(steady, MOST_PEOPLE), 1, key=is_enough)
    return steady, steady + found


def _misses(work: Work, people: int, before: int, left: Sequence[tuple[float, int]]) -> float:
    """How many of these are expected after their deadline, with so many pieces before them."""
    rate, late = people / work.minutes, 0.0
    for minutes, pieces in left:
        late += _short(before + pieces, rate * minutes) - _short(before, rate * minutes)
        before += pieces
    return late


def _short(pieces: int, mean: float) -> float:
    """How many of the first so many pieces are expected unfinished: E[(pieces - N)+], N Poisson."""
    if mean <= 0:
        return float(pieces)
    if abs(pieces - mean) > CERTAIN * (1 + sqrt(mean)):
        return max(0.0, pieces - mean)
    return pieces * at_most(pieces, mean) - mean * at_most(pieces - 1, mean)
