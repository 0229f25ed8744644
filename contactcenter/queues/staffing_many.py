"""The agents that many stretches of time need, all solved together: Erlang A on whole arrays.

The same sums as `erlang`, one array operation for a term of every case. It needs numpy, so whoever
solves a few cases imports `staffing` alone. Cases it would not gain from go there too: without
patience, with lines, or so patient that the queue has thousands of likely lengths.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contactcenter.queues.staffing import MOST_AGENTS, Case, Goals, agents_needed

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Above this many citizens within one patience a queue has more likely lengths than pay here.
MOST_WITHIN_PATIENCE = 600
# Gauss and Legendre with 32 nodes are right to 1e-12 as long as rates x width stay below this.
WIDTH = 48.0
MOST_PANELS = 8
NEGLIGIBLE = 1e-17
AT_ONCE = 8  # terms between two looks at whether more are needed
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True)
class Cases:
    """Rates per second of each case: arrivals, ends of one talk, leaving of one who waits."""

    arrivals: Floats
    ends: Floats
    leaves: Floats
    threshold: Floats

    def only(self, chosen: NDArray[np.intp]) -> "Cases":
        return Cases(
            self.arrivals[chosen], self.ends[chosen], self.leaves[chosen], self.threshold[chosen]
        )


def agents_needed_each(cases: Sequence[Case], goals: Goals) -> list[int | None]:
    """What `staffing.agents_needed` answers for each of them."""
    needed: list[int | None] = [None] * len(cases)
    together: list[int] = []
    for place, case in enumerate(cases):
        if _pays(case, goals):
            together.append(place)
        else:
            needed[place] = agents_needed(case, goals)
    if together:
        found = _search(_arrays([cases[place] for place in together]), goals)
        for place, agents in zip(together, found, strict=True):
            needed[place] = int(agents) if agents < MOST_AGENTS else None
    return needed


def performances(cases: Cases, agents: Floats) -> tuple[Floats, Floats, Floats]:
    """P(abandon), service level and occupancy of each case with so many agents, at least one."""
    load = cases.arrivals / cases.ends
    with np.errstate(over="ignore", invalid="ignore"):
        free = _inverse_blocking(agents - 1, load)
        tail, length = _queue(cases, agents)
        whole = free + tail
        lost = cases.leaves * length / whole / cases.arrivals
        level = (free + cases.arrivals * _reached(cases, agents)) / whole
    level = np.where(np.isinf(free), 1.0, np.minimum(level, 1.0))
    return lost, level, load * (1 - lost) / agents


def _pays(case: Case, goals: Goals) -> bool:
    if case.patience_seconds is None or case.lines is not None or case.arrivals_per_hour == 0:
        return False
    if not goals.within_reach or goals.max_abandonment == 0:
        return False
    # The search may look at twice the load and more: leave it room.
    rates = 4 * case.arrivals + 4 / case.aht_seconds + case.leaves
    return (
        case.arrivals * case.patience_seconds <= MOST_WITHIN_PATIENCE
        and rates * case.threshold_seconds <= WIDTH * MOST_PANELS
    )


def _arrays(cases: Sequence[Case]) -> Cases:
    rows = [(c.arrivals, 1 / c.aht_seconds, c.leaves, c.threshold_seconds) for c in cases]
    return Cases(*np.array(rows, dtype=np.float64).T)


def _search(cases: Cases, goals: Goals) -> Floats:
    """Double the steps away from the load until each answer lies in between, then bisect."""
    load = cases.arrivals / cases.ends
    high, step = np.maximum(1.0, np.ceil(load)), np.maximum(1.0, np.ceil(np.sqrt(load)))
    low = np.zeros_like(high)
    every = np.arange(len(high))

    def meets(chosen: NDArray[np.intp], agents: Floats) -> Flags:
        return _met(goals, *performances(cases.only(chosen), agents))

    enough = meets(every, high)
    _bracket_below(meets, every[enough], low, high, step)
    _bracket_above(meets, every[~enough], low, high, step)
    while len(open_ones := np.flatnonzero(high - low > 1)):
        middle = np.floor((low[open_ones] + high[open_ones]) / 2)
        good = meets(open_ones, middle)
        high[open_ones[good]] = middle[good]
        low[open_ones[~good]] = middle[~good]
    return high


Meets = Callable[[NDArray[np.intp], Floats], Flags]


def _bracket_below(
    meets: Meets, left: NDArray[np.intp], low: Floats, high: Floats, step: Floats
) -> None:
    while len(left):
        tried = np.maximum(0.0, high[left] - step[left])
        low[left] = tried
        left, tried = left[tried > 0], tried[tried > 0]
        good = meets(left, tried)
        left = left[good]
        high[left] = tried[good]
        low[left], step[left] = 0.0, 2 * step[left]


def _bracket_above(
    meets: Meets, left: NDArray[np.intp], low: Floats, high: Floats, step: Floats
) -> None:
    while len(left):
        low[left] = high[left]
        high[left] = np.minimum(high[left] + step[left], MOST_AGENTS)
        good = meets(left, high[left]) | (high[left] >= MOST_AGENTS)
        left = left[~good]
        step[left] *= 2


def _met(goals: Goals, lost: Floats, level: Floats, occupancy: Floats) -> Flags:
    met = np.ones(len(lost), dtype=bool)
    if goals.max_abandonment is not None:
        met &= lost <= goals.max_abandonment
    if goals.min_service_level is not None:
        met &= level >= goals.min_service_level
    if goals.max_occupancy is not None:
        met &= occupancy <= goals.max_occupancy
    return met


def _inverse_blocking(servers: Floats, load: Floats) -> Floats:
    """1 / Erlang B of whole servers, summed downwards from the last; infinite beyond floats."""
    term, whole, left, room = np.ones_like(load), np.ones_like(load), servers / load, 1 / load
    while np.any(term > NEGLIGIBLE * whole):
        for _ in range(AT_ONCE):
            term *= left
            term[left <= 0] = 0.0  # also where it had outgrown floats
            whole += term
            left -= room
        left[left < room / 2] = 0.0
    return whole


def _queue(cases: Cases, agents: Floats) -> tuple[Floats, Floats]:
    """Weight of all states in which nobody is free, and of the number who wait in them."""
    rate = agents * cases.ends
    weight = cases.arrivals / rate
    tail, length, k = weight.copy(), np.zeros_like(weight), 0
    while np.any((rate < cases.arrivals) | (weight * (k + 1) > NEGLIGIBLE * (tail + length))):
        for _ in range(AT_ONCE):
            k += 1
            rate += cases.leaves
            weight *= cases.arrivals
            weight /= rate
            tail += weight
            length += k * weight
    return tail, length


def _reached(cases: Cases, agents: Floats) -> Floats:
    """Integral over the threshold of the density of being reached after x seconds."""
    served = agents * cases.ends
    rates = cases.arrivals + served + cases.leaves
    panels = max(1, int(np.ceil(np.max(rates * cases.threshold, initial=0.0) / WIDTH)))
    width = cases.threshold / panels
    total = np.zeros_like(width)
    for panel in range(panels):
        x = width[:, None] * (panel + (NODES + 1) / 2)
        leaving = cases.leaves[:, None]
        come = cases.arrivals[:, None] * -np.expm1(-leaving * x) / leaving
        total += np.exp(come - (leaving + served[:, None]) * x) @ WEIGHTS * width / 2
    return total
