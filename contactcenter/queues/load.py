"""How each queue of a centre stands now: five statements for all of them, on ranges of indexes.

The day comes from what is kept of its quarter hours; visits are read of the last hour, and of those
who are still here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Select,
    and_,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INTERVAL

from contactcenter.db import db
from contactcenter.queues.conditions import DUE, FIGURES
from contactcenter.queues.interval_models import IN_FORCE, Threshold
from contactcenter.queues.interval_rows import QUARTER, Asked, tallies
from contactcenter.queues.models import (
    UNHURRIED,
    Outlook,
    Queue,
    QueueKind,
    Visit,
    VisitState,
)
from contactcenter.queues.saturation import FEWEST_SERVICES, Observed
from contactcenter.queues.staff import serving, sharing
from contactcenter.queues.tally import NOTHING, Tally
from contactcenter.queues.targets import overdue_seconds

HOUR = timedelta(hours=1)
FIVE_MINUTES = timedelta(minutes=5)
BARS = 12
# Seconds of a service, until enough are over to measure it: only the length of a line uses it.
USUAL_HANDLING = {QueueKind.COUNTER: 600, QueueKind.PHONE: 300, QueueKind.CONSULT: 300}

COUNTED = (
    "offered",
    "arrived",
    "returned",
    "answered",
    "served",
    "gave_up",
    "stayed",
    "lost",
    "on_time",
    "owed",
    "due",
    "handled",
)


@dataclass(frozen=True)
class Counts:
    """Visits that arrived in one stretch of time, by what became of them.

    Who was set aside and comes back is a visit more, and nobody more: `arrived` and `served` leave
    those out, `offered = arrived + returned`.
    """

    offered: int = 0
    arrived: int = 0
    returned: int = 0
    answered: int = 0
    served: int = 0
    gave_up: int = 0
    stayed: int = 0
    lost: int = 0
    on_time: int = 0
    owed: int = 0
    due: int = 0  # owed, and those already waiting beyond the target
    handled: int = 0
    handling_seconds: float = 0.0  # of the handled together

    @property
    def service_level(self) -> float | None:
        """On time among all whom an answer is owed now: a growing queue never looks good."""
        return self.on_time / self.due if self.due else None

    @property
    def abandonment(self) -> float | None:
        return self.gave_up / self.stayed if self.stayed else None

    @property
    def mean_handling(self) -> float | None:
        return self.handling_seconds / self.handled if self.handled else None


@dataclass(frozen=True)
class Hour(Counts):
    """The last hour."""

    people: int = 0  # who comes again counts once


@dataclass(frozen=True)
class Load:
    """One queue at one moment, each agent of it in one state.

    `busy` serve or are being called, `wrap_up` write up a call and are offered none meanwhile,
    `ready` are free, `on_break` said that they are on a break or in a meeting.
    """

    waiting: int = 0
    waiting_elsewhere: int = 0  # in other queues, for the same agents
    erlangs_elsewhere: float = 0.0  # what these are kept busy with by the last hour of those
    late: int = 0  # of these, beyond the target
    oldest_at: datetime | None = None
    overdue_seconds: float = 0.0  # open time since the earliest target of those who wait ran out
    ready: int = 0
    busy: int = 0
    wrap_up: int = 0
    on_break: int = 0
    unreachable: int = 0  # said they were ready today, and their page gives no sign of life
    hour: Hour = field(default_factory=Hour)
    today: Counts = field(default_factory=Counts)
    arrivals: tuple[int, ...] = (0,) * BARS  # of the last hour by five minutes, oldest first

    @property
    def agents(self) -> int:
        """Who serves: each of them is free, at it, or about to be free."""
        return self.ready + self.busy + self.wrap_up

    @property
    def is_anyone_away(self) -> bool:
        return bool(self.on_break or self.unreachable)

    @property
    def handling_seconds(self) -> float | None:
        """Recent mean, of enough services to be more than a guess."""
        enough = (each for each in (self.hour, self.today) if each.handled >= FEWEST_SERVICES)
        return next((each.mean_handling for each in enough), None)

    @property
    def erlangs(self) -> float:
        """How many agents the last hour keeps busy; 0 while too few services are known."""
        return self.hour.people * (self.handling_seconds or 0.0) / HOUR.total_seconds()

    def longest_seconds(self, now: datetime) -> float:
        return (now - self.oldest_at).total_seconds() if self.oldest_at else 0.0

    def beside(self, others: Iterable["Load"]) -> "Load":
        """The same, beside queues that wait for the same agents."""
        others = list(others)
        return replace(
            self,
            waiting_elsewhere=sum(each.waiting for each in others),
            erlangs_elsewhere=sum(each.erlangs for each in others),
        )


def loads(
    centre_id: int,
    queue_ids: Sequence[int],
    now: datetime,
    midnight: datetime,
    *,
    include_rehearsal: bool = False,
) -> dict[int, Load]:
    """The load of each of these queues; `midnight` began the centre's local day."""
    others = sharing(centre_id, queue_ids, now, include_rehearsal=include_rehearsal)
    every = list({*queue_ids, *chain.from_iterable(others.values())})
    asked = {
        "centre_id": centre_id,
        "queue_ids": every,
        "played": [True, False] if include_rehearsal else [False],
        "now": now,
        "midnight": midnight,
    }
    cohort, here, staff = (
        {row.queue_id: row for row in db.session.execute(statement(), asked)}
        for statement in (_arrived, _here, serving)
    )
    days = tallies(_day(asked, include_rehearsal=include_rehearsal), "queue_id")
    due = {each: row.due_at for each, row in here.items() if row.due_at}
    late = overdue_seconds(due, now)
    found = {
        each: _load(
            cohort.get(each),
            days.get(each, NOTHING),
            here.get(each),
            staff.get(each),
            late.get(each, 0.0),
        )
        for each in every
    }
    return {
        each: found[each].beside(found[other] for other in others.get(each, ()))
        for each in queue_ids
    }


def observed(queue: Queue, load: Load, now: datetime, outlook: Outlook | None = None) -> Observed:
    """What decides the saturation of a queue. Letters are judged by the oldest one alone."""
    unhurried = queue.kind in UNHURRIED
    expected = None if unhurried else outlook
    return Observed(
        offered_last_hour=load.hour.people,
        handling_seconds=None if unhurried else load.handling_seconds,
        agents_serving=max(1, load.agents) if unhurried else load.agents,
        waiting=load.waiting,
        waiting_elsewhere=0 if unhurried else load.waiting_elsewhere,
        load_elsewhere=0.0 if unhurried else load.erlangs_elsewhere,
        longest_wait_seconds=_open_wait(queue, load) if unhurried else load.longest_seconds(now),
        target_seconds=queue.threshold_seconds,
        patience_seconds=expected.patience_seconds if expected else None,
        agents_ready=load.ready,
        expected_last_hour=expected.expected_last_hour if expected else None,
        expected_next_hour=expected.expected_next_hour if expected else None,
        has_surge=bool(expected and expected.surge_since),
        assumed_handling_seconds=USUAL_HANDLING.get(queue.kind),
    )


def _open_wait(queue: Queue, load: Load) -> float:
    """In open hours, and exact only for what is late: nothing else depends on it."""
    return queue.threshold_seconds + load.overdue_seconds if load.overdue_seconds else 0.0


# Built once: these statements have a hundred parts, and a board asks them all day.
# Queues are bound as one array: as many parameters would be another statement to plan.
_NOW = bindparam("now", type_=DateTime(timezone=True))
_ASKED = func.any(bindparam("queue_ids", type_=ARRAY(BigInteger)))
_MINE = and_(
    Visit.centre_id == bindparam("centre_id"),
    Visit.queue_id == _ASKED,
    Visit.source_log.is_(None),
    Visit.is_rehearsal == func.any(bindparam("played", type_=ARRAY(Boolean))),
)


@cache
def _arrived() -> Select[*tuple[Any, ...]]:
    arrivals = (
        func.count()
        .filter(
            Visit.entered_at > _NOW - (BARS - bar) * FIVE_MINUTES,
            Visit.entered_at <= _NOW - (BARS - bar - 1) * FIVE_MINUTES,
            FIGURES["arrived"](_NOW),
        )
        .label(f"bar_{bar}")
        for bar in range(BARS)
    )
    return (
        select(Visit.queue_id, *_counts(), *arrivals)
        .join(Threshold, IN_FORCE)
        .where(_MINE, Visit.entered_at > _NOW - HOUR)
        .group_by(Visit.queue_id)
    )


def _counts() -> list[Any]:
    person = func.coalesce(Visit.caller_key, Visit.id.cast(Visit.caller_key.type))
    took = func.sum(Visit.ended_at - Visit.answered_at, type_=INTERVAL)
    return [
        *(func.count().filter(FIGURES[name](_NOW)).label(name) for name in COUNTED),
        func.count(person.distinct()).filter(FIGURES["offered"](_NOW)).label("people"),
        func.extract("epoch", took.filter(FIGURES["handled"](_NOW))).label("handling_seconds"),
    ]


@cache
def _here() -> Select[*tuple[Any, ...]]:
    """Who waits and who is served, from the partial index on those who are not gone."""
    waits = Visit.state.in_((VisitState.WAITING, VisitState.RESERVED))
    today = Visit.entered_at >= bindparam("midnight", type_=DateTime(timezone=True))
    return (
        select(
            Visit.queue_id,
            func.count().filter(waits).label("waiting"),
            func.count().filter(waits, _NOW > DUE).label("late"),
            func.count().filter(waits, _NOW > DUE, today).label("late_today"),
            func.min(Visit.entered_at).filter(waits).label("oldest_at"),
            func.min(DUE).filter(waits, Queue.kind.in_(UNHURRIED)).label("due_at"),
            func.count(Visit.answered_by.distinct())
            .filter(Visit.state == VisitState.SERVING)
            .label("serving"),
        )
        .join(Queue, and_(Queue.centre_id == Visit.centre_id, Queue.id == Visit.queue_id))
        .join(Threshold, IN_FORCE)
        # Written out, not bound: the partial index carries the same words.
        .where(_MINE, text("visits.state <> 'over'"))
        .group_by(Visit.queue_id)
    )


def _load(cohort: Any, day: Tally, here: Any, staff: Any, overdue: float) -> Load:
    return Load(
        waiting=here.waiting if here else 0,
        late=here.late if here else 0,
        oldest_at=here.oldest_at if here else None,
        overdue_seconds=overdue,
        ready=staff.ready if staff else 0,
        wrap_up=staff.wrap_up if staff else 0,
        on_break=staff.on_break if staff else 0,
        busy=max(staff.busy if staff else 0, here.serving if here else 0),
        unreachable=staff.unreachable if staff else 0,
        hour=_of_hour(cohort),
        today=_of_day(day, here.late_today if here else 0),
        arrivals=tuple(getattr(cohort, f"bar_{bar}") if cohort else 0 for bar in range(BARS)),
    )


def _day(asked: Mapping[str, Any], *, include_rehearsal: bool) -> Asked:
    return Asked(
        asked["centre_id"],
        asked["queue_ids"],
        asked["midnight"],
        asked["now"] + QUARTER,  # the quarter hour that goes on
        include_rehearsal=include_rehearsal,
        include_imported=False,
    )


def _of_hour(cohort: Any) -> Hour:
    if cohort is None:
        return Hour()
    counts = {name: getattr(cohort, name) for name in (*COUNTED, "people")}
    return Hour(**counts, handling_seconds=float(cohort.handling_seconds or 0))


def _of_day(day: Tally, late: int) -> Counts:
    abandonment = day.abandonment
    return Counts(
        offered=day.offered,
        arrived=day.arrived,
        returned=day.returned,
        answered=day.answered,
        served=day.served,
        gave_up=abandonment.part,
        stayed=abandonment.whole,
        lost=day.lost.part,
        on_time=day.on_time.part,
        owed=day.owed,
        due=day.owed + late,
        handled=day.handled,
        handling_seconds=day.handling_seconds,
    )
