"""Rehearse a day of a queue with other staffing, hours or order, run after run, and sum it up."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil, inf
from random import Random
from typing import Any

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.planning import queries
from contactcenter.planning.experience import Patience
from contactcenter.planning.models import WhatIf
from contactcenter.planning.staffing_days import StaffingDay
from contactcenter.queues.carried_load import carried_rates
from contactcenter.queues.past_demand import SLOTS
from contactcenter.queues.simulation import Plan, play
from contactcenter.queues.staffing import Case, performance

PLAY = "planning.play_days"
RUNS = 200
STRETCH = 10
KEPT_FOR = timedelta(days=30)
# Below so many departures a curve has too few steps to draw from: the mean instead.
FEWEST_DEPARTURES = 20
LOW, HIGH = 0.05, 0.95
HALF_HOUR_SECONDS = 1800
CHANGES = ("opens", "closes", "stays", "priority_share", "most_overtakes", "reserve", "reserve_at")


class State(StrEnum):
    PLAYING = "playing"
    BROKEN = "broken"  # it failed too often: somebody must say that it goes on
    STOPPED = "stopped"  # by a person, with what was played until then
    PLAYED = "played"


@dataclass(frozen=True)
class Band:
    """Of one figure: nine runs in ten lie between `low` and `high`."""

    low: float
    middle: float
    high: float


def content_of(
    shown: StaffingDay, patience: Patience, agents: Sequence[int], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """All that a run needs, so that it can be played again whatever becomes of the queue."""
    by_curve = patience.left + patience.gone >= FEWEST_DEPARTURES
    curve = zip(patience.curve.waits, patience.curve.shares, strict=True)
    return {
        "rates": [2 * slot.mean for slot in shown.forecast.slots],
        "agents": list(agents),
        "handling_seconds": shown.handling.seconds,
        "handling_cv": shown.handling.cv,
        "busyness": shown.forecast.cv,
        "threshold_seconds": shown.queue.threshold_seconds,
        "patience_seconds": patience.seconds,
        "patience": [[w * patience.unit, float(s)] for w, s in curve] if by_curve else None,
        **{name: changes[name] for name in CHANGES},
    }


def begin(shown: StaffingDay, content: Mapping[str, Any], seed: int, *, by: Person) -> WhatIf:
    """Played by the workers, ten days at a time."""
    now = clock.now()
    db.session.execute(queries.forget_what_ifs(now - KEPT_FOR))
    asked = WhatIf(
        queue_id=shown.queue.id,
        person_id=by.id,
        day=shown.day,
        content=dict(content),
        seed=seed,
        total=RUNS,
        done=0,
        results=[],
        asked_at=now,
    )
    db.session.add(asked)
    db.session.flush()  # its stretches name it
    _stage(asked)
    return asked


def stop(asked: WhatIf) -> None:
    """Play no further; what was played stays. One that has ended is left alone."""
    if asked.finished_at is None:
        asked.finished_at = clock.now()
        live.touch(f"what-if:{asked.id}")


def go_on(asked: WhatIf) -> None:
    """Play on from where it broke off or was stopped."""
    if asked.done == asked.total:
        return
    if asked.finished_at is not None:
        asked.finished_at = None
        _stage(asked)
    else:
        outbox.hurry(PLAY, what_if_id=asked.id)
    live.touch(f"what-if:{asked.id}")


def state(asked: WhatIf) -> State:
    if asked.finished_at is not None:
        return State.PLAYED if asked.done == asked.total else State.STOPPED
    return State.BROKEN if outbox.is_given_up(PLAY, what_if_id=asked.id) else State.PLAYING


def run_stretch(what_if_id: int, done: int) -> None:
    """Play the next days, and stage the rest; a stretch already played is left alone."""
    asked: WhatIf | None = db.session.scalar(queries.what_if(what_if_id).with_for_update())
    if asked is None or asked.finished_at is not None or asked.done != done:
        return
    plan, until = plan_of(asked.content), min(asked.total, done + STRETCH)
    # The seeds of two rehearsals with the same first seed are the same, run by run.
    days = [play(plan, asked.seed * 1_000_003 + run) for run in range(done, until)]
    asked.results = [*asked.results, *(day.figures for day in days)]
    asked.done = until
    if until == asked.total:
        asked.finished_at = clock.now()
    else:
        _stage(asked)
    live.touch(f"what-if:{asked.id}")


def plan_of(content: Mapping[str, Any]) -> Plan:
    return Plan(
        rates=content["rates"],
        agents=content["agents"],
        handling_seconds=content["handling_seconds"],
        patience=_patience(content),
        threshold_seconds=content["threshold_seconds"],
        slot_seconds=HALF_HOUR_SECONDS,
        handling_cv=content["handling_cv"],
        busyness=content["busyness"],
        **{name: content[name] for name in CHANGES},
    )


def bands(results: Sequence[Mapping[str, float]]) -> dict[str, Band]:
    """By name of the figure, nearest-rank; empty before the first run."""
    if not results:
        return {}
    return {name: _band(sorted(run[name] for run in results)) for name in results[0]}


def by_formula(content: Mapping[str, Any]) -> dict[str, float]:
    """The same day by Erlang A, half-hour by half-hour, as steady as each is thought to be.

    Order, busyness, reserve and closing are not in it: the difference is what they make.
    """
    opens, closes = content["opens"], content["closes"] or SLOTS
    rates = [rate if opens <= slot < closes else 0 for slot, rate in enumerate(content["rates"])]
    handling, patience = content["handling_seconds"], content["patience_seconds"]
    carried = carried_rates(rates, handling, HALF_HOUR_SECONDS)
    lost = in_time = busy = waited = 0.0
    for rate, load_rate, agents in zip(rates, carried, content["agents"], strict=True):
        case = Case(load_rate, handling, agents, content["threshold_seconds"], patience)
        found = performance(case)
        endless = found.asa_seconds is None and not found.p_abandon
        lost += rate / 2 * (1.0 if endless else found.p_abandon)
        in_time += rate / 2 * found.service_level
        busy += agents * (found.occupancy or 0.0)
        if rate:  # of nobody there is no wait, however long it would be
            waited += rate / 2 * (inf if endless else found.mean_wait_seconds or 0.0)
    people = sum(rates) / 2 or 1.0
    staffed = sum(content["agents"]) or 1
    return {
        "offered": sum(rates) / 2,
        "lost": lost,
        "p_lost": lost / people,
        "service_level": in_time / people,
        "occupancy": busy / staffed,
        "mean_wait_seconds": waited / people,
    }


def _band(values: Sequence[float]) -> Band:
    low, middle, high = (values[ceil(len(values) * p) - 1] for p in (LOW, 0.5, HIGH))
    return Band(low, middle, high)


def _patience(content: Mapping[str, Any]) -> Callable[[Random], float]:
    mean = content["patience_seconds"]
    if content["patience"]:
        waits = [wait for wait, _share in content["patience"]]
        left = [1 - share for _wait, share in content["patience"]]

        def drawn(chance: Random) -> float:
            place = bisect_left(left, chance.random())
            return waits[place] if place < len(waits) else inf

        return drawn
    if mean:
        return lambda chance: chance.expovariate(1 / mean)
    return lambda _chance: inf


def _stage(asked: WhatIf) -> None:
    outbox.stage(PLAY, lane="bulk", what_if_id=asked.id, done=asked.done)
