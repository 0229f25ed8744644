"""The next written request for an agent: only when nobody waits in person, and not without rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import Json, current_centre, db
from contactcenter.errors import Conflict
from contactcenter.events import announce
from contactcenter.queues import routing
from contactcenter.queues.events import VisitHeld
from contactcenter.queues.heads import heads
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import (
    ChosenStatus,
    Presence,
    Queue,
    QueueKind,
    Visit,
    VisitState,
)
from contactcenter.queues.queries import presence_of, queues_of
from contactcenter.queues.routing_models import WorkLimit
from contactcenter.queues.rules import Refusal, may_write
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

MOST_GIVEN_BACK = 50


@dataclass(frozen=True)
class Taken:
    """A request in the agent's hands now, or why there is none; neither when nothing waits."""

    ticket: Ticket | None = None
    why: Json | None = None
    refusal: Refusal | None = None


def take_next(person: Person) -> Taken:
    """Give this person the written request whose turn it is among those they can do."""
    now = clock.now()
    here = db.session.scalar(presence_of(person))
    queue_ids = _own_queues(person, QueueKind.WRITTEN)
    refusal, queue_ids = _allowed(person, here, queue_ids, now)
    if refusal is not None:
        return Taken(refusal=refusal)
    chosen = routing.choose(person, queue_ids, Visit.wanted_person_id.is_(None))
    if chosen is None:
        return Taken()
    ticket = _lock_request(chosen.visit)
    tickets.assign(ticket, person, by=person)
    chosen.visit.why = chosen.why
    routing.overtake(chosen.passed)
    announce(
        VisitHeld(
            visit_id=chosen.visit.id,
            queue_id=chosen.visit.queue_id,
            ticket_id=ticket.id,
            person_id=person.id,
            why=chosen.why,
        )
    )
    return Taken(ticket, chosen.why)


def give_back_unanswered() -> None:
    """What was taken and not answered for as long as its queue allows waits for anyone again."""
    overdue = (
        select(Visit)
        .join(Queue, (Queue.centre_id == Visit.centre_id) & (Queue.id == Visit.queue_id))
        .where(
            Visit.centre_id == current_centre(),
            Visit.state == VisitState.WAITING,
            Visit.wanted_person_id.is_not(None),
            Visit.wanted_until <= clock.now(),
            Queue.kind == QueueKind.WRITTEN,
        )
        .limit(MOST_GIVEN_BACK)
    )
    for visit in db.session.scalars(overdue).all():
        tickets.assign(_lock_request(visit), None, by=None)


def _allowed(
    person: Person, here: Presence | None, queue_ids: Sequence[int], now: datetime
) -> tuple[Refusal | None, list[int]]:
    """The queues that give this person work now; without any, why not."""
    live_waits, in_hand, most = _live_waits(person, here, now), _in_hand(person), _limit(person)
    idle = now - here.idle_since if here and here.idle_since else None
    refusals = {
        queue_id: may_write(
            live_waits=live_waits,
            idle=idle,
            rest=timedelta(seconds=known_routing().rule(queue_id).rest_seconds),
            in_hand=in_hand,
            most=most,
        )
        for queue_id in queue_ids
    }
    allowed = [queue_id for queue_id, refusal in refusals.items() if refusal is None]
    return (None if allowed else next(iter(refusals.values()), None)), allowed


def _live_waits(person: Person, here: Presence | None, now: datetime) -> bool:
    """Someone waits in person, or on the line, whom this agent serves where they are now."""
    if here is None or here.status is not ChosenStatus.READY:
        return False
    kinds = [QueueKind.PHONE] + ([QueueKind.COUNTER] if here.counter_id else [])
    return bool(heads(person, _own_queues(person, *kinds), now, 1))


def _own_queues(person: Person, *kinds: QueueKind) -> list[int]:
    return [queue.id for queue in db.session.scalars(queues_of(person, *kinds))]


def _in_hand(person: Person) -> int:
    held = select(func.count()).where(
        Visit.centre_id == person.centre_id,
        Visit.state == VisitState.WAITING,
        Visit.wanted_person_id == person.id,
    )
    return db.session.scalar(held) or 0


def _limit(person: Person) -> int | None:
    return db.session.scalar(
        select(WorkLimit.most).where(
            WorkLimit.centre_id == person.centre_id,
            WorkLimit.person_id == person.id,
            WorkLimit.kind == QueueKind.WRITTEN,
        )
    )


def _lock_request(visit: Visit) -> Ticket:
    """Its request. Not waited for: who holds a request may wait for its visit."""
    ticket = db.session.scalar(
        select(Ticket)
        .where(Ticket.centre_id == visit.centre_id, Ticket.id == visit.ticket_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if ticket is None:
        raise Conflict(_("Un collègue travaille à cette demande : recommencez."))
    return ticket
