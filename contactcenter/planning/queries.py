"""What the past tells: waits and what ended them, times of service; and what is planned."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, and_, case, cast, delete, func, select

from contactcenter.db import current_centre
from contactcenter.planning.models import StaffingPlan, WhatIf
from contactcenter.queues.conditions import not_played
from contactcenter.queues.forecast_models import KnownEvent
from contactcenter.queues.models import UNHURRIED, Queue, QueueKind, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.patience_conditions import GONE, LEFT, STOOD, STOOD_FOR

Rows = Select[*tuple[Any, ...]]


def waits(
    queue_id: int, since: datetime, until: datetime, unit: int, *, include_rehearsal: bool
) -> Rows:
    """Rows (how, wait, people): `left`, `stayed` or `gone`, the wait in whole `unit` seconds.

    `gone` were missing when called, or found gone in writing: they left at some time before.
    """
    how = case((GONE, "gone"), (LEFT, "left"), else_="stayed")
    wait = cast(func.floor(func.extract("epoch", STOOD_FOR) / unit), Integer).label("wait")
    return (
        select(how.label("how"), wait, func.count().label("people"))
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id == queue_id,
            Visit.entered_at >= since,
            Visit.entered_at < until,
            STOOD,
            timedelta(0) < STOOD_FOR,  # who never waited told nothing
            not_played(include_rehearsal=include_rehearsal),
        )
        .group_by(how, wait)
    )


def handling(queue_id: int, since: datetime, until: datetime, *, include_rehearsal: bool) -> Rows:
    """One row: services that ended, their mean seconds and their standard deviation."""
    took = func.extract("epoch", Visit.ended_at - Visit.answered_at)
    return select(
        func.count().label("services"),
        func.avg(took).label("mean"),
        func.stddev_samp(took).label("spread"),
    ).where(
        Visit.centre_id == current_centre(),
        Visit.queue_id == queue_id,
        Visit.entered_at >= since,
        Visit.entered_at < until,
        Visit.outcome == Outcome.ANSWERED,
        Visit.ended_at.is_not(None),
        not_played(include_rehearsal=include_rehearsal),
    )


def open_pieces(queue_id: int, now: datetime, *, played: bool) -> Rows:
    """(due_at, pieces, oldest) of what waits in a queue of written work, the most pressing first.

    By quarter hour of the deadline, with the first of it; None for what is late, or has none.
    """
    pressing = case((Visit.due_at > now, func.interval_of(Visit.due_at)))
    return (
        select(
            case((pressing.is_not(None), func.min(Visit.due_at))).label("due_at"),
            func.count().label("pieces"),
            func.min(Visit.entered_at).label("oldest"),
        )
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id == queue_id,
            Visit.outcome.is_(None),
            Visit.source_log.is_(None),
            not_played(include_rehearsal=played),
        )
        .group_by(pressing)
        .order_by(pressing.asc().nulls_first())
    )


def written_queues(*, played: bool) -> Rows:
    """(queue, how many wait, since when the oldest does) of what nobody stands in line for."""
    waits = and_(
        Visit.centre_id == Queue.centre_id,
        Visit.queue_id == Queue.id,
        Visit.outcome.is_(None),
        Visit.source_log.is_(None),
        not_played(include_rehearsal=played),
    )
    return (
        select(
            Queue, func.count(Visit.id).label("open"), func.min(Visit.entered_at).label("oldest")
        )
        .outerjoin(Visit, waits)
        .where(Queue.centre_id == current_centre(), Queue.is_active, Queue.kind.in_(UNHURRIED))
        .group_by(Queue.centre_id, Queue.id)
        .order_by(Queue.kind.desc(), Queue.name)
    )


def queues(*kinds: QueueKind) -> Select[Any]:
    return (
        select(Queue)
        .where(Queue.centre_id == current_centre(), Queue.is_active, Queue.kind.in_(kinds))
        .order_by(Queue.name)
    )


def queue(queue_id: int) -> Select[Any]:
    return select(Queue).where(Queue.centre_id == current_centre(), Queue.id == queue_id)


def event(event_id: int) -> Select[Any]:
    return select(KnownEvent).where(
        KnownEvent.centre_id == current_centre(), KnownEvent.id == event_id
    )


def plan(queue_id: int, day: date) -> Select[Any]:
    return select(StaffingPlan).where(
        StaffingPlan.centre_id == current_centre(),
        StaffingPlan.queue_id == queue_id,
        StaffingPlan.day == day,
    )


def last_plan(queue_id: int) -> Select[Any]:
    """The one whose goals a new plan begins with."""
    return (
        select(StaffingPlan)
        .where(StaffingPlan.centre_id == current_centre(), StaffingPlan.queue_id == queue_id)
        .order_by(StaffingPlan.made_at.desc())
        .limit(1)
    )


def what_if(what_if_id: int) -> Select[Any]:
    return select(WhatIf).where(WhatIf.centre_id == current_centre(), WhatIf.id == what_if_id)


def last_what_ifs(queue_id: int) -> Select[Any]:
    return (
        select(WhatIf)
        .where(WhatIf.centre_id == current_centre(), WhatIf.queue_id == queue_id)
        .order_by(WhatIf.asked_at.desc())
        .limit(10)
    )


def forget_what_ifs(before: datetime) -> Any:
    return delete(WhatIf).where(WhatIf.centre_id == current_centre(), WhatIf.asked_at < before)
