"""Questions of someone who holds the code of a request, and only of that request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, extract, func, or_, select

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre
from contactcenter.events import EventRecord
from contactcenter.queues.models import (
    ChosenStatus,
    Presence,
    Queue,
    QueueKind,
    Visit,
    VisitState,
)
from contactcenter.queues.queries import is_here
from contactcenter.regrouping.models import Regrouping
from contactcenter.regrouping.queries import of_others
from contactcenter.tickets.events import TicketResolved
from contactcenter.tickets.models import Channel, Interaction, Ticket


def centres() -> Select[Any]:
    return select(Centre).order_by(Centre.id)


def ticket_of_code(code_hash: str) -> Select[Any]:
    """The request this code was given for, with the request itself or with a later visit."""
    with_a_visit = select(Visit.ticket_id).where(
        Visit.centre_id == current_centre(), Visit.follow_up_hash == code_hash
    )
    return (
        select(Ticket)
        .where(
            Ticket.centre_id == current_centre(),
            or_(Ticket.follow_up_hash == code_hash, Ticket.id.in_(with_a_visit)),
        )
        .order_by((Ticket.follow_up_hash == code_hash).desc().nulls_last())
        .limit(1)
    )


def ended_by_citizen(ticket: Ticket) -> Select[bool]:
    """Whether the last end of the request followed from what the citizen did, not from us."""
    return (
        select(EventRecord.person_id.is_(None))
        .where(
            EventRecord.centre_id == ticket.centre_id,
            EventRecord.ticket_id == ticket.id,
            EventRecord.kind == TicketResolved.__name__,
        )
        .order_by(EventRecord.id.desc())
        .limit(1)
    )


def stay_of(ticket: Ticket, kept: Ticket) -> Select[Visit, Queue]:
    """Their stay in a waiting room that is not over, with its queue.

    `kept` is the request in which this one goes on; of another person's, each has their own.
    """
    of_other = of_others(kept).where(Regrouping.moved["visits"].contains(func.to_jsonb(Visit.id)))
    is_theirs = (
        ~of_other.exists()
        if ticket.id == kept.id
        else of_other.where(Regrouping.from_id == ticket.id).exists()
    )
    return (
        select(Visit, Queue)
        .join(Queue, (Queue.centre_id == Visit.centre_id) & (Queue.id == Visit.queue_id))
        .where(
            Visit.centre_id == ticket.centre_id,
            Visit.ticket_id == kept.id,
            is_theirs,
            Visit.state != VisitState.OVER,
            Queue.kind == QueueKind.COUNTER,
        )
        .order_by(Visit.id.desc())
        .limit(1)
    )


def receiving_in(queue: Queue, now: datetime) -> Select[Any]:
    """How many receive at the counters of the queue's site now."""
    return select(func.count()).where(
        Presence.centre_id == current_centre(),
        Presence.site_id == queue.site_id,
        Presence.counter_id.is_not(None),
        Presence.status == ChosenStatus.READY,
        is_here(now),
    )


def services_since(queue_ids: Sequence[int], since: datetime) -> Select[Any]:
    """How many were received in these queues since then, and their mean seconds at the counter."""
    seconds = extract("epoch", Visit.ended_at - Visit.answered_at)
    return select(func.count(), func.avg(seconds)).where(
        Visit.centre_id == current_centre(),
        Visit.queue_id.in_(queue_ids),
        Visit.entered_at >= since,
        Visit.ended_at.is_not(None),
        Visit.answered_at.is_not(None),
    )


def words_since(ticket: Ticket, since: datetime) -> Select[Any]:
    """How often words were added here since then."""
    return select(func.count()).where(
        Interaction.centre_id == ticket.centre_id,
        Interaction.ticket_id == ticket.id,
        Interaction.channel == Channel.WEB,
        Interaction.started_at >= since,
    )
