"""A day of one queue played person by person, as it could go with other staffing, hours or order.

What the formulas take as steady is played as it is: demand that changes and a day that is busier as
a whole, agents who come, go and finish what they began, a door that closes, priority, a reserve
that is called. The same seed plays the same day.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf, log, sqrt
from random import Random

from contactcenter.queues.rules import MOST_OVERTAKES

ARRIVES, GIVES_UP, ENDS, CHANGES, CLOSES = range(5)
ORDINARY, PRIORITY = 0, 1


@dataclass(frozen=True)
class Plan:
    """What is played. Rates and agents are of each slot, from the first second of the day on.

    `patience` draws the seconds one is willing to wait. `busyness` is the coefficient of variation
    of whole days, `handling_cv` that of one service (1 is exponential). The door is open from
    `opens` to `closes`, slots counted from 0; who still waits `stays` seconds after is sent away.
    `reserve` more agents serve once `reserve_at` people wait, until nobody does.
    """

    rates: Sequence[float]
    agents: Sequence[int]
    handling_seconds: float
    patience: Callable[[Random], float]
    threshold_seconds: float
    slot_seconds: float = 1800.0
    handling_cv: float = 1.0
    busyness: float = 0.0
    opens: int = 0
    closes: int | None = None
    stays: float = 0.0
    priority_share: float = 0.0
    most_overtakes: int | None = MOST_OVERTAKES
    reserve: int = 0
    reserve_at: int = 0


@dataclass
class Outcome:
    """One day played. `by_slot` has offered, answered in time and lost, by slot of arrival."""

    offered: int = 0
    answered: int = 0
    in_time: int = 0
    gave_up: int = 0
    sent_away: int = 0  # the door closed before their turn
    waited_seconds: float = 0.0  # of all together
    longest_seconds: float = 0.0
    priority_waited_seconds: float = 0.0
    priority_offered: int = 0
    busy_seconds: float = 0.0
    staffed_seconds: float = 0.0
    by_slot: list[list[int]] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return self.gave_up + self.sent_away

    @property
    def figures(self) -> dict[str, float]:
        """Shares and means of the day; of a day on which nobody came, as if all went well."""
        people, ordinary = self.offered or 1, self.offered - self.priority_offered
        waited = self.waited_seconds - self.priority_waited_seconds
        return {
            "offered": self.offered,
            "lost": self.lost,
            "p_lost": self.lost / people,
            "service_level": self.in_time / people if self.offered else 1.0,
            "mean_wait_seconds": self.waited_seconds / people,
            "ordinary_wait_seconds": waited / max(1, ordinary),
            "longest_wait_seconds": self.longest_seconds,
            "occupancy": self.busy_seconds / self.staffed_seconds if self.staffed_seconds else 0.0,
        }


def play(plan: Plan, seed: int) -> Outcome:
    return _Day(plan, Random(seed)).play()  # noqa: S311 - chance for a game, not for a secret


@dataclass(eq=False)
class _Person:
    came: float
    slot: int
    kind: int
    overtaken: int = 0
    waits: bool = True


class _Day:
    """Events in order of time; a number keeps those of one moment in the order they were made."""

    def __init__(self, plan: Plan, chance: Random) -> None:
        self.plan, self.chance = plan, chance
        self.numbers = count()
        self.events: list[tuple[float, int, int, _Person | None]] = []
        self.lines: tuple[deque[_Person], deque[_Person]] = (deque(), deque())
        self.waiting = self.busy = self.agents = 0
        self.reserve_is_here = False
        self.at = 0.0
        self.told = Outcome(by_slot=[[0, 0, 0] for _ in plan.rates])
        self.service = _services(plan, chance)

    def play(self) -> Outcome:
        plan = self.plan
        for slot in range(len(plan.rates)):
            self._plan(slot * plan.slot_seconds, CHANGES)
        closes = len(plan.rates) if plan.closes is None else plan.closes
        self._plan(closes * plan.slot_seconds + plan.stays, CLOSES)
        for arriving in _arrivals(plan, self.chance):
            self._plan(arriving.came, ARRIVES, arriving)
        acts = {
            ARRIVES: self._arrive,
            GIVES_UP: self._give_up,
            ENDS: self._end,
            CHANGES: self._change,
            CLOSES: self._close,
        }
        while self.events:
            at, _number, kind, person = heappop(self.events)
            self._pass_to(at)
            acts[kind](person)
            self._serve()
        return self.told

    def _plan(self, at: float, kind: int, person: _Person | None = None) -> None:
        heappush(self.events, (at, next(self.numbers), kind, person))

    def _pass_to(self, at: float) -> None:
        """Who is paid: those planned, and those who finish or help beyond the plan."""
        is_over = self.at >= len(self.plan.rates) * self.plan.slot_seconds
        here = self.busy if is_over else max(self.busy, self.agents + self._reserve())
        self.told.staffed_seconds += here * (at - self.at)
        self.told.busy_seconds += self.busy * (at - self.at)
        self.at = at

    def _reserve(self) -> int:
        return self.plan.reserve if self.reserve_is_here else 0

    def _arrive(self, person: _Person | None) -> None:
        assert person is not None
        self.told.offered += 1
        self.told.priority_offered += person.kind
        self.told.by_slot[person.slot][0] += 1
        self.lines[person.kind].append(person)
        self.waiting += 1
        patience = self.plan.patience(self.chance)
        if patience != inf:
            self._plan(self.at + patience, GIVES_UP, person)
        if self.plan.reserve and self.waiting >= self.plan.reserve_at:
            self.reserve_is_here = True

    def _give_up(self, person: _Person | None) -> None:
        if person is not None and person.waits:
            self.told.gave_up += 1
            self._lose(person)

    def _close(self, _person: _Person | None) -> None:
        for person in [*self.lines[ORDINARY], *self.lines[PRIORITY]]:
            if person.waits:
                self.told.sent_away += 1
                self._lose(person)

    def _lose(self, person: _Person) -> None:
        self.told.by_slot[person.slot][2] += 1
        self._leave_line(person)

    def _end(self, _person: _Person | None) -> None:
        self.busy -= 1

    def _change(self, _person: _Person | None) -> None:
        slot = min(round(self.at / self.plan.slot_seconds), len(self.plan.agents) - 1)
        self.agents = self.plan.agents[slot]

    def _serve(self) -> None:
        while self.waiting and self.busy < self.agents + self._reserve():
            person = self._next()
            wait = self._leave_line(person)
            self.told.answered += 1
            if wait <= self.plan.threshold_seconds:
                self.told.in_time += 1
                self.told.by_slot[person.slot][1] += 1
            self.busy += 1
            self._plan(self.at + next(self.service), ENDS)
        if not self.waiting:
            self.reserve_is_here = False

    def _leave_line(self, person: _Person) -> float:
        wait = self.at - person.came
        person.waits = False
        self.waiting -= 1
        self.told.waited_seconds += wait
        self.told.longest_seconds = max(self.told.longest_seconds, wait)
        if person.kind == PRIORITY:
            self.told.priority_waited_seconds += wait
        return wait

    def _next(self) -> _Person:
        """Whose turn it is, by `rules.next_index`; the lines are in order of arrival."""
        ordinary, first = (self._head(line) for line in self.lines)
        if first is None or ordinary is None:
            taken = first or ordinary
            assert taken is not None
            return taken
        most = self.plan.most_overtakes
        is_due = most is not None and ordinary.overtaken >= most
        if is_due and ordinary.came <= first.came:
            return ordinary
        if ordinary.came < first.came:
            ordinary.overtaken += 1
        return first

    @staticmethod
    def _head(line: deque[_Person]) -> _Person | None:
        while line and not line[0].waits:
            line.popleft()
        return line[0] if line else None


def _arrivals(plan: Plan, chance: Random) -> Iterator[_Person]:
    """Poisson arrivals of each open slot, the whole day multiplied by its busyness."""
    shape = 1 / plan.busyness**2 if plan.busyness else 0.0
    busy = chance.gammavariate(shape, 1 / shape) if shape else 1.0
    closes = len(plan.rates) if plan.closes is None else plan.closes
    for slot, rate in enumerate(plan.rates):
        a_second = rate * busy / 3600  # of next to nobody nothing is left here
        if not (plan.opens <= slot < closes) or a_second <= 0:
            continue
        begins, ends = slot * plan.slot_seconds, (slot + 1) * plan.slot_seconds
        at = begins + chance.expovariate(a_second)
        while at < ends:
            kind = PRIORITY if chance.random() < plan.priority_share else ORDINARY
            yield _Person(at, slot, kind)
            at += chance.expovariate(a_second)


def _services(plan: Plan, chance: Random) -> Iterator[float]:
    """Handling times: exponential, or lognormal as they are measured almost everywhere."""
    mean, cv = plan.handling_seconds, plan.handling_cv
    if cv == 1.0:
        while True:
            yield chance.expovariate(1 / mean)
    spread = sqrt(log(1 + cv * cv))
    centre = log(mean) - spread * spread / 2
    while True:
        yield chance.lognormvariate(centre, spread)
