"""What the past tells: people by half-hour, their waits and what ended them, times of service."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Select, and_, case, cast, delete, false, func, or_, select

from contactcenter.db import current_centre
from contactcenter.planning.models import KnownEvent, StaffingPlan, WhatIf
from contactcenter.queues.conditions import WAIT, WAIT_ENDED, not_played
from contactcenter.queues.demand import AGAIN_WITHIN
from contactcenter.queues.models import Queue, QueueKind, Source, Visit
from contactcenter.queues.outcomes import GAVE_UP, OFFERED, STAYED_TO_THE_END, Outcome
from contactcenter.queues.window import CALLER, CONTACT
from contactcenter.tickets.models import Channel, Ticket

Rows = Select[*tuple[Any, ...]]

# In line until something other than an answer or their own patience ended it.
TAKEN_OUT = frozenset({Outcome.MOVED, Outcome.KEY_EXIT, Outcome.CALLBACK})


def people_by_half_hour(
    queue_id: int, since: datetime, until: datetime, timezone: str, *, include_rehearsal: bool
) -> Rows:
    """Rows (day, slot, people) of new demands by local half-hour since midnight.

    As `demand.demands` counts: a contact once, and who comes again within half an hour of leaving
    without an answer is still the same demand.
    """
    attempts = _attempts(queue_id, since, until, include_rehearsal=include_rehearsal)
    before: dict[str, Any] = {"partition_by": attempts.c.caller, "order_by": attempts.c.entered_at}
    left = func.lag(attempts.c.ended_at).over(**before)
    was_served = func.lag(attempts.c.outcome).over(**before) == Outcome.ANSWERED
    again = and_(
        attempts.c.caller.is_not(None), ~was_served, attempts.c.entered_at - left <= AGAIN_WITHIN
    )
    told = select(attempts.c.entered_at, attempts.c.leg, again.label("again")).subquery()
    local = func.timezone(timezone, told.c.entered_at)
    half = func.floor(func.extract("minute", local) / 30)
    slot = cast(func.extract("hour", local) * 2 + half, Integer).label("slot")
    day = cast(local, Date).label("day")
    return (
        select(day, slot, func.count().label("people"))
        .where(told.c.leg == 1, func.coalesce(told.c.again, false()).is_(False))
        .group_by(day, slot)
    )


def _attempts(queue_id: int, since: datetime, until: datetime, *, include_rehearsal: bool) -> Any:
    """New arrivals with their person, how they ended, and which of their contact's they are."""
    contact: dict[str, Any] = {"partition_by": CONTACT, "order_by": (Visit.entered_at, Visit.id)}
    return (
        select(
            Visit.entered_at,
            Visit.outcome,
            WAIT_ENDED.label("ended_at"),
            CALLER.label("caller"),
            func.row_number().over(**contact).label("leg"),
        )
        .outerjoin(Ticket, and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id))
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id == queue_id,
            Visit.entered_at >= since,
            Visit.entered_at < until,
            Visit.source == Source.NEW,
            or_(Visit.outcome.is_(None), Visit.outcome.in_(sorted(OFFERED))),
            not_played(include_rehearsal=include_rehearsal),
        )
        .subquery()
    )


def waits(
    queue_id: int, since: datetime, until: datetime, unit: int, *, include_rehearsal: bool
) -> Rows:
    """Rows (how, wait, people): `left`, `stayed` or `gone`, the wait in whole `unit` seconds.

    `gone` were missing when called, or found gone in writing: they left at some time before.
    """
    left = Visit.outcome.in_(sorted({*GAVE_UP, Outcome.ABANDONED_SHORT}))
    told = Visit.outcome == Outcome.WITHDRAWN
    silent_door = or_(
        and_(Visit.channel == Channel.COUNTER, Visit.calls > 0),
        Visit.channel.in_((Channel.EMAIL, Channel.LETTER, Channel.WEB)),
    )
    how = case((and_(left, ~told, silent_door), "gone"), (left, "left"), else_="stayed")
    until_call = func.coalesce(Visit.called_at, WAIT_ENDED) - Visit.entered_at
    waited = case((how == "gone", until_call), else_=WAIT)
    wait = cast(func.floor(func.extract("epoch", waited) / unit), Integer).label("wait")
    stood = {*STAYED_TO_THE_END, *TAKEN_OUT, Outcome.ABANDONED_SHORT}
    return (
        select(how.label("how"), wait, func.count().label("people"))
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id == queue_id,
            Visit.entered_at >= since,
            Visit.entered_at < until,
            Visit.outcome.in_(sorted(stood)),
            waited > timedelta(0),  # who never waited told nothing
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


def queues(*kinds: QueueKind) -> Select[Any]:
    return (
        select(Queue)
        .where(Queue.centre_id == current_centre(), Queue.is_active, Queue.kind.in_(kinds))
        .order_by(Queue.name)
    )


def queue(queue_id: int) -> Select[Any]:
    return select(Queue).where(Queue.centre_id == current_centre(), Queue.id == queue_id)


def events(since: date, until: date) -> Select[Any]:
    """Known events that touch these days, the first to begin first."""
    return (
        select(KnownEvent)
        .where(
            KnownEvent.centre_id == current_centre(),
            KnownEvent.begins_on <= until,
            KnownEvent.ends_on >= since,
        )
        .order_by(KnownEvent.begins_on, KnownEvent.id)
    )


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
