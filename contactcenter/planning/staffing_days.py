"""One day of one queue by half-hours: who will come, how many agents that takes, and how sure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from math import inf

from contactcenter.db import db
from contactcenter.planning import queries
from contactcenter.planning.experience import Experience, Handling, begins
from contactcenter.planning.models import StaffingPlan
from contactcenter.queues.carried_load import carried_rates
from contactcenter.queues.forecast import Forecast, Slot
from contactcenter.queues.gamma import share_above
from contactcenter.queues.general_patience import general_performance
from contactcenter.queues.models import Queue
from contactcenter.queues.past_demand import SLOTS
from contactcenter.queues.staffing import (
    Case,
    Goals,
    NeverSettles,
    Performance,
    agents_needed,
    performance,
)

USUAL_GOALS = {"max_abandonment": 0.05, "min_service_level": 0.8, "max_occupancy": 0.85}
HALF_HOUR_SECONDS = 1800
FEWER, MORE = 2, 3
# Half-hours with less than so many people expected are not staffed for their own sake.
HARDLY_ANYBODY = 0.05
SURE = 0.9
HALVINGS = 24
MOST_PEOPLE = 1e5  # an hour

Law = Callable[[Case], Performance]


@dataclass(frozen=True)
class HalfHour:
    """`rate` is people per hour with the load carried over from before.

    `needed` meets the goals for the people expected, `sure` nine times out of ten. What follows is
    for the agents planned, or needed where none are planned: `missing` is the probability that
    more people come than these can serve within the goals.
    """

    slot: int
    begins: datetime
    expected: Slot
    came: int | None
    rate: float
    needed: int | None
    sure: int | None
    planned: int | None
    found: Performance | None
    missing: float | None

    @property
    def agents(self) -> int | None:
        return self.needed if self.planned is None else self.planned


@dataclass(frozen=True)
class Rung:
    agents: int
    found: Performance | None
    missing: float
    lost_per_hour: float | None


@dataclass(frozen=True)
class StaffingDay:
    queue: Queue
    day: date
    forecast: Forecast
    handling: Handling
    patience_seconds: float | None
    by_curve: bool
    goals: Goals
    half_hours: tuple[HalfHour, ...]
    ladder: tuple[Rung, ...]
    ladder_at: HalfHour | None

    @property
    def agent_hours(self) -> tuple[float, float]:
        """Planned, and needed where nothing is planned; and needed throughout."""
        planned = sum(each.agents or 0 for each in self.half_hours) / 2
        return planned, sum(each.needed or 0 for each in self.half_hours) / 2


def staffing_day(
    learnt: Experience,
    planned: Mapping[int, int],
    goals: Goals,
    *,
    by_curve: bool = False,
    ladder_at: int | None = None,
) -> StaffingDay | None:
    """None without a forecast or without services to know their time from."""
    told, handling = learnt.forecast, learnt.handling
    if told is None or handling is None:
        return None
    solver = _Solver(learnt, handling, goals, by_curve=by_curve)
    rates = carried_rates(
        [2 * slot.mean for slot in told.slots], handling.seconds, HALF_HOUR_SECONDS
    )
    shown = range(*_shown(told, rates, planned, learnt.demand.counts))
    half_hours = tuple(
        _half_hour(learnt, slot, told.slots[slot], rates[slot], planned.get(slot), solver)
        for slot in shown
    )
    at = next((each for each in half_hours if each.slot == ladder_at), _peak(half_hours))
    return StaffingDay(
        queue=learnt.queue,
        day=learnt.day,
        forecast=told,
        handling=handling,
        patience_seconds=solver.case.patience_seconds,
        by_curve=by_curve,
        goals=goals,
        half_hours=half_hours,
        ladder=_ladder(at, solver) if at else (),
        ladder_at=at,
    )


def kept_plan(queue_id: int, day: date) -> tuple[dict[int, int], Goals]:
    """Agents by half-hour as they were typed, and the goals of the day or of the last plan."""
    plan: StaffingPlan | None = db.session.scalar(queries.plan(queue_id, day))
    before: StaffingPlan | None = plan or db.session.scalar(queries.last_plan(queue_id))
    goals = Goals(**(before.goals if before else USUAL_GOALS))
    return ({int(slot): n for slot, n in plan.agents.items()} if plan else {}), goals


class _Solver:
    """Answers for one queue and day, each number of agents asked once."""

    def __init__(
        self, learnt: Experience, handling: Handling, goals: Goals, *, by_curve: bool
    ) -> None:
        patience, self.goals = learnt.patience, goals
        self.case = Case(0.0, handling.seconds, 0, learnt.queue.threshold_seconds, patience.seconds)
        self.law: Law = performance
        if by_curve:
            self.law = lambda case: general_performance(
                case, patience.curve, unit_seconds=patience.unit
            )
        self.most = lru_cache(maxsize=None)(self._most)

    def at(self, rate: float, agents: int) -> Performance | None:
        """None when the queue would grow for ever."""
        try:
            return self.law(replace(self.case, arrivals_per_hour=rate, agents=agents))
        except NeverSettles:
            return None

    def needed(self, rate: float) -> int | None:
        case = replace(self.case, arrivals_per_hour=rate)
        return agents_needed(case, self.goals, self.law) if self.goals else None

    def missing(self, expected: Slot, rate: float, agents: int) -> float:
        return share_above(expected.shape, rate, self.most(agents))

    def _most(self, agents: int) -> float:
        """People per hour that so many agents serve within the goals; infinite without goals."""
        if not self.goals:
            return inf
        low, high = 0.0, max(1.0, agents * 3600 / self.case.aht_seconds)
        while self._meets(high, agents):
            low, high = high, 2 * high
            if high > MOST_PEOPLE:
                return inf
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._meets(middle, agents) else (low, middle)
        return low

    def _meets(self, rate: float, agents: int) -> bool:
        found = self.at(rate, agents)
        return found is not None and found.asa_seconds is not None and self.goals.met_by(found)


def _half_hour(
    learnt: Experience,
    slot: int,
    expected: Slot,
    rate: float,
    planned: int | None,
    solver: _Solver,
) -> HalfHour:
    busy = expected.mean >= HARDLY_ANYBODY or rate >= HARDLY_ANYBODY
    needed = solver.needed(rate) if busy else 0
    sure = solver.needed(_high(expected, rate)) if busy else 0
    agents = needed if planned is None else planned
    return HalfHour(
        slot=slot,
        begins=begins(learnt.day, slot, learnt.centre.timezone),
        expected=expected,
        came=learnt.demand.counts[slot] if slot < len(learnt.seen) else None,
        rate=rate,
        needed=needed,
        sure=sure,
        planned=planned,
        found=solver.at(rate, agents) if agents is not None else None,
        missing=solver.missing(expected, rate, agents) if agents is not None else None,
    )


def _high(expected: Slot, rate: float) -> float:
    """The rate that nine days in ten stay below."""
    low, high = rate, 2 * rate
    while share_above(expected.shape, rate, high) > 1 - SURE:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = share_above(expected.shape, rate, middle) > 1 - SURE
        low, high = (middle, high) if above else (low, middle)
    return high


def _shown(
    told: Forecast, rates: Sequence[float], planned: Mapping[int, int], came: Sequence[int]
) -> tuple[int, int]:
    """From the first half-hour with somebody to the last, in which who came before is served."""
    used = [
        slot
        for slot in range(SLOTS)
        if max(told.slots[slot].mean, rates[slot]) >= HARDLY_ANYBODY
        or planned.get(slot)
        or came[slot]
    ]
    return (used[0], used[-1] + 1) if used else (0, 0)


def _peak(half_hours: Sequence[HalfHour]) -> HalfHour | None:
    return max(half_hours, key=lambda each: each.rate, default=None)


def _ladder(at: HalfHour, solver: _Solver) -> tuple[Rung, ...]:
    middle = at.agents or 0
    rungs = []
    for agents in range(max(0, middle - FEWER), middle + MORE + 1):
        found = solver.at(at.rate, agents)
        lost = at.rate * found.p_abandon if found else None
        rungs.append(Rung(agents, found, solver.missing(at.expected, at.rate, agents), lost))
    return tuple(rungs)
