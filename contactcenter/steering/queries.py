"""Questions about protocols and their runs."""

from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from contactcenter.accounts.models import Membership, Person
from contactcenter.db import current_centre
from contactcenter.queues.models import Queue
from contactcenter.queues.past_models import LevelSpell
from contactcenter.steering.models import Protocol, ProtocolRun

Rows = Select[*tuple[Any, ...]]


def protocols() -> Rows:
    """Each with its queue and the run in force, if there is one."""
    return (
        select(Protocol, Queue, ProtocolRun)
        .join(Queue, and_(Queue.centre_id == Protocol.centre_id, Queue.id == Protocol.queue_id))
        .outerjoin(
            ProtocolRun,
            and_(
                ProtocolRun.centre_id == Protocol.centre_id,
                ProtocolRun.protocol_id == Protocol.id,
                ProtocolRun.ended_at.is_(None),
            ),
        )
        .where(Protocol.centre_id == current_centre(), Protocol.is_active)
        .order_by(Queue.name, Protocol.name)
    )


def runs() -> Rows:
    """The last first, with the names of who started and ended them."""
    starter, ender = aliased(Person), aliased(Person)
    return (
        select(
            ProtocolRun,
            Protocol.name.label("protocol"),
            Queue.name.label("queue"),
            starter.name.label("starter"),
            ender.name.label("ender"),
        )
        .join(
            Protocol,
            and_(
                Protocol.centre_id == ProtocolRun.centre_id, Protocol.id == ProtocolRun.protocol_id
            ),
        )
        .join(
            Queue, and_(Queue.centre_id == ProtocolRun.centre_id, Queue.id == ProtocolRun.queue_id)
        )
        .outerjoin(
            starter,
            and_(starter.centre_id == ProtocolRun.centre_id, starter.id == ProtocolRun.started_by),
        )
        .outerjoin(
            ender, and_(ender.centre_id == ProtocolRun.centre_id, ender.id == ProtocolRun.ended_by)
        )
        .where(ProtocolRun.centre_id == current_centre())
        .order_by(ProtocolRun.started_at.desc(), ProtocolRun.id.desc())
    )


def locked(protocol_id: int) -> Select[Any]:
    return (
        select(Protocol)
        .where(Protocol.centre_id == current_centre(), Protocol.id == protocol_id)
        .with_for_update()
    )


def played_runs() -> Select[Any]:
    """Those of a rehearsal that are in force."""
    return select(ProtocolRun).where(
        ProtocolRun.centre_id == current_centre(),
        ProtocolRun.ended_at.is_(None),
        ProtocolRun.is_rehearsal,
    )


def spells_of(queue_id: int, *, include_rehearsal: bool) -> Select[Any]:
    """The levels a queue was shown at, the last first."""
    return (
        select(LevelSpell)
        .where(
            LevelSpell.centre_id == current_centre(),
            LevelSpell.queue_id == queue_id,
            LevelSpell.is_rehearsal.in_([True, False] if include_rehearsal else [False]),
        )
        .order_by(LevelSpell.began_at.desc(), LevelSpell.id.desc())
        .limit(50)
    )


def members(queue_id: int) -> Select[Any]:
    return select(Membership.person_id).where(
        Membership.centre_id == current_centre(), Membership.queue_id == queue_id
    )
