"""Demand that feeds on its own failure: who gave up calls again, and some who were served do too.

Total = first attempts / (1 - p P(abandon) - q (1 - P(abandon))), P(abandon) being that of the total
(Ding, Remerova, Koole et al. 2013). Redials must then not be in the first attempts: count people.
"""

from dataclasses import dataclass, replace

from contactcenter.queues.staffing import Case, InvalidCase, NeverSettles, Performance, performance

HALVINGS = 100
# Beyond this many times the first attempts, the answer is that there is none.
MOST_TIMES = 1000


@dataclass(frozen=True)
class WithRedials:
    """`times` is all attempts over first attempts; `found` is for all attempts."""

    times: float
    found: Performance


def with_redials(case: Case, redial: float, reconnect: float = 0.0) -> WithRedials:
    """`redial` of those who gave up try again, `reconnect` of the served.

    `case` has the first attempts as its arrivals. Raises NeverSettles, and InvalidCase.
    """
    for name, share in (("redial", redial), ("reconnect", reconnect)):
        if not 0 <= share <= 1:
            raise InvalidCase(name, "must be between 0 and 1")
    if case.arrivals_per_hour == 0:
        return WithRedials(1.0, performance(case))
    low, high = 1.0, 2.0
    while _first_attempts(case, high, redial, reconnect) < 1:
        low, high = high, 2 * high
        if high > MOST_TIMES:
            raise NeverSettles
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _first_attempts(case, middle, redial, reconnect) < 1:
            low = middle
        else:
            high = middle
    return WithRedials(high, performance(_times(case, high)))


def _times(case: Case, times: float) -> Case:
    return replace(case, arrivals_per_hour=case.arrivals_per_hour * times)


def _first_attempts(case: Case, times: float, redial: float, reconnect: float) -> float:
    """First attempts, over those there are, that would make so many times as many in all."""
    found = performance(_times(case, times))
    lost = found.p_abandon + found.p_block
    return times * (1 - redial * lost - reconnect * (1 - lost))
