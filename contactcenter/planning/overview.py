"""Every queue on one day: how many people, and how many agents at the peak. One solve for all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf

from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.planning import queries
from contactcenter.planning.experience import Experience
from contactcenter.planning.staffing_days import HALF_HOUR_SECONDS, HARDLY_ANYBODY, kept_plan
from contactcenter.queues.carried_load import carried_rates
from contactcenter.queues.forecast import BAND
from contactcenter.queues.gamma import count_quantile
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.staffing import Case, Goals

IN_LINE = (QueueKind.COUNTER, QueueKind.PHONE)


@dataclass(frozen=True)
class QueueDay:
    """`people` with its band, None without a forecast; agents None without times of service."""

    queue: Queue
    people: float | None = None
    low: int = 0
    high: int = 0
    peak_agents: int | None = None
    agent_hours: float | None = None
    planned_hours: float | None = None


def overview(centre: Centre, day: date) -> list[QueueDay]:
    days = [_look(centre, queue, day) for queue in db.session.scalars(queries.queues(*IN_LINE))]
    _solve([(place, cases, goals) for place, (_day, cases, goals) in enumerate(days)], days)
    return [each for each, _cases, _goals in days]


Looked = tuple[QueueDay, list[Case], Goals]


def _look(centre: Centre, queue: Queue, day: date) -> Looked:
    learnt = Experience(centre, queue, day)
    agents, goals = kept_plan(queue.id, day)
    told, handling = learnt.forecast, learnt.handling
    if told is None:
        return QueueDay(queue), [], goals
    shape = 1 / told.cv**2 if told.cv else inf
    low, high = (
        count_quantile(share, shape, told.total) for share in ((1 - BAND) / 2, (1 + BAND) / 2)
    )
    planned = sum(agents.values()) / 2 if agents else None
    shown = QueueDay(queue, told.total, low, high, planned_hours=planned)
    if handling is None:
        return shown, [], goals
    rates = carried_rates(
        [2 * slot.mean for slot in told.slots], handling.seconds, HALF_HOUR_SECONDS
    )
    usual = Case(0.0, handling.seconds, 0, queue.threshold_seconds, learnt.patience.seconds)
    cases = [replace(usual, arrivals_per_hour=rate) for rate in rates if rate >= HARDLY_ANYBODY]
    return shown, cases, goals


def _solve(asked: Sequence[tuple[int, list[Case], Goals]], days: list[Looked]) -> None:
    """Queues with the same goals are solved at once."""
    # Here and not above: it brings numpy, which only this page needs.
    from contactcenter.queues.staffing_many import agents_needed_each

    for goals in {goals for _place, _cases, goals in asked if goals}:
        same = [(place, cases) for place, cases, theirs in asked if theirs == goals and cases]
        found = iter(agents_needed_each([case for _p, cases in same for case in cases], goals))
        for place, cases in same:
            agents = [next(found) or 0 for _case in cases]
            shown = days[place][0]
            better = replace(shown, peak_agents=max(agents), agent_hours=sum(agents) / 2)
            days[place] = (better, cases, goals)
