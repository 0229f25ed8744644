"""What waits too long goes to another queue that can help, once, with its place kept."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict
from contactcenter.queues import actions
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import Queue, SaturationLevel, Source, Visit, VisitState
from contactcenter.queues.routing_models import RoutingRule
from contactcenter.queues.saturation import Level
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

MOST_AT_ONCE = 50


def overflow() -> None:
    """Send on what has waited for as long as its queue says, while there is room."""
    now = clock.now()
    for rule in known_routing().rules.values():
        if rule.overflow_to is not None and _is_full_enough(rule):
            _send_on(rule, now)


def _send_on(rule: RoutingRule, now: datetime) -> None:
    to = db.session.get_one(Queue, (current_centre(), rule.overflow_to))
    for visit in db.session.scalars(_too_long(rule, now)).all():
        if not to.is_active or actions.is_full(to):
            return
        try:
            with db.session.begin_nested():
                moved = actions.move(visit, to, by=None, source=Source.OVERFLOW)
                _take_request_along(moved, to)
        except Conflict:
            continue  # somebody works on it this moment: next time


def _take_request_along(visit: Visit, to: Queue) -> None:
    """Who serves the other queue must be able to read what is asked."""
    if visit.ticket_id is None:
        return
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.centre_id == visit.centre_id, Ticket.id == visit.ticket_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if ticket is None:
        raise Conflict
    tickets.set_queue(ticket, to.id, by=None)


def _too_long(rule: RoutingRule, now: datetime) -> Select[Any]:
    place = func.coalesce(Visit.virtual_entered_at, Visit.entered_at)
    return (
        select(Visit)
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id == rule.queue_id,
            Visit.state == VisitState.WAITING,
            Visit.wanted_person_id.is_(None),
            Visit.source != Source.OVERFLOW,
            place <= now - timedelta(seconds=rule.overflow_after_seconds or 0),
        )
        .order_by(place, Visit.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )


def _is_full_enough(rule: RoutingRule) -> bool:
    if rule.overflow_level is None:
        return True
    shown = db.session.scalar(
        select(SaturationLevel.level).where(
            SaturationLevel.centre_id == current_centre(),
            SaturationLevel.queue_id == rule.queue_id,
        )
    )
    return shown is not None and Level[shown.upper()] >= Level[rule.overflow_level.upper()]
