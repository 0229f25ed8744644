"""What those who come now may expect of a queue: the chance to wait, to give up, to be served."""

from dataclasses import dataclass

from contactcenter.queues.saturation import FEWEST_SERVICES, Observed, WaitRange, estimate_range
from contactcenter.queues.staffing import Case, Performance, performance
from contactcenter.queues.waits import served_share, served_within


@dataclass(frozen=True)
class Prospect:
    """Each None where nothing honest can be said.

    `now` and `coming` are Erlang A for the arrivals of the last hour and of the usual next one;
    `next_wait` is of who comes at this moment, `served` their chance to be served at all.
    """

    now: Performance | None
    coming: Performance | None
    next_wait: WaitRange | None
    served: float | None


def prospect(seen: Observed) -> Prospect:
    return Prospect(
        now=_performance(seen, seen.offered_last_hour),
        coming=_performance(seen, seen.expected_next_hour),
        next_wait=next_wait(seen),
        served=_served(seen),
    )


def next_wait(seen: Observed) -> WaitRange | None:
    """None too when an agent is free and nobody waits: there is no wait to speak of."""
    if seen.agents_ready and not seen.ahead:
        return None
    return estimate_range(
        seen.ahead,
        agents=seen.agents_serving,
        handling_seconds=seen.handling_seconds,
        recent_services=FEWEST_SERVICES if seen.handling_seconds else 0,
        patience_seconds=seen.patience_seconds,
    )


def served_before(seen: Observed, seconds: float) -> float | None:
    """Chance that who comes now is served within that time, closing for instance."""
    if not seen.agents_serving or not seen.handling_seconds:
        return None
    return served_within(max(0.0, seconds), seen.ahead, *_rates(seen, seen.handling_seconds))


def _performance(seen: Observed, arrivals: float | None) -> Performance | None:
    """None without agents or arrivals, and for an overload in which nobody is known to leave."""
    if not arrivals or not seen.agents_serving or not seen.handling_seconds:
        return None
    load = arrivals * seen.handling_seconds / 3600 + seen.load_elsewhere
    if seen.patience_seconds is None and load >= seen.agents_serving:
        return None
    return performance(
        Case(
            load * 3600 / seen.handling_seconds,
            seen.handling_seconds,
            seen.agents_serving,
            seen.target_seconds,
            seen.patience_seconds,
        )
    )


def _served(seen: Observed) -> float | None:
    if not seen.agents_serving or not seen.handling_seconds or not seen.patience_seconds:
        return None
    return served_share(seen.ahead, *_rates(seen, seen.handling_seconds))


def _rates(seen: Observed, handling_seconds: float) -> tuple[float, float]:
    """Services of all agents together, and departures of one who waits, per second."""
    leaves = 1 / seen.patience_seconds if seen.patience_seconds else 0.0
    return seen.agents_serving / handling_seconds, leaves
