"""Who serves which queue now, each in one state; and which queues wait for the same people."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from contactcenter.accounts.models import Membership
from contactcenter.db import db
from contactcenter.queues.models import UNHURRIED, ChosenStatus, Presence, Queue, QueueKind, Visit
from contactcenter.queues.queries import is_here

# Who forgot to say goodbye yesterday is not somebody one fails to reach today.
SAID_READY_WITHIN = timedelta(hours=8)
AT_HAND = ("busy", "wrap_up", "ready")

_NOW = bindparam("now", type_=DateTime(timezone=True))
_CENTRE = bindparam("centre_id", type_=BigInteger)
_ASKED = func.any(bindparam("queue_ids", type_=ARRAY(BigInteger)))

_PLAYED = func.any(bindparam("played", type_=ARRAY(Boolean)))


def sharing(
    centre_id: int, queue_ids: Sequence[int], now: datetime, *, include_rehearsal: bool
) -> dict[int, frozenset[int]]:
    """By queue, the others of its kind that share at least half of the agents of either.

    Who waits there and came before is served before: the same agents take the longest wait.
    """
    asked = {
        "centre_id": centre_id,
        "queue_ids": list(queue_ids),
        "now": now,
        "played": [True, False] if include_rehearsal else [False],
    }
    found: dict[int, frozenset[int]] = {}
    for queue_id, other, shared, most in db.session.execute(_shared(), asked):
        if 2 * shared >= most:
            found[queue_id] = found.get(queue_id, frozenset()) | {other}
    return found


@cache
def serving() -> Select[*tuple[Any, ...]]:
    """Agents by queue, each in one state."""
    people = _people()
    states = (*AT_HAND, "on_break", "unreachable")
    return (
        select(
            Queue.id.label("queue_id"),
            *(func.count().filter(people.c.state == each).label(each) for each in states),
        )
        .join(people, _serves(people))
        .where(Queue.centre_id == _CENTRE, Queue.id == _ASKED)
        .group_by(Queue.id)
    )


@cache
def _shared() -> Select[*tuple[Any, ...]]:
    """(queue, other queue, agents who serve both, agents of the one that has more)."""
    people = _people()
    hurried = union(*(each.where(*_hurried(people)) for each in _pairs(people))).cte("hurried")
    mine, theirs = hurried.alias("mine"), hurried.alias("theirs")
    agents = select(hurried.c.id, func.count().label("many")).group_by(hurried.c.id).cte("agents")
    of_mine, of_theirs = agents.alias("of_mine"), agents.alias("of_theirs")
    most = func.greatest(of_mine.c.many, of_theirs.c.many)
    return (
        select(mine.c.id, theirs.c.id, func.count(), most)
        .join(theirs, and_(theirs.c.person_id == mine.c.person_id, theirs.c.kind == mine.c.kind))
        .join(of_mine, of_mine.c.id == mine.c.id)
        .join(of_theirs, of_theirs.c.id == theirs.c.id)
        .where(mine.c.id == _ASKED, theirs.c.id != mine.c.id)
        .group_by(mine.c.id, theirs.c.id, most)
    )


def _hurried(people: CTE) -> tuple[Any, ...]:
    """Where people stand in line, and who is there for them."""
    at_hand = people.c.state.in_(AT_HAND)
    return Queue.centre_id == _CENTRE, Queue.is_active, Queue.kind.not_in(UNHURRIED), at_hand


def _pairs(people: CTE) -> Iterator[Select[*tuple[Any, ...]]]:
    """(queue, kind, person) of all who serve, as `_serves` says, joined where that asks each."""
    asked = select(Queue.id, Queue.kind, people.c.person_id)
    is_counter, of = Queue.kind == QueueKind.COUNTER, Membership.centre_id == Queue.centre_id
    yield asked.join(people, and_(is_counter, people.c.site_id == Queue.site_id))
    for same in (Membership.queue_id == Queue.id, Membership.team_id == Queue.team_id):
        members = asked.join(Membership, and_(~is_counter, of, same))
        yield members.join(people, people.c.person_id == Membership.person_id)


def _people() -> CTE:
    """Who has a state now. Asked once for each person, apart: PostgreSQL would plan it anew for
    every count, and that takes longer than to count.
    """
    free = Presence.status == ChosenStatus.READY
    away = Presence.status.in_((ChosenStatus.BREAK, ChosenStatus.MEETING))
    state = case(
        (_at_work(), "busy"),
        (Presence.writes_until > _NOW, "wrap_up"),
        (is_here(_NOW), case((free, "ready"), (away, "on_break"))),
        (and_(free, Presence.seen_at > _NOW - SAID_READY_WITHIN), "unreachable"),
    )
    return (
        select(Presence.person_id, Presence.site_id, state.label("state"))
        .where(Presence.centre_id == _CENTRE)
        .cte("people")
        .prefix_with("MATERIALIZED")
    )


def _serves(people: CTE) -> ColumnElement[bool]:
    """At a counter who sits there; elsewhere who is a member of the queue or its team."""
    member = exists().where(
        Membership.centre_id == Queue.centre_id,
        Membership.person_id == people.c.person_id,
        or_(Membership.queue_id == Queue.id, Membership.team_id == Queue.team_id),
    )
    is_counter = Queue.kind == QueueKind.COUNTER
    return or_(and_(is_counter, people.c.site_id == Queue.site_id), and_(~is_counter, member))


def _at_work() -> ColumnElement[bool]:
    """What a rehearsal left in somebody's hands keeps nobody busy once it is over."""
    mine = and_(Visit.centre_id == Presence.centre_id, Visit.is_rehearsal == _PLAYED)
    serves = exists().where(
        mine, Visit.answered_by == Presence.person_id, text("visits.state = 'serving'")
    )
    called = exists().where(
        mine, Visit.reserved_for == Presence.person_id, text("visits.state = 'reserved'")
    )
    return or_(serves, called)
