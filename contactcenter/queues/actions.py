"""The verbs of a queue: enter, be called, be served, leave. A visit's outcome is written once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import Json, current_centre, db, keep
from contactcenter.errors import Conflict, NotFound
from contactcenter.events import announce
from contactcenter.queues import holding, numbers, routing, same_agent
from contactcenter.queues.events import (
    NumberGiven,
    VisitAnswered,
    VisitEnded,
    VisitEntered,
    VisitLeft,
    VisitParked,
    VisitReleased,
    VisitReserved,
)
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import (
    UNHURRIED,
    PriorityClass,
    Queue,
    QueueKind,
    Source,
    Visit,
    VisitState,
)
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.queries import reserved_for, serving, team_for, waiting_count
from contactcenter.queues.targets import due_of
from contactcenter.tickets.models import Channel

CALLED_FOR = timedelta(minutes=10)  # a called number is kept that long at the counter
KEEPS_PLACE = (Source.RETURN, Source.CALLBACK)
OUT_OF_TURN = "chosen"  # an agent's own choice, beside the reasons of the rules


class AlreadyServing(Conflict):
    def __init__(self) -> None:
        super().__init__(_("Terminez d’abord avec la personne que vous recevez."))


class VisitMoved(Conflict):
    def __init__(self) -> None:
        super().__init__(_("Cette personne n’attend plus : la file a changé entre-temps."))


class Named(TypedDict, total=False):
    """What waits, as far as it is known."""

    interaction_id: int | None
    ticket_id: int | None
    referral_id: int | None
    topic_id: int | None
    language: str
    follow_up_hash: str | None
    caller_key: str | None
    is_rehearsal: bool


def enter(
    queue: Queue,
    *,
    channel: Channel,
    source: Source = Source.NEW,
    previous: Visit | None = None,
    priority_class: PriorityClass = PriorityClass.NORMAL,
    priority_reason: str = "",
    by: Person | None = None,
    **named: Unpack[Named],
) -> Visit:
    """Begin to wait in `queue`; at a counter a number is given.

    A full queue refuses newcomers as `full`; who comes back has their place.
    """
    visit = _new(queue, channel, source, previous, named)
    visit.priority_class, visit.priority_reason = priority_class, priority_reason[:200]
    if previous and previous.outcome is Outcome.ANSWERED and source is Source.TRANSFER:
        previous.transferred_at = visit.entered_at
    has_place = source in KEEPS_PLACE or (source is Source.NEW and previous is not None)
    refused = not has_place and is_full(queue)
    same_agent.want(visit, queue, previous)
    keep(visit)
    announce(VisitEntered(**_named(visit), person_id=by.id if by else None))
    if by and visit.number:
        announce(NumberGiven(**_named(visit), person_id=by.id))
    if refused:
        leave(visit, Outcome.FULL)
    return visit


def _new(
    queue: Queue, channel: Channel, source: Source, previous: Visit | None, named: Named
) -> Visit:
    now, known = clock.now(), {"language": "fr", **named}
    return Visit(
        queue_id=queue.id,
        channel=channel,
        source=source,
        previous_id=previous.id if previous else None,
        virtual_entered_at=_kept_place(previous),
        entered_at=now,
        due_at=due_of(queue, now),
        team_id=queue.belongs_to,
        number=previous.number if previous else _number(queue, now),
        needs=known_routing().needs(queue.id, named.get("topic_id"), str(known["language"])),
        **known,
    )


def call_next(
    person: Person, queue_ids: Sequence[int], *, counter_id: int | None = None
) -> Visit | None:
    """Call the right one of these queues to this person, or None if nobody waits.

    Two agents who ask at once get two different people.
    """
    _refuse_second(person)
    chosen = routing.choose(person, queue_ids)
    return give(chosen, person, CALLED_FOR, counter_id=counter_id) if chosen else None


def give(
    chosen: routing.Chosen, person: Person, usual: timedelta, *, counter_id: int | None = None
) -> Visit:
    """Reserve what was chosen for this person, for the usual time unless the queue says another."""
    until = chosen.held_until(usual)
    visit = reserve(chosen.visit, person, until=until, counter_id=counter_id, why=chosen.why)
    routing.overtake(chosen.passed)
    return visit


def call(
    visit_id: int, person: Person, queue_ids: Sequence[int], *, counter_id: int | None = None
) -> Visit:
    """Call this one of these queues out of turn; the first of each class is overtaken by it."""
    visit = lock(visit_id)
    if visit.queue_id not in queue_ids:
        raise NotFound(_("Cette personne n’est dans aucune file."))
    _refuse_second(person)
    chosen = routing.Chosen(visit, {"reason": OUT_OF_TURN}, routing.passed_over_by(visit, person))
    return give(chosen, person, CALLED_FOR, counter_id=counter_id)


def reserve(
    visit: Visit,
    person: Person,
    *,
    until: datetime,
    counter_id: int | None = None,
    why: Json | None = None,
) -> Visit:
    """Hold a waiting visit for one person until then. The visit is locked by the caller."""
    if visit.state is not VisitState.WAITING:
        raise VisitMoved
    visit.state = VisitState.RESERVED
    visit.reserved_for, visit.reserved_until = person.id, until
    visit.called_at = clock.now()
    visit.calls += 1
    visit.counter_id, visit.why = counter_id, why
    try:
        db.session.flush()  # one person at a time: the unique index speaks here
    except IntegrityError as second:
        raise AlreadyServing from second
    announce(VisitReserved(**_named(visit), reserved_for=person.id, why=why, person_id=person.id))
    return visit


def release(visit: Visit, *, by: Person | None = None, reason: str | None = None) -> None:
    """Give a reserved visit back to the queue, its place kept."""
    if visit.state is not VisitState.RESERVED or visit.reserved_for is None:
        raise VisitMoved
    held_by = visit.reserved_for
    visit.state = VisitState.WAITING
    visit.reserved_for = visit.reserved_until = visit.called_at = visit.counter_id = None
    visit.wanted_person_id = visit.wanted_until = None  # who was waited for has had their chance
    announce(
        VisitReleased(
            **_named(visit),
            reserved_for=held_by,
            person_id=by.id if by else None,
            reason=reason,
        )
    )


def recall(visit: Visit, *, by: Person) -> None:
    """Call the same number again."""
    if visit.state is not VisitState.RESERVED or visit.reserved_for != by.id:
        raise VisitMoved
    visit.calls += 1
    visit.reserved_until = clock.now() + CALLED_FOR
    announce(VisitReserved(**_named(visit), reserved_for=by.id, person_id=by.id))


def answer(visit: Visit, *, by: Person | None, at: datetime | None = None) -> None:
    """Service begins, now or at that moment: the outcome `answered` is written."""
    if visit.outcome is not None:
        raise VisitMoved
    now = at or clock.now()
    visit.called_at = visit.called_at or now
    _leave_queue(visit, Outcome.ANSWERED, visit.called_at)
    visit.state = VisitState.SERVING
    visit.answered_at = now
    if by is not None:
        visit.answered_by = by.id
        visit.team_id = db.session.scalar(team_for(by, visit.team_id)) or visit.team_id
    announce(
        VisitAnswered(**_named(visit), answered_by=visit.answered_by, person_id=visit.answered_by)
    )


def leave(
    visit: Visit,
    outcome: Outcome,
    *,
    by: Person | None = None,
    reason: str | None = None,
    at: datetime | None = None,
) -> None:
    """The wait ends without service, now or at that moment; soon after its begin, it is short."""
    if visit.outcome is not None:
        raise VisitMoved
    now = max(at or clock.now(), visit.entered_at)
    if outcome is Outcome.ABANDONED and _is_short(visit, now):
        outcome = Outcome.ABANDONED_SHORT
    _leave_queue(visit, outcome, now)
    visit.state = VisitState.OVER
    announce(
        VisitLeft(**_named(visit), outcome=outcome, person_id=by.id if by else None, reason=reason)
    )


def finish(visit: Visit, *, by: Person | None = None) -> None:
    """Service is over; finishing twice does nothing."""
    if visit.state not in (VisitState.SERVING, VisitState.PARKED):
        return
    visit.state = VisitState.OVER
    visit.ended_at = visit.ended_at or clock.now()
    if visit.channel is Channel.PHONE:
        holding.end(visit, visit.ended_at)
    announce(VisitEnded(**_named(visit), person_id=by.id if by else None))


def park(visit: Visit, *, by: Person) -> None:
    """Set aside someone who must fetch a paper or wait for an expert; the number stays theirs."""
    if visit.state is not VisitState.SERVING:
        raise VisitMoved
    visit.state = VisitState.PARKED
    visit.ended_at = clock.now()
    announce(VisitParked(**_named(visit), person_id=by.id))


def come_back(visit: Visit, *, by: Person | None = None) -> Visit:
    """A parked person waits again, at the place their first arrival gave them."""
    if visit.state is not VisitState.PARKED:
        raise VisitMoved
    visit.state = VisitState.OVER
    visit.resumed_at = clock.now()
    return enter(
        _queue(visit.queue_id), previous=visit, source=Source.RETURN, **_same(visit), by=by
    )


def move(visit: Visit, to: Queue, *, by: Person | None, source: Source = Source.TRANSFER) -> Visit:
    """Send someone who waits to another queue."""
    leave(visit, Outcome.MOVED, by=by)
    return enter(to, previous=visit, source=source, **_same(visit), by=by)


def hand_on(visit: Visit, to: Queue, *, by: Person) -> Visit:
    """Send someone who is being served to another queue, where their place is kept.

    Raises Conflict when that queue takes nobody more: then they stay where they are.
    """
    if visit.state is not VisitState.SERVING:
        raise VisitMoved
    if is_full(to):
        raise Conflict(_("Trop de personnes attendent déjà dans cette file."))
    finish(visit, by=by)
    return enter(to, previous=visit, source=Source.TRANSFER, **_same(visit), by=by)


def follow(visit: Visit, source: Source) -> Visit:
    """What left the line waits on in it otherwise, at the same place."""
    return enter(_queue(visit.queue_id), previous=visit, source=source, **_same(visit))


def go_back(visit: Visit, to: Queue) -> Visit:
    """Wait again where they came from: whom they were sent to did not serve them."""
    finish(visit)
    kept = {**_same(visit), "referral_id": None}
    return enter(to, previous=visit, source=Source.RETURN, **kept)


def lock(visit_id: int) -> Visit:
    """Load a visit for change. Raises NotFound."""
    visit = db.session.scalar(
        db.select(Visit)
        .where(Visit.centre_id == current_centre(), Visit.id == visit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if visit is None:
        raise NotFound(_("Cette personne n’est dans aucune file."))
    return visit


def _queue(queue_id: int) -> Queue:
    return db.session.get_one(Queue, (current_centre(), queue_id))


def _refuse_second(person: Person) -> None:
    at_hand = serving(person).where(Visit.channel == Channel.COUNTER)
    if db.session.scalar(select(or_(at_hand.exists(), reserved_for(person).exists()))):
        raise AlreadyServing


def is_full(queue: Queue) -> bool:
    """Whether newcomers are refused; a letter never is, it has come already."""
    if queue.capacity is None or queue.kind in UNHURRIED:
        return False
    return (db.session.scalar(waiting_count(queue.id)) or 0) >= queue.capacity


def _number(queue: Queue, now: datetime) -> str | None:
    return numbers.give(queue, now) if queue.kind is QueueKind.COUNTER else None


def _kept_place(previous: Visit | None) -> datetime | None:
    return (previous.virtual_entered_at or previous.entered_at) if previous else None


def _is_short(visit: Visit, now: datetime) -> bool:
    return (now - visit.entered_at).total_seconds() <= _queue(visit.queue_id).short_seconds


def _leave_queue(visit: Visit, outcome: Outcome, at: datetime) -> None:
    visit.outcome, visit.left_at = outcome, at
    visit.reserved_for = visit.reserved_until = None


def _named(visit: Visit) -> dict[str, Any]:
    named = {"visit_id": visit.id, "queue_id": visit.queue_id}
    return named if visit.ticket_id is None else named | {"ticket_id": visit.ticket_id}


def _same(visit: Visit) -> dict[str, Any]:
    kept = (
        "channel",
        "interaction_id",
        "ticket_id",
        "referral_id",
        "topic_id",
        "language",
        "priority_class",
        "priority_reason",
        "follow_up_hash",
        "caller_key",
        "is_rehearsal",
    )
    return {name: getattr(visit, name) for name in kept}
