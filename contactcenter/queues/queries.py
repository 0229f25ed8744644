"""Questions about queues and who waits in them. Nothing here changes state."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from contactcenter.accounts.models import Membership, Person, SignedInSession
from contactcenter.accounts.queries import queue_ids as own_queue_ids
from contactcenter.db import current_centre
from contactcenter.queues.models import Presence, Queue, QueueKind, Visit, VisitState

# A page that gave no sign of life for so long is open on an empty desk.
SEEN_WITHIN = timedelta(minutes=15)


def queues_of(person: Person, *kinds: QueueKind) -> Select[Any]:
    """The active queues this person serves, of these kinds (all kinds if none is named)."""
    served = select(Queue).where(
        Queue.centre_id == person.centre_id, Queue.is_active, Queue.id.in_(own_queue_ids(person))
    )
    return (served.where(Queue.kind.in_(kinds)) if kinds else served).order_by(Queue.name)


def all_queues(*kinds: QueueKind) -> Select[Any]:
    queues = select(Queue).where(Queue.centre_id == current_centre(), Queue.is_active)
    return (queues.where(Queue.kind.in_(kinds)) if kinds else queues).order_by(Queue.name)


def waiting(queue_ids: Sequence[int]) -> Select[Any]:
    """Who waits in these queues, longest first; who came back keeps the place of their arrival."""
    return (
        select(Visit)
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(queue_ids),
            Visit.outcome.is_(None),
            Visit.state != VisitState.OVER,  # what an earlier log left waiting is history
        )
        .order_by(func.coalesce(Visit.virtual_entered_at, Visit.entered_at), Visit.id)
    )


def waiting_count(queue_id: int) -> Select[Any]:
    return select(func.count()).where(
        Visit.centre_id == current_centre(),
        Visit.queue_id == queue_id,
        Visit.outcome.is_(None),
        Visit.state != VisitState.OVER,
    )


def reserved_for(person: Person) -> Select[Any]:
    return select(Visit).where(
        Visit.centre_id == person.centre_id,
        Visit.reserved_for == person.id,
        Visit.state == VisitState.RESERVED,
    )


def serving(person: Person) -> Select[Any]:
    return select(Visit).where(
        Visit.centre_id == person.centre_id,
        Visit.answered_by == person.id,
        Visit.state == VisitState.SERVING,
    )


def team_for(person: Person, team_id: int | None) -> Select[Any]:
    """The team this person serves for: that one if they are in it, else the first of theirs."""
    return (
        select(Membership.team_id)
        .where(
            Membership.centre_id == person.centre_id,
            Membership.person_id == person.id,
            Membership.team_id.is_not(None),
        )
        .order_by(Membership.team_id.is_distinct_from(team_id), Membership.team_id)
        .limit(1)
    )


def parked(queue_ids: Sequence[int]) -> Select[Any]:
    return (
        select(Visit)
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(queue_ids),
            Visit.state == VisitState.PARKED,
        )
        .order_by(Visit.ended_at)
    )


def presence_of(person: Person) -> Select[Any]:
    return select(Presence).where(
        Presence.centre_id == person.centre_id, Presence.person_id == person.id
    )


def is_here(now: Any) -> ColumnElement[bool]:
    """Of a presence: signed in, and a page of theirs gave a sign of life lately.

    `now` is a moment or what stands for it in a statement.
    """
    since = now - SEEN_WITHIN
    return exists().where(
        SignedInSession.centre_id == Presence.centre_id,
        SignedInSession.person_id == Presence.person_id,
        SignedInSession.revoked_at.is_(None),
        SignedInSession.expires_at > now,
        or_(SignedInSession.seen_at > since, Presence.seen_at > since),
    )
