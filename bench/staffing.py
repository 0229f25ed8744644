"""1,920 staffing solves (20 queues, 96 quarters of an hour) with three goals at once."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.product import Product
from bench.tables import Table
from contactcenter.queues.staffing import Case, Goals, agents_needed
from contactcenter.queues.staffing_many import agents_needed_each

QUEUES, QUARTERS = 20, 96
GOALS = Goals(max_abandonment=0.05, min_service_level=0.8, max_occupancy=0.85)
ONE_BY_ONE = 20  # every so many-th is solved alone, the rest would take as long


def bench(_product: Product, times: int) -> None:
    cases = _cases()
    together = _best(lambda: agents_needed_each(cases, GOALS), times)
    few = cases[::ONE_BY_ONE]
    alone = _best(lambda: [agents_needed(case, GOALS) for case in few], 1).times(ONE_BY_ONE)
    # The least that an answer needs: the integral of the service level, of each case, once.
    grid = np.random.default_rng(1).random((len(cases), 32))
    limit = _best(lambda: np.exp(grid), max(times, 5))
    table = Table(
        "1,920 staffing solves, three goals",
        ("how", "milliseconds", "of the processor", "x one integral each"),
    )
    for how, took in {
        "one integral each": limit,
        "together": together,
        "one after the other": alone,
    }.items():
        table.row(how, took.elapsed * 1000, took.busy * 1000, took.busy / limit.busy)
    table.print("target: at most 100 ms together")


@dataclass(frozen=True)
class Took:
    """Seconds: what the clock on the wall says, and what the processor worked."""

    elapsed: float
    busy: float

    def times(self, number: int) -> "Took":
        return Took(self.elapsed * number, self.busy * number)


def _cases() -> list[Case]:
    """Loads of 5 to 200 Erlang, each a day with two peaks."""
    day = 0.6 + 0.4 * np.abs(np.sin(np.linspace(0, 2 * np.pi, QUARTERS)))
    return [
        Case(float(load * busy) * 15, 240, 0, 20, 150)
        for load in np.geomspace(8, 200, QUEUES)
        for busy in day
    ]


def _best(work: Callable[[], object], times: int) -> Took:
    """Medians, after one run that warms what later ones find."""
    work()
    elapsed, busy = [], []
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        work()
        elapsed.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
    return Took(statistics.median(elapsed), statistics.median(busy))
