"""How long someone with `ahead` citizens before them waits while all agents are busy.

Exact for exponential handling and patience (M/M/n+M): the line in front shrinks at rate
`served + j * leaves` while j of those ahead are left. For whole `ahead` this is the law
1 - exp(-leaves * V) ~ Beta(ahead + 1, served / leaves), written as a finite sum of positive terms
that stays exact when nobody gives up. Rates are per second, `served` of all agents together.
"""

from collections.abc import Iterator
from itertools import count, islice, repeat
from math import exp, expm1, log

HUGE = 1e250
LOG_HUGE = log(HUGE)
# Share of a sum that no float can show.
NEGLIGIBLE = 1e-18
HALVINGS = 60


def still_waiting(served: float, leaves: float, after: float) -> Iterator[float]:
    """Yield for 0, 1, 2... ahead the probability that the wait lasts beyond `after` seconds."""
    reach = -expm1(-leaves * after) / leaves if leaves else after
    exponent = served * after
    term = whole = 1.0
    for j in count(1):
        yield min(1.0, whole * exp(-exponent))
        ratio = reach * (served + (j - 1) * leaves) / j
        term *= ratio
        whole += term
        if term < NEGLIGIBLE * whole * (1 - ratio):
            break
        # The sum alone outgrows a float where its product with the exponential does not.
        if whole > HUGE:
            term, whole, exponent = term / HUGE, whole / HUGE, exponent - LOG_HUGE
    yield from repeat(1.0)


def wait_quantile(share: float, ahead: int, served: float, leaves: float = 0.0) -> float:
    """Seconds within which this share of those with `ahead` before them reach an agent."""
    low, high = 0.0, mean_wait(ahead, served, leaves)
    while _beyond(high, ahead, served, leaves) > 1 - share:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _beyond(middle, ahead, served, leaves) > 1 - share:
            low = middle
        else:
            high = middle
    return high


def mean_wait(ahead: int, served: float, leaves: float = 0.0) -> float:
    """Mean seconds until an agent is free for someone who does not give up."""
    return sum(1 / (served + j * leaves) for j in range(ahead + 1))


def served_share(ahead: int, served: float, leaves: float) -> float:
    """Probability of being served at all, for someone as patient as the others."""
    return served / (served + (ahead + 1) * leaves)


def served_within(after: float, ahead: int, served: float, leaves: float) -> float:
    """Probability of being served within that many seconds, for someone as patient as others."""
    # Given service, each step of the line takes as long as if their own patience were one more.
    beyond = next(islice(still_waiting(served + leaves, leaves, after), ahead, None))
    return served_share(ahead, served, leaves) * (1 - beyond)


def _beyond(after: float, ahead: int, served: float, leaves: float) -> float:
    return next(islice(still_waiting(served, leaves, after), ahead, None))
