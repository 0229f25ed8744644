"""Questions about lines, calls and who may be rung. Nothing here changes state."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, text

from contactcenter import clock
from contactcenter.accounts.models import Membership, Person
from contactcenter.db import current_centre
from contactcenter.directory.models import Line
from contactcenter.intake.phone.models import Offer, OfferResult, PhoneCall, PhonePost
from contactcenter.queues.models import ChosenStatus, Presence, Queue, QueueKind, Visit, VisitState
from contactcenter.queues.routing_models import WorkLimit
from contactcenter.tickets.models import Interaction, Message, MessageKind

PAGE_LIVES = timedelta(seconds=90)  # a hidden tab may speak once a minute
REST_AFTER_REFUSAL = timedelta(seconds=30)
NOTED_WITHIN = timedelta(hours=1)  # so long the page still asks what was said

# Written out, not bound: the partial indexes carry the same words.
_STILL_HERE = text("visits.state <> 'over'")


def line_numbered(number: str) -> Select[Any]:
    return select(Line).where(Line.number == number)


def lines_here() -> Select[Any]:
    return select(Line).where(Line.centre_id == current_centre())


def any_line() -> Select[Any]:
    """The line that was there first: what citizens know as the centre's number."""
    return select(Line).where(Line.centre_id == current_centre()).order_by(Line.id).limit(1)


def call_of(visit_id: int) -> Select[Any]:
    """The id of the call behind a visit."""
    return select(PhoneCall.id).where(
        PhoneCall.centre_id == current_centre(), PhoneCall.visit_id == visit_id
    )


def has_living_call() -> ColumnElement[bool]:
    """Of a visit: somebody is on the line, or was promised a call that may be made now."""
    return exists().where(
        PhoneCall.centre_id == Visit.centre_id,
        PhoneCall.visit_id == Visit.id,
        PhoneCall.ended_at.is_(None),
        # Who was handed on is on the way to the line until the wait is heard.
        or_(PhoneCall.waited_at.is_not(None), PhoneCall.promised_until.is_not(None)),
        or_(PhoneCall.try_after.is_(None), PhoneCall.try_after <= clock.now()),
    )


def queues_with_calls() -> Select[Any]:
    """The phone queues in which a call waits for an agent."""
    return (
        select(Visit.queue_id)
        .distinct()
        .join(Queue, and_(Queue.centre_id == Visit.centre_id, Queue.id == Visit.queue_id))
        .where(
            Visit.centre_id == current_centre(),
            _STILL_HERE,
            Visit.state == VisitState.WAITING,
            Queue.kind == QueueKind.PHONE,
            has_living_call(),
        )
        .order_by(Visit.queue_id)
    )


def waiting_calls(queue_ids: Sequence[int], most: int) -> Select[Any]:
    """How many calls wait for an agent in these queues, counted up to `most`."""
    waiting = (
        select(Visit.id)
        .where(
            Visit.centre_id == current_centre(),
            _STILL_HERE,
            Visit.queue_id.in_(queue_ids),
            Visit.state == VisitState.WAITING,
            has_living_call(),
        )
        .limit(most)
    )
    return select(func.count()).select_from(waiting.subquery())


def ready_agents(queue_ids: Sequence[int], now: datetime) -> Select[Any, Any]:
    """Who serves one of these queues and can be rung now, longest idle first, with their queues."""
    return (
        select(Person, func.array_agg(Membership.queue_id).label("queue_ids"))
        .join(
            Membership,
            and_(Membership.centre_id == Person.centre_id, Membership.person_id == Person.id),
        )
        .join(
            Presence, and_(Presence.centre_id == Person.centre_id, Presence.person_id == Person.id)
        )
        .join(
            PhonePost,
            and_(PhonePost.centre_id == Person.centre_id, PhonePost.person_id == Person.id),
        )
        .where(
            Person.centre_id == current_centre(),
            Person.disabled_at.is_(None),
            Membership.queue_id.in_(queue_ids),
            Presence.status == ChosenStatus.READY,
            PhonePost.seen_at > now - PAGE_LIVES,
            ~_is_at_work(),
            ~_takes_no_calls(),
            ~_is_noting(now),
            ~_has_refused(now),
        )
        .group_by(Person.centre_id, Person.id, Presence.idle_since)
        .order_by(Presence.idle_since.nulls_first(), Person.id)
    )


def colleagues_there(person: Person, now: datetime) -> Select[Any]:
    """Who else takes calls and is there, talking or not, by name."""
    takes_calls = exists().where(
        Membership.centre_id == Person.centre_id,
        Membership.person_id == Person.id,
        Membership.queue_id == Queue.id,
        Queue.centre_id == Person.centre_id,
        Queue.kind == QueueKind.PHONE,
    )
    return (
        select(Person)
        .join(
            Presence, and_(Presence.centre_id == Person.centre_id, Presence.person_id == Person.id)
        )
        .join(
            PhonePost,
            and_(PhonePost.centre_id == Person.centre_id, PhonePost.person_id == Person.id),
        )
        .where(
            Person.centre_id == person.centre_id,
            Person.id != person.id,
            Person.disabled_at.is_(None),
            Presence.status == ChosenStatus.READY,
            PhonePost.seen_at > now - PAGE_LIVES,
            takes_calls,
            ~_takes_no_calls(),
        )
        .order_by(Person.name)
    )


def _is_at_work() -> ColumnElement[bool]:
    mine = and_(Visit.centre_id == Person.centre_id, _STILL_HERE)
    called = exists().where(
        mine, Visit.reserved_for == Person.id, Visit.state == VisitState.RESERVED
    )
    serves = exists().where(mine, Visit.answered_by == Person.id, Visit.state == VisitState.SERVING)
    return or_(called, serves)


def _takes_no_calls() -> ColumnElement[bool]:
    return exists().where(
        WorkLimit.centre_id == Person.centre_id,
        WorkLimit.person_id == Person.id,
        WorkLimit.kind == QueueKind.PHONE,
        WorkLimit.most == 0,
    )


def _is_noting(now: datetime) -> ColumnElement[bool]:
    """On a call, or still writing up the last one."""
    on_a_call = exists().where(
        PhoneCall.centre_id == Person.centre_id,
        PhoneCall.accepted_by == Person.id,
        PhoneCall.wrapped_at.is_(None),
        PhoneCall.accepted_at.is_not(None),
        PhoneCall.ended_at.is_(None),
    )
    return or_(on_a_call, func.coalesce(Presence.writes_until > now, false()))


def _has_refused(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        Offer.centre_id == Person.centre_id,
        Offer.person_id == Person.id,
        Offer.result == OfferResult.DECLINED,
        Offer.offered_at > now - REST_AFTER_REFUSAL,
    )


def open_offers(call: PhoneCall) -> Select[Any]:
    return select(Offer).where(
        Offer.centre_id == call.centre_id, Offer.call_id == call.id, Offer.result.is_(None)
    )


def last_offer(call: PhoneCall) -> Select[Any]:
    return (
        select(Offer)
        .where(Offer.centre_id == call.centre_id, Offer.call_id == call.id)
        .order_by(Offer.id.desc())
        .limit(1)
    )


def post_of(person: Person) -> Select[Any]:
    return select(PhonePost).where(
        PhonePost.centre_id == person.centre_id, PhonePost.person_id == person.id
    )


def ringing_call(person: Person) -> Select[Any]:
    """The call that rings for this person, or is being put through to them."""
    return (
        select(PhoneCall)
        .join(Visit, and_(Visit.centre_id == PhoneCall.centre_id, Visit.id == PhoneCall.visit_id))
        .where(
            PhoneCall.centre_id == person.centre_id,
            Visit.reserved_for == person.id,
            Visit.state == VisitState.RESERVED,
        )
    )


def call_under_way(person: Person) -> Select[Any]:
    return (
        select(PhoneCall)
        .join(Visit, and_(Visit.centre_id == PhoneCall.centre_id, Visit.id == PhoneCall.visit_id))
        .where(
            PhoneCall.centre_id == person.centre_id,
            Visit.answered_by == person.id,
            Visit.state == VisitState.SERVING,
        )
        .order_by(PhoneCall.id)
        .limit(1)
    )


def served_by(visit_id: int) -> Select[Any]:
    """The name of who answered a visit."""
    return (
        select(Person.name)
        .join(Visit, and_(Visit.centre_id == Person.centre_id, Visit.answered_by == Person.id))
        .where(Visit.centre_id == current_centre(), Visit.id == visit_id)
    )


def call_to_note(person: Person, now: datetime) -> Select[Any]:
    """The last call of this person, over and not yet noted."""
    return (
        select(PhoneCall)
        .where(
            PhoneCall.centre_id == person.centre_id,
            PhoneCall.accepted_by == person.id,
            PhoneCall.wrapped_at.is_(None),
            PhoneCall.joined_at.is_not(None),
            PhoneCall.ended_at > now - NOTED_WITHIN,
        )
        .order_by(PhoneCall.ended_at.desc())
        .limit(1)
    )


def missed_offer(person: Person) -> Select[Any]:
    """The offer whose silence set this person away, until they choose a status again."""
    return (
        select(Offer)
        .join(
            Presence,
            and_(Presence.centre_id == Offer.centre_id, Presence.person_id == Offer.person_id),
        )
        .where(
            Offer.centre_id == person.centre_id,
            Offer.person_id == person.id,
            Offer.result.in_((OfferResult.UNANSWERED, OfferResult.SILENT_POST)),
            Offer.settled_at >= Presence.status_since,
        )
        .order_by(Offer.id.desc())
        .limit(1)
    )


def lines_now(queue_ids: Sequence[int]) -> Select[Any, Any, Any]:
    """These queues, each with how many wait and since when the first does."""
    waits = and_(
        Visit.centre_id == Queue.centre_id, Visit.queue_id == Queue.id, Visit.outcome.is_(None)
    )
    return (
        select(
            Queue, func.count(Visit.id).label("waiting"), func.min(Visit.entered_at).label("oldest")
        )
        .outerjoin(Visit, waits)
        .where(Queue.centre_id == current_centre(), Queue.id.in_(queue_ids))
        .group_by(Queue.centre_id, Queue.id)
        .order_by(Queue.name)
    )


def records_of(interaction: Interaction) -> Select[Any]:
    """What was noted during a call, oldest first."""
    return (
        select(Message)
        .where(
            Message.centre_id == interaction.centre_id,
            Message.ticket_id == interaction.ticket_id,
            Message.interaction_id == interaction.id,
            Message.kind == MessageKind.RECORD,
        )
        .order_by(Message.id)
    )
