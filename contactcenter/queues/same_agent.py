"""Whom somebody waits for who comes again: who helped before, if that one is there."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contactcenter import clock
from contactcenter.accounts.models import Membership
from contactcenter.db import current_centre, db
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import UNHURRIED, ChosenStatus, Presence, Queue, Source, Visit
from contactcenter.queues.queries import is_here
from contactcenter.tickets.models import Ticket

REMEMBERED_FOR = timedelta(days=7)


def want(visit: Visit, queue: Queue, previous: Visit | None) -> None:
    """Let a new visit wait for who helped before, for as long as the queue allows.

    Whoever handed somebody on is not waited for: they have just said that another is needed.
    """
    if visit.source is Source.TRANSFER and previous is not None and previous.answered_by:
        return
    seconds = known_routing().rule(queue.id).same_agent_seconds
    if not seconds or queue.kind in UNHURRIED:
        return
    now = clock.now()
    person_id = _helped_before(visit, previous, now)
    if person_id is not None and _is_at_work(person_id, queue.id, now):
        visit.wanted_person_id = person_id
        visit.wanted_until = now + timedelta(seconds=seconds)


def _helped_before(visit: Visit, previous: Visit | None, now: datetime) -> int | None:
    """Who received them before they came back, holds their request, or answered them lately."""
    if previous is not None and previous.answered_by is not None:
        return previous.answered_by
    if visit.ticket_id is not None:
        owner = select(Ticket.assigned_to).where(
            Ticket.centre_id == current_centre(), Ticket.id == visit.ticket_id
        )
        if (owner_id := db.session.scalar(owner)) is not None:
            return owner_id
    if visit.caller_key is None:
        return None
    return db.session.scalar(
        select(Visit.answered_by)
        .where(
            Visit.centre_id == current_centre(),
            Visit.caller_key == visit.caller_key,
            Visit.entered_at > now - REMEMBERED_FOR,
            Visit.answered_by.is_not(None),
        )
        .order_by(Visit.entered_at.desc())
        .limit(1)
    )


def _is_at_work(person_id: int, queue_id: int, now: datetime) -> bool:
    """Says to be ready, is there, and serves the queue: free now or soon."""
    there = (
        select(Presence.id)
        .join(
            Membership,
            (Membership.centre_id == Presence.centre_id)
            & (Membership.person_id == Presence.person_id),
        )
        .where(
            Presence.centre_id == current_centre(),
            Presence.person_id == person_id,
            Presence.status == ChosenStatus.READY,
            Membership.queue_id == queue_id,
            is_here(now),
        )
    )
    return db.session.scalar(there) is not None
