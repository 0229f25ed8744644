"""What one agent more or less would change in a queue, by Erlang A from what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from contactcenter.queues.saturation import FEWEST_SERVICES
from contactcenter.queues.staffing import Case, Performance, performance

FEWER, MORE = 2, 3
MEASURED_OVER = timedelta(days=28)
FEWEST_DEPARTURES = 5
MOST_LOST = 0.10  # the goal: one in ten gives up at most


@dataclass(frozen=True)
class Rung:
    agents: int
    found: Performance
    served_per_hour: float
    is_now: bool

    @property
    def reaches_goal(self) -> bool:
        return self.found.p_abandon <= MOST_LOST


@dataclass(frozen=True)
class Ladder:
    rungs: tuple[Rung, ...]
    arrivals_per_hour: float
    handling_seconds: float
    patience_seconds: float
    is_shared: bool = False  # the arrivals are also those of other queues of the same agents

    @property
    def now(self) -> Rung | None:
        return next((rung for rung in self.rungs if rung.is_now), None)

    @property
    def gained(self) -> Sequence[tuple[int, int]]:
        """For each agent beyond those there: the how-manieth, and people served more an hour."""
        return [
            (after.agents, round(after.served_per_hour - before.served_per_hour))
            for before, after in zip(self.rungs, self.rungs[1:], strict=False)
            if self.now is not None and before.agents >= self.now.agents
        ]

    @property
    def needed(self) -> int | None:
        return next((rung.agents for rung in self.rungs if rung.reaches_goal), None)


def ladder(
    arrivals_per_hour: float,
    agents: int,
    experience: Any,
    *,
    target_seconds: float,
    erlangs_elsewhere: float = 0.0,
) -> Ladder | None:
    """Rungs around the agents there now; None while handling or patience cannot be measured.

    `erlangs_elsewhere` is what other queues keep the same agents busy with: part of their work.
    """
    if (
        arrivals_per_hour <= 0
        or experience.services < FEWEST_SERVICES
        or experience.gave_up < FEWEST_DEPARTURES
        or not experience.handling
        or not experience.waited
    ):
        return None
    handling, patience = float(experience.handling), float(experience.waited) / experience.gave_up
    arrivals_per_hour += erlangs_elsewhere * 3600 / handling
    rungs = []
    for number in range(max(1, agents - FEWER), max(1, agents) + MORE + 1):
        found = performance(Case(arrivals_per_hour, handling, number, target_seconds, patience))
        served = arrivals_per_hour * (1 - found.p_abandon)
        rungs.append(Rung(number, found, served, number == agents))
    is_shared = erlangs_elsewhere > 0
    return Ladder(tuple(rungs), arrivals_per_hour, handling, patience, is_shared)
