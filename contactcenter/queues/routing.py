"""The one way an agent gets work, on every channel: who is next for them, and why.

Two agents at once never get the same one, and neither waits for the other: what one of them holds
is passed over by the other. Only when nothing else is left does one wait to see what becomes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import Json, current_centre, db
from contactcenter.queues.events import PresenceChanged
from contactcenter.queues.heads import Head, heads
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import ChosenStatus, Visit, VisitState
from contactcenter.queues.rules import Reason, in_turn, overtaken_by, passed_by, reason_for
from contactcenter.tickets.models import Channel

LIVE = (Channel.COUNTER, Channel.PHONE)  # where people wait in person
FEW, MANY = 8, 64  # how many of each line are looked at, first and when others hold those


@dataclass(frozen=True)
class Chosen:
    """A visit locked for an agent, what spoke for it, and whom it goes before."""

    visit: Visit
    why: Json
    passed: Sequence[int]

    def held_until(self, usual: timedelta) -> datetime:
        """How long the offer is kept, by the rule of the queue."""
        seconds = known_routing().rule(self.visit.queue_id).held_seconds
        return clock.now() + (usual if seconds is None else timedelta(seconds=seconds))


def choose(
    person: Person,
    queue_ids: Sequence[int],
    *also: ColumnElement[bool],
    waits: bool = True,
) -> Chosen | None:
    """The right one of these queues for this person, locked; None if there is none for them.

    `also` must hold of it. `waits`: for another transaction, before saying that there is none.
    """
    now = clock.now()
    for depth in (FEW, MANY):
        found = heads(person, queue_ids, now, depth)
        if not found:
            return None
        line = [head.waiting for head in found]
        order = in_turn(line, now, depth)
        skip = depth == FEW or not waits
        visit = _first_free([found[index].visit_id for index in order], also, skip_locked=skip)
        if visit is not None:
            turn = next(
                turn for turn, index in enumerate(order) if found[index].visit_id == visit.id
            )
            return _chosen(visit, found, order[turn:], now)
    return None


def overtake(visit_ids: Sequence[int]) -> None:
    """Count that a later one went before these; who is being called this moment is not counted."""
    if not visit_ids:
        return
    still = (
        select(Visit.id)
        .where(
            Visit.centre_id == current_centre(),
            Visit.id.in_(visit_ids),
            Visit.state == VisitState.WAITING,
        )
        .with_for_update(skip_locked=True, key_share=True)
    )
    db.session.execute(
        update(Visit)
        .where(Visit.centre_id == current_centre(), Visit.id.in_(still.scalar_subquery()))
        .values(overtaken=Visit.overtaken + 1),
        execution_options={"synchronize_session": "fetch"},
    )


def passed_over_by(visit: Visit, person: Person) -> list[int]:
    """Whom an agent could have called who came before this one: the first of each line."""
    found = heads(person, [visit.queue_id], clock.now(), 1)
    others = [head for head in found if head.visit_id != visit.id]
    passed = passed_by([head.waiting for head in others], known_routing().waiting(visit))
    return [others[index].visit_id for index in passed]


def let_go() -> None:
    """Whoever waited for one agent for as long as that may be waits for anyone again."""
    db.session.execute(
        update(Visit)
        .where(
            Visit.centre_id == current_centre(),
            Visit.state == VisitState.WAITING,
            Visit.channel.in_(LIVE),
            Visit.wanted_person_id.is_not(None),
            Visit.wanted_until <= clock.now(),
        )
        .values(wanted_person_id=None, wanted_until=None)
    )


def let_go_when_away(event: PresenceChanged) -> None:
    """The same when that agent is no longer there for anyone."""
    if event.status == ChosenStatus.READY or event.person_id is None:
        return
    db.session.execute(
        update(Visit)
        .where(
            Visit.centre_id == current_centre(),
            Visit.state == VisitState.WAITING,
            Visit.channel.in_(LIVE),
            Visit.wanted_person_id == event.person_id,
            Visit.wanted_until.is_not(None),
        )
        .values(wanted_person_id=None, wanted_until=None)
    )


def _first_free(
    visit_ids: list[int], also: Sequence[ColumnElement[bool]], *, skip_locked: bool
) -> Visit | None:
    """The first of these that still waits, locked."""
    wanted: Any = (
        select(Visit)
        .where(
            Visit.centre_id == current_centre(),
            Visit.id.in_(visit_ids),
            Visit.state == VisitState.WAITING,
            *also,
        )
        .order_by(func.array_position(visit_ids, Visit.id))
        .limit(1)
        .with_for_update(of=Visit, skip_locked=skip_locked, key_share=True)
        .execution_options(populate_existing=True)
    )
    visit: Visit | None = db.session.scalar(wanted)
    return visit


def _chosen(visit: Visit, found: Sequence[Head], order: Sequence[int], now: datetime) -> Chosen:
    """`order`: whose turn it was, this one first; who came before is being called by others."""
    line, taken = [each.waiting for each in found], order[0]
    head = found[taken]
    reason = reason_for([line[index] for index in order], 0, now)
    why: Json = {
        "reason": reason.value,
        "waited": round((now - head.waiting.entered_at).total_seconds()),
        "needs": list(head.needs),
        "level": head.level,
    }
    if reason is Reason.DUE:
        why["overtaken"] = head.waiting.overtaken
    return Chosen(visit, why, [found[index].visit_id for index in overtaken_by(line, taken)])
