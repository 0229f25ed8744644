"""People who came, as SQL: attempts of one person are one demand, as `demand.demands` counts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, Select, and_, cast, false, func, or_, select

from contactcenter.db import current_centre
from contactcenter.queues.conditions import WAIT_ENDED, not_played
from contactcenter.queues.demand import AGAIN_WITHIN
from contactcenter.queues.forecast_models import DayForecast, KnownEvent
from contactcenter.queues.models import Source, Visit
from contactcenter.queues.outcomes import OFFERED, Outcome
from contactcenter.queues.window import CALLER, CARRIED_OVER, CONTACT
from contactcenter.tickets.models import Ticket

Rows = Select[*tuple[Any, ...]]


def people_by_half_hour(
    queue_ids: Sequence[int],
    since: datetime,
    until: datetime,
    timezone: str,
    *,
    include_rehearsal: bool,
) -> Rows:
    """Rows (queue_id, day, slot, people) of new demands by local half-hour since midnight."""
    came = demands(queue_ids, since, until, include_rehearsal=include_rehearsal)
    local = func.timezone(timezone, came.c.entered_at)
    half = func.floor(func.extract("minute", local) / 30)
    slot = cast(func.extract("hour", local) * 2 + half, Integer).label("slot")
    day = cast(local, Date).label("day")
    by = (came.c.queue_id, day, slot)
    return select(*by, func.count().label("people")).group_by(*by)


def demands(
    queue_ids: Sequence[int], since: datetime, until: datetime, *, include_rehearsal: bool
) -> Any:
    """Rows (queue_id, entered_at) of each new demand in [since, until), as a subquery.

    A contact counts once, and who comes again within half an hour of leaving without an answer is
    still the same demand.
    """
    attempts = _attempts(queue_ids, since, until, include_rehearsal=include_rehearsal)
    before: dict[str, Any] = {
        "partition_by": (attempts.c.queue_id, attempts.c.caller),
        "order_by": attempts.c.entered_at,
    }
    left = func.lag(attempts.c.ended_at).over(**before)
    was_served = func.lag(attempts.c.outcome).over(**before) == Outcome.ANSWERED
    again = and_(
        attempts.c.caller.is_not(None), ~was_served, attempts.c.entered_at - left <= AGAIN_WITHIN
    )
    at = attempts.c.entered_at
    told = select(attempts.c.queue_id, at, attempts.c.leg, again.label("again")).subquery()
    return (
        select(told.c.queue_id, told.c.entered_at)
        .where(
            told.c.leg == 1,
            func.coalesce(told.c.again, false()).is_(False),
            told.c.entered_at >= since,
        )
        .subquery("came")
    )


def _attempts(
    queue_ids: Sequence[int], since: datetime, until: datetime, *, include_rehearsal: bool
) -> Any:
    """New arrivals with their person, how they ended, and which of their contact's they are.

    Also those of the hour before: who left then and comes again is no new demand.
    """
    contact: dict[str, Any] = {
        "partition_by": (Visit.queue_id, CONTACT),
        "order_by": (Visit.entered_at, Visit.id),
    }
    return (
        select(
            Visit.queue_id,
            Visit.entered_at,
            Visit.outcome,
            WAIT_ENDED.label("ended_at"),
            CALLER.label("caller"),
            func.row_number().over(**contact).label("leg"),
        )
        .outerjoin(Ticket, and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id))
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(queue_ids),
            Visit.entered_at >= since - CARRIED_OVER,
            Visit.entered_at < until,
            Visit.source == Source.NEW,
            or_(Visit.outcome.is_(None), Visit.outcome.in_(sorted(OFFERED))),
            not_played(include_rehearsal=include_rehearsal),
        )
        .subquery()
    )


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


def kept(queue_ids: Sequence[int], first: date, last: date) -> Select[Any]:
    """The forecasts of these days that are kept."""
    return select(DayForecast).where(
        DayForecast.centre_id == current_centre(),
        DayForecast.queue_id.in_(queue_ids),
        DayForecast.day.between(first, last),
    )
