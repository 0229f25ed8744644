"""What a number of agents achieves, and how many are needed: Erlang A, exact, any inputs.

Without patience nobody gives up (Erlang C); with `lines` at most that many talk and wait together.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from math import ceil, exp, floor, fsum, inf, isfinite, log1p, sqrt

from contactcenter.queues.erlang import Waiting, blocking, delay, long_run
from contactcenter.queues.waits import served_share, still_waiting

# Far beyond any centre; a search that gets here has goals that no staffing meets.
MOST_AGENTS = 10_000_000
# From here on a sum of reciprocals is taken from its expansion.
LONG_LINE = 10_000


class InvalidCase(ValueError):
    """An input without meaning; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field


class NeverSettles(ValueError):
    """Those who never give up are more than the agents can serve: the queue grows for ever."""


@dataclass(frozen=True)
class Case:
    """A stretch of time with steady demand. No `patience_seconds`: nobody gives up."""

    arrivals_per_hour: float
    aht_seconds: float
    agents: float
    threshold_seconds: float = 20.0
    patience_seconds: float | None = None
    lines: int | None = None

    def __post_init__(self) -> None:
        _check("arrivals_per_hour", self.arrivals_per_hour, least=0)
        _check("aht_seconds", self.aht_seconds, above=0)
        _check("agents", self.agents, least=0)
        _check("threshold_seconds", self.threshold_seconds, least=0)
        _check("patience_seconds", self.patience_seconds, above=0)
        _check("lines", self.lines, least=0)

    @property
    def arrivals(self) -> float:
        return self.arrivals_per_hour / 3600

    @property
    def load(self) -> float:
        """Offered load in Erlang."""
        return self.arrivals * self.aht_seconds

    @property
    def leaves(self) -> float:
        """Rate at which one waiting citizen gives up, per second."""
        return 0.0 if self.patience_seconds is None else 1 / self.patience_seconds

    @property
    def able(self) -> float:
        """Agents who can be talking: never more than there are lines."""
        return self.agents if self.lines is None else min(self.agents, self.lines)

    @property
    def served(self) -> float:
        """Rate at which busy agents end their talks, all together, per second."""
        return self.able / self.aht_seconds


@dataclass(frozen=True)
class Performance:
    """Long-run results. Shares are of everyone who arrives, the blocked included.

    `mean_wait_seconds` is over all who got a line, those who gave up included; `asa_seconds` over
    the served. None is a wait without end or of nobody.
    """

    p_wait: float
    p_abandon: float
    p_block: float
    asa_seconds: float | None
    mean_wait_seconds: float | None
    service_level: float
    occupancy: float | None


@dataclass(frozen=True)
class Goals:
    """What staffing must reach, all of it at once."""

    max_abandonment: float | None = None
    min_service_level: float | None = None
    max_occupancy: float | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each.name, getattr(self, each.name), least=0, most=1)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) is not None for each in fields(self))

    @property
    def within_reach(self) -> bool:
        """Whether finitely many agents can do it."""
        return self.min_service_level != 1 and self.max_occupancy != 0

    def met_by(self, found: Performance) -> bool:
        return (
            (self.max_abandonment is None or found.p_abandon <= self.max_abandonment)
            and (self.min_service_level is None or found.service_level >= self.min_service_level)
            and (self.max_occupancy is None or (found.occupancy or 0.0) <= self.max_occupancy)
        )


def performance(case: Case) -> Performance:
    if case.arrivals_per_hour == 0 and case.able > 0:
        return Performance(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    if case.able == 0:
        return _nobody_serves(case)
    if case.leaves == 0 and case.lines is None:
        return _nobody_leaves(case)
    room = inf if case.lines is None else floor(case.lines - case.able)
    ends = 1 / case.aht_seconds
    return _measured(case, long_run(case.arrivals, case.able, ends, case.leaves, room), room)


def agents_needed(
    case: Case, goals: Goals, found_by: Callable[[Case], Performance] = performance
) -> int | None:
    """Fewest whole agents with which all goals are met; None when no number is enough.

    `found_by` is another law of patience, which must serve everybody better with every agent more.
    A goal on waiting alone can be met because many hang up: set a ceiling on abandonment too.
    """
    if case.arrivals_per_hour == 0:
        return 0
    if not goals.within_reach or (goals.max_abandonment == 0 and case.leaves):
        return None
    limit = MOST_AGENTS if case.lines is None else case.lines
    enough = _enough(case, goals, found_by)
    # The answer lies some square roots of the load away from it, on either side.
    start, step = min(max(1, ceil(case.load)), limit), max(1, ceil(sqrt(case.load)))
    if enough(start):
        low = max(0, start - step)
        while low > 0 and enough(low):
            start, step = low, 2 * step
            low = max(0, low - step)
        return _first(enough, low, start)
    low = start
    while low < limit:
        high = min(low + step, limit)
        if enough(high):
            return _first(enough, low, high)
        low, step = high, 2 * step
    return None


def _enough(
    case: Case, goals: Goals, found_by: Callable[[Case], Performance]
) -> Callable[[int], bool]:
    def enough(agents: int) -> bool:
        try:
            found = found_by(replace(case, agents=agents))
        except NeverSettles:
            return False
        endless = found.asa_seconds is None and not (found.p_abandon or found.p_block)
        return not endless and goals.met_by(found)

    return enough


def _first(enough: Callable[[int], bool], low: int, high: int) -> int:
    """Bisect: `high` is enough, and nothing up to `low` is."""
    while high - low > 1:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle
    return high


def _nobody_serves(case: Case) -> Performance:
    """Without agents the waiting leave or fill the lines."""
    blocked = 0.0
    if case.lines is not None:
        blocked = blocking(case.lines, case.arrivals / case.leaves) if case.leaves else 1.0
    gave_up = 1 - blocked if case.leaves else 0.0
    occupancy = None if case.agents == 0 else 0.0
    return Performance(1 - blocked, gave_up, blocked, None, case.patience_seconds, 0.0, occupancy)


def _nobody_leaves(case: Case) -> Performance:
    """Erlang C."""
    spare = case.served - case.arrivals
    if case.load >= case.able:
        return Performance(1.0, 0.0, 0.0, None, None, 0.0, 1.0)
    waits = delay(case.able, case.load)
    late = waits * exp(-spare * case.threshold_seconds)
    mean = waits / spare
    return Performance(waits, 0.0, 0.0, mean, mean, 1 - late, case.load / case.able)


def _measured(case: Case, state: Waiting, room: float) -> Performance:
    length = state.mean_length(room)
    gave_up = case.leaves * length / case.arrivals
    answered = 1 - state.full - gave_up
    in_time, waited = _served_after_waiting(case, state)
    return Performance(
        p_wait=state.must_wait,
        p_abandon=gave_up,
        p_block=state.full,
        asa_seconds=waited / answered if answered > 0 else None,
        mean_wait_seconds=length / case.arrivals / (1 - state.full) if state.full < 1 else None,
        service_level=min(1.0, state.free + in_time),
        occupancy=min(1.0, case.load * answered / case.agents),
    )


def _served_after_waiting(case: Case, state: Waiting) -> tuple[float, float]:
    """Share served within the threshold after a wait, and the mean of wait x being served."""
    served, leaves = case.served, case.leaves
    late = still_waiting(served + leaves, leaves, case.threshold_seconds)
    for _ in range(state.first):
        if next(late) >= 1:
            break
    step = _reciprocals(served, leaves, state.first)
    in_time, waited = [], []
    for ahead, share in enumerate(state.waiting, start=state.first):
        step += 1 / (served + (ahead + 1) * leaves)
        answered = share * served_share(ahead, served, leaves)
        waited.append(answered * step)
        in_time.append(answered * (1 - next(late)))
    return fsum(in_time), fsum(waited)


def _reciprocals(served: float, leaves: float, terms: int) -> float:
    """Sum of 1 / (served + i * leaves) for i = 1..terms."""
    if terms <= LONG_LINE:
        return fsum(1 / (served + i * leaves) for i in range(1, terms + 1))
    start = _reciprocals(served, leaves, LONG_LINE)
    # Euler and Maclaurin: beyond the first thousands the next correction is below 1e-17 of it.
    low, high = served + LONG_LINE * leaves, served + terms * leaves
    area = log1p((high - low) / low) / leaves if leaves else (terms - LONG_LINE) / served
    slope = leaves / 12 * (1 / low**2 - 1 / high**2)
    return start + area + (1 / high - 1 / low) / 2 + slope


def _check(
    field: str,
    value: float | None,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise InvalidCase(field, "must be a number")
    if least is not None and value < least:
        raise InvalidCase(field, f"must be at least {least}")
    if above is not None and value <= above:
        raise InvalidCase(field, f"must be above {above}")
    if most is not None and value > most:
        raise InvalidCase(field, f"must be at most {most}")
