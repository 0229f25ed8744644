"""The rows of a stretch of time, read from the database in the form the figures want."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, func, literal, or_, select, true
from sqlalchemy.types import Text

from contactcenter import clock
from contactcenter.accounts.models import Membership
from contactcenter.db import db
from contactcenter.directory.rules import open_time_between
from contactcenter.queues.conditions import DUE, WAIT_ENDED, not_played
from contactcenter.queues.demand import SERVED_WITHIN, Answers, person_of
from contactcenter.queues.holding import HELD
from contactcenter.queues.interval_models import IN_FORCE, Threshold
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import (
    UNHURRIED,
    ChosenStatus,
    PresencePeriod,
    Queue,
    Source,
    Visit,
)
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.past_models import LoggedSession
from contactcenter.queues.respects import RESPECTS
from contactcenter.queues.rows import NO_WAIT, AgentSession, VisitRow
from contactcenter.queues.spans import ticks
from contactcenter.queues.working_time import Served
from contactcenter.tickets.models import Channel, Ticket

# What came before is read if it lasted into the window; letters may wait long, people do not.
LOOK_BACK = timedelta(days=2)
LOOK_BACK_UNHURRIED = timedelta(days=62)
# Who left shortly before the window and comes again is no new demand.
CARRIED_OVER = timedelta(hours=1)

# One word for a person: the key of their number, else whom the request names.
CALLER: ColumnElement[str] = func.coalesce(
    Visit.caller_key, literal("citizen ").op("||")(cast(Ticket.citizen_id, Text))
)
CONTACT: ColumnElement[str] = case(
    (Visit.interaction_id.is_not(None), literal("i").op("||")(cast(Visit.interaction_id, Text))),
    else_=literal("v").op("||")(cast(Visit.id, Text)),
)

AGENT: ColumnElement[str] = func.coalesce(Visit.agent_name, cast(Visit.answered_by, Text))

# Also who is not known is somebody: told apart by their contact.
SOMEBODY: ColumnElement[str] = func.coalesce(CALLER, CONTACT)


def window_rows(
    centre_id: int,
    start: datetime,
    end: datetime,
    *,
    queue_id: int | None = None,
    include_rehearsal: bool = False,
    by: Sequence[str] = (),
) -> list[VisitRow]:
    """Every visit that overlaps [start, end), and those of the day after: who was served then.

    `by` names the `RESPECTS` in which they are told apart beside their queue.
    """
    rows: list[VisitRow] = []
    for queue_ids, look_back in _by_look_back(centre_id, queue_id):
        every = _visits(centre_id, queue_ids, include_rehearsal=include_rehearsal)
        every = every.add_columns(*(RESPECTS[each].label(f"by_{each}") for each in by))
        wanted = every.where(
            Visit.entered_at >= start - look_back,
            Visit.entered_at < end + SERVED_WITHIN,
            or_(Visit.entered_at >= start, _lasted_until(start - CARRIED_OVER)),
        )
        rows += [_row(each, by) for each in db.session.execute(wanted)]
    return rows


def answers_elsewhere(
    centre_id: int, queue_id: int, start: datetime, end: datetime, *, include_rehearsal: bool
) -> Answers:
    """When each person was served in other queues than this one, from `start` to a day after."""
    rows: Any = db.session.execute(
        select(CALLER, CONTACT, Visit.answered_at)
        .outerjoin(Ticket, and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id))
        .where(
            Visit.centre_id == centre_id,
            Visit.queue_id != queue_id,
            Visit.outcome == Outcome.ANSWERED,
            Visit.entered_at >= start - LOOK_BACK,
            Visit.entered_at < end + SERVED_WITHIN,
            Visit.answered_at >= start,
            not_played(include_rehearsal=include_rehearsal),
        )
    )
    served: dict[str, list[datetime]] = {}
    for caller, contact, at in rows:
        served.setdefault(person_of(caller, contact), []).append(at)
    return served


def window_sessions(
    centre_id: int,
    start: datetime,
    end: datetime,
    *,
    queue_id: int | None = None,
    breaks: bool = False,
) -> list[AgentSession]:
    """When agents could be given work: our own people's ready time and what a log tells.

    With `breaks` also their breaks and meetings, as not ready.
    """
    statuses = set(ChosenStatus) - {ChosenStatus.OFFLINE} if breaks else {ChosenStatus.READY}
    found = [
        *db.session.execute(_periods(centre_id, start, end, queue_id, statuses)),
        *db.session.execute(_logged_sessions(centre_id, start, end, queue_id)),
    ]
    return [AgentSession(*each) for each in found]


def served(
    centre_id: int,
    queue: Queue | None,
    start: datetime,
    end: datetime,
    *,
    include_rehearsal: bool = False,
) -> list[Served]:
    """Who served when, in one queue or in any: each service that overlaps the window."""
    is_unhurried = queue is not None and queue.kind in UNHURRIED
    look_back = LOOK_BACK_UNHURRIED if is_unhurried else LOOK_BACK
    found: Any = db.session.execute(
        select(AGENT, Visit.answered_at, Visit.ended_at).where(
            Visit.centre_id == centre_id,
            true() if queue is None else Visit.queue_id == queue.id,
            Visit.outcome == Outcome.ANSWERED,
            Visit.entered_at >= start - look_back,
            Visit.entered_at < end,
            or_(Visit.ended_at.is_(None), Visit.ended_at > start),
            AGENT.is_not(None),
            Visit.answered_at.is_not(None),
            not_played(include_rehearsal=include_rehearsal),
        )
    )
    return [
        (str(agent), ticks(began), ticks(ended) if ended else None)
        for agent, began, ended in found
        if began is not None
    ]


def _by_look_back(centre_id: int, queue_id: int | None) -> list[tuple[list[int], timedelta]]:
    wanted = select(Queue.id, Queue.kind).where(Queue.centre_id == centre_id)
    if queue_id is not None:
        wanted = wanted.where(Queue.id == queue_id)
    found = db.session.execute(wanted).all()
    unhurried = [queue for queue, kind in found if kind in UNHURRIED]
    hurried = [queue for queue, kind in found if kind not in UNHURRIED]
    groups = ((hurried, LOOK_BACK), (unhurried, LOOK_BACK_UNHURRIED))
    return [group for group in groups if group[0]]


def _visits(
    centre_id: int, queue_ids: list[int], *, include_rehearsal: bool
) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Queue.name.label("queue"),
            Visit.channel,
            Visit.source,
            CONTACT.label("interaction"),
            func.coalesce(Visit.log_leg, case((Visit.previous_id.is_(None), 1), else_=2)).label(
                "leg"
            ),
            Visit.entered_at,
            Visit.answered_at,
            WAIT_ENDED.label("left_at"),
            Visit.ended_at,
            Visit.outcome,
            AGENT.label("agent"),
            Visit.transferred_at,
            CALLER.label("caller"),
            DUE.label("due_at"),
            Visit.queue_id,
            Visit.due_at.is_not(None).label("in_open_hours"),
            case((Visit.channel == Channel.PHONE, HELD)).label("held"),
        )
        .join(Queue, and_(Queue.centre_id == Visit.centre_id, Queue.id == Visit.queue_id))
        .join(Threshold, IN_FORCE)
        .outerjoin(Ticket, and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id))
        .where(
            Visit.centre_id == centre_id,
            Visit.queue_id.in_(queue_ids),
            not_played(include_rehearsal=include_rehearsal),
        )
    )


def _lasted_until(at: datetime) -> ColumnElement[bool]:
    """Still waited or was still served then."""
    return or_(
        Visit.ended_at >= at,
        and_(Visit.ended_at.is_(None), or_(Visit.left_at.is_(None), Visit.left_at >= at)),
        and_(Visit.outcome == Outcome.ANSWERED, Visit.ended_at.is_(None)),
    )


def _row(found: Any, by: Sequence[str]) -> VisitRow:
    answered = found.outcome is Outcome.ANSWERED
    is_promised = found.source is Source.CALLBACK and found.in_open_hours
    return VisitRow(
        queue=found.queue,
        channel=found.channel.value,
        source=found.source.value,
        interaction=found.interaction,
        leg=found.leg,
        entered_at=found.entered_at,
        answered_at=found.answered_at,
        left_at=found.left_at,
        ended_at=found.ended_at if answered else found.left_at,
        outcome=found.outcome,
        agent=found.agent if answered else None,
        transferred=answered and found.transferred_at is not None,
        in_progress=answered and found.ended_at is None,
        caller=found.caller,
        due_at=found.due_at,
        open_wait=_open_wait(found) if found.in_open_hours and not is_promised else None,
        promised_at=found.due_at if is_promised else None,
        held=found.held or NO_WAIT,
        groups=tuple(f"{each}:{getattr(found, f'by_{each}') or ''}" for each in by),
    )


def _open_wait(found: Any) -> timedelta:
    """Of what nobody stands in line for: how long its place was open meanwhile."""
    known = known_queue(found.queue_id)
    assert known is not None, "a queue that exists"
    return open_time_between(known.hours, found.entered_at, found.left_at or clock.now())


def _periods(
    centre_id: int,
    start: datetime,
    end: datetime,
    queue_id: int | None,
    statuses: Collection[ChosenStatus],
) -> Select[*tuple[Any, ...]]:
    """Time in these statuses by each queue the person serves; None where they serve none."""
    serves = and_(
        Membership.centre_id == PresencePeriod.centre_id,
        Membership.person_id == PresencePeriod.person_id,
        Membership.queue_id.is_not(None),
    )
    of_queue = and_(Queue.centre_id == Membership.centre_id, Queue.id == Membership.queue_id)
    wanted = (
        select(
            cast(PresencePeriod.person_id, Text),
            Queue.name,
            PresencePeriod.began_at,
            PresencePeriod.ended_at,
            PresencePeriod.status == ChosenStatus.READY,
        )
        .outerjoin(Membership, serves)
        .outerjoin(Queue, of_queue)
        .where(
            PresencePeriod.centre_id == centre_id,
            PresencePeriod.status.in_(sorted(statuses)),
            PresencePeriod.began_at < end,
            or_(PresencePeriod.ended_at > start, PresencePeriod.ended_at.is_(None)),
        )
    )
    return wanted if queue_id is None else wanted.where(Queue.id == queue_id)


def _logged_sessions(
    centre_id: int, start: datetime, end: datetime, queue_id: int | None
) -> Select[*tuple[Any, ...]]:
    of_queue = and_(Queue.centre_id == LoggedSession.centre_id, Queue.id == LoggedSession.queue_id)
    wanted = (
        select(LoggedSession.agent_name, Queue.name, LoggedSession.began_at, LoggedSession.ended_at)
        .outerjoin(Queue, of_queue)
        .where(
            LoggedSession.centre_id == centre_id,
            LoggedSession.began_at < end,
            or_(LoggedSession.ended_at > start, LoggedSession.ended_at.is_(None)),
        )
    )
    return wanted if queue_id is None else wanted.where(Queue.id == queue_id)
