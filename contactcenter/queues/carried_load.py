"""Offered load carried from one interval into the next: who came at 9:55 is still served at 10:05.

The load m follows m' = arrivals - m / handling time, as if agents were endless (the modified
offered load of Jagerman; Feldman, Mandelbaum, Massey and Whitt 2008). Where handling is short
against the interval it is the ordinary load; at 40 minutes of handling it is not at all.
"""

from collections.abc import Iterator, Sequence
from math import exp, expm1


def carried_loads(
    arrivals_per_hour: Sequence[float],
    aht_seconds: float,
    interval_seconds: float,
    *,
    start: float = 0.0,
) -> Iterator[float]:
    """Yield the mean load of each interval in Erlang; `start` is the load as the first begins."""
    gone = -expm1(-interval_seconds / aht_seconds)
    load = start
    for rate in arrivals_per_hour:
        settled = rate / 3600 * aht_seconds
        yield settled + (load - settled) * gone * aht_seconds / interval_seconds
        load = settled + (load - settled) * exp(-interval_seconds / aht_seconds)


def carried_rates(
    arrivals_per_hour: Sequence[float],
    aht_seconds: float,
    interval_seconds: float,
    *,
    start: float = 0.0,
) -> list[float]:
    """Arrivals per hour that would make the load carried into each interval, for Erlang A."""
    loads = carried_loads(arrivals_per_hour, aht_seconds, interval_seconds, start=start)
    return [load * 3600 / aht_seconds for load in loads]
