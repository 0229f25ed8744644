"""Questions of managers: the queues, the visits behind a figure, and who was never served."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from contactcenter.accounts.models import Organisation, Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre
from contactcenter.directory.models import Site, Team, Topic
from contactcenter.queues.conditions import FIGURES, WAIT, not_played
from contactcenter.queues.demand import SERVED_WITHIN
from contactcenter.queues.interval_models import IN_FORCE, Threshold
from contactcenter.queues.interval_rows import Asked
from contactcenter.queues.models import Queue, QueueKind, SaturationLevel, Visit
from contactcenter.queues.outcomes import LOST, Outcome
from contactcenter.queues.patience_conditions import LEFT, PATIENT_SECONDS, STOOD
from contactcenter.queues.window import SOMEBODY
from contactcenter.reports.models import CallBack, CallBackOutcome
from contactcenter.tickets.models import Interaction, Ticket

Rows = Select[*tuple[Any, ...]]

# In these queues citizens wait themselves; in the others an agent waits for an expert.
OF_CITIZENS = (QueueKind.COUNTER, QueueKind.PHONE, QueueKind.WRITTEN)
IN_ORDER = case({kind: place for place, kind in enumerate(QueueKind)}, value=Queue.kind)
OF_CONTACT = and_(Interaction.centre_id == Visit.centre_id, Interaction.id == Visit.interaction_id)
# What was chosen in the menu of a line, by language, where no topic says it.
CHOICE = Interaction.detail["choice"].label("choice")
CALLED = (CallBackOutcome.REACHED, CallBackOutcome.WRITTEN, CallBackOutcome.NOT_NEEDED)


def queues() -> Select[Any]:
    """The active queues of the centre, by kind and name: their place on a board never changes."""
    return (
        select(Queue)
        .where(Queue.centre_id == current_centre(), Queue.is_active)
        .order_by(IN_ORDER, Queue.name)
    )


def every_queue() -> Select[Any]:
    """Also those no longer active: their history stays."""
    return select(Queue).where(Queue.centre_id == current_centre()).order_by(IN_ORDER, Queue.name)


def topics() -> Select[Any]:
    return select(Topic).where(Topic.centre_id == current_centre())


def sites() -> Select[Any]:
    return select(Site).where(Site.centre_id == current_centre()).order_by(Site.name)


def teams() -> Rows:
    """Their ids, their names and those of their organisations."""
    of_team = and_(
        Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id
    )
    return (
        select(Team.id, Team.name, Organisation.name)
        .join(Organisation, of_team)
        .where(Team.centre_id == current_centre())
    )


def queue(queue_id: int) -> Select[Any]:
    return select(Queue).where(Queue.centre_id == current_centre(), Queue.id == queue_id)


def levels() -> Select[Any]:
    return select(SaturationLevel).where(SaturationLevel.centre_id == current_centre())


def visits_behind(
    among: ColumnElement[bool],
    figure: str,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    include_rehearsal: bool,
) -> Rows:
    """The visits `among` these that a figure counts, in order of arrival.

    Raises KeyError for another name.
    """
    return (
        select(Visit, Topic, CHOICE, Ticket.reference, WAIT.label("wait"), Team.name.label("team"))
        .join(Threshold, IN_FORCE)
        .outerjoin(Topic, and_(Topic.centre_id == Visit.centre_id, Topic.id == Visit.topic_id))
        .outerjoin(Team, and_(Team.centre_id == Visit.centre_id, Team.id == Visit.team_id))
        .outerjoin(Ticket, and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id))
        .outerjoin(Interaction, OF_CONTACT)
        .where(
            Visit.centre_id == current_centre(),
            among,
            Visit.entered_at >= start,
            Visit.entered_at < end,
            FIGURES[figure](literal(now)),
            not_played(include_rehearsal=include_rehearsal),
        )
        .order_by(Visit.entered_at, Visit.id)
    )


def counts_behind(
    among: ColumnElement[bool],
    figures: Sequence[str],
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    include_rehearsal: bool,
) -> Rows:
    """One row: for each of these figures, how many visits `visits_behind` lists."""
    at = literal(now)
    return (
        select(*(func.count().filter(FIGURES[each](at)).label(each) for each in figures))
        .select_from(Visit)
        .join(Threshold, IN_FORCE)
        .where(
            Visit.centre_id == current_centre(),
            among,
            Visit.entered_at >= start,
            Visit.entered_at < end,
            not_played(include_rehearsal=include_rehearsal),
        )
    )


def offered_count(asked: Asked) -> Rows:
    """The visits themselves, counted without what is kept of them."""
    return select(func.count()).select_from(Visit).where(*_offered(asked))


def _offered(asked: Asked) -> tuple[ColumnElement[bool], ...]:
    return (
        Visit.centre_id == asked.centre_id,
        Visit.queue_id.in_(asked.queue_ids),
        Visit.entered_at >= asked.start,
        Visit.entered_at < asked.end,
        or_(Visit.outcome.is_(None), Visit.outcome != Outcome.CLOSED),
        not_played(include_rehearsal=asked.include_rehearsal),
    )


def count_by(column: Any, asked: Asked) -> Rows:
    """(group, how many visits it has) of each group that `column` tells apart."""
    return (
        select(column, func.count())
        .select_from(Visit)
        .join(Queue, and_(Queue.centre_id == Visit.centre_id, Queue.id == Visit.queue_id))
        .where(*_offered(asked))
        .group_by(column)
    )


def after(rows: Rows, at: datetime, visit_id: int) -> Rows:
    return rows.where(tuple_(Visit.entered_at, Visit.id) > tuple_(at, visit_id))


def experience(queue_id: int, since: datetime, now: datetime, *, include_rehearsal: bool) -> Rows:
    """What the last weeks tell: services and their time, waits in all, and how many gave up."""
    at = literal(now)
    took = func.extract("epoch", Visit.ended_at - Visit.answered_at)
    return select(
        func.count().filter(FIGURES["handled"](at)).label("services"),
        func.avg(took).filter(FIGURES["handled"](at)).label("handling"),
        func.sum(PATIENT_SECONDS).filter(STOOD).label("waited"),
        func.count().filter(LEFT).label("gave_up"),
    ).where(
        Visit.centre_id == current_centre(),
        Visit.queue_id == queue_id,
        Visit.entered_at >= since,
        not_played(include_rehearsal=include_rehearsal),
    )


def never_served(since: datetime, *, include_rehearsal: bool) -> Rows:
    """Each person lost since then, neither served nor reached after it; the last of it first."""
    lost = _last_lost(since, include_rehearsal=include_rehearsal)
    of_ticket = and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id)
    rows = (
        select(
            Visit, lost.c.tries, lost.c.somebody, Queue.name.label("queue"), Topic, CHOICE, Ticket
        )
        .select_from(lost)
        .join(Visit, and_(Visit.centre_id == current_centre(), Visit.id == lost.c.id))
        .join(Queue, and_(Queue.centre_id == Visit.centre_id, Queue.id == Visit.queue_id))
        .outerjoin(Topic, and_(Topic.centre_id == Visit.centre_id, Topic.id == Visit.topic_id))
        .outerjoin(Ticket, of_ticket)
        .order_by(lost.c.entered_at.desc(), lost.c.id.desc())
    )
    return _with_call_back(_with_citizen(rows), lost)


def _with_citizen(rows: Rows) -> Rows:
    """Who it was, and how they can be reached."""
    person = aliased(Citizen)
    who = func.coalesce(Ticket.citizen_id, Interaction.citizen_id)
    return (
        rows.outerjoin(Interaction, OF_CONTACT)
        .outerjoin(person, and_(person.centre_id == Visit.centre_id, person.id == who))
        .add_columns(
            person.name.label("citizen"),
            func.coalesce(person.phone, Interaction.detail["from"].astext).label("phone"),
            person.email.label("email"),
        )
    )


def _with_call_back(rows: Rows, lost: Any) -> Rows:
    """Who has taken them to call, if anybody, and when they were last not reached."""
    taken, taker = aliased(CallBack), aliased(Person)
    open_one = and_(
        taken.centre_id == Visit.centre_id,
        taken.caller == lost.c.somebody,
        taken.outcome.is_(None),
    )
    tried = (
        select(func.max(CallBack.settled_at))
        .where(
            CallBack.centre_id == current_centre(),
            CallBack.caller == lost.c.somebody,
            CallBack.outcome == CallBackOutcome.NOT_REACHED,
            CallBack.settled_at >= lost.c.entered_at,
        )
        .scalar_subquery()
    )
    return (
        rows.outerjoin(taken, open_one)
        .outerjoin(taker, and_(taker.centre_id == taken.centre_id, taker.id == taken.taken_by))
        .add_columns(
            taken.id.label("call_back_id"),
            taken.taken_at,
            taker.id.label("taker_id"),
            taker.name.label("taker"),
            tried.label("tried_at"),
        )
    )


def never_served_count(since: datetime, *, include_rehearsal: bool) -> Rows:
    return select(func.count()).select_from(_last_lost(since, include_rehearsal=include_rehearsal))


def _last_lost(since: datetime, *, include_rehearsal: bool) -> Any:
    recent = _recent(since, include_rehearsal=include_rehearsal)
    lost = (
        select(
            recent.c.id,
            recent.c.somebody,
            recent.c.entered_at,
            func.count().over(partition_by=recent.c.somebody).label("tries"),
            func.row_number()
            .over(
                partition_by=recent.c.somebody,
                order_by=(recent.c.entered_at.desc(), recent.c.id.desc()),
            )
            .label("place"),
        )
        .where(recent.c.outcome.in_(sorted(LOST)))
        .subquery("lost")
    )
    return (
        select(lost)
        .where(lost.c.place == 1, ~_served_after(recent, lost), ~_called(lost))
        .subquery("last_lost")
    )


def _recent(since: datetime, *, include_rehearsal: bool) -> Any:
    """Visits since then: lost, answered or going on, each with its person in one word."""
    ids = select(Queue.id).where(Queue.centre_id == current_centre(), Queue.kind.in_(OF_CITIZENS))
    return (
        select(
            Visit.id,
            Visit.outcome,
            Visit.entered_at,
            Visit.answered_at,
            SOMEBODY.label("somebody"),
        )
        .outerjoin(Ticket, and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id))
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(ids),
            Visit.entered_at >= since,
            or_(Visit.outcome.is_(None), Visit.outcome.in_(sorted(LOST | {Outcome.ANSWERED}))),
            Visit.source_log.is_(None),
            not_played(include_rehearsal=include_rehearsal),
        )
        .cte("recent")
    )


def _served_after(recent: Any, lost: Any) -> ColumnElement[bool]:
    """Served within a day of it, or waiting again."""
    again = aliased(recent)
    served = and_(
        again.c.outcome == Outcome.ANSWERED,
        again.c.answered_at >= lost.c.entered_at,
        again.c.answered_at <= lost.c.entered_at + SERVED_WITHIN,
    )
    return exists().where(
        again.c.somebody == lost.c.somebody, or_(again.c.outcome.is_(None), served)
    )


def _called(lost: Any) -> ColumnElement[bool]:
    return exists().where(
        CallBack.centre_id == current_centre(),
        CallBack.caller == lost.c.somebody,
        CallBack.outcome.in_(CALLED),
        CallBack.settled_at >= lost.c.entered_at,
    )


def somebody(visit_id: int) -> Select[Any]:
    """The word by which the person of a lost visit is told apart."""
    return (
        select(SOMEBODY)
        .select_from(Visit)
        .outerjoin(Ticket, and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id))
        .where(
            Visit.centre_id == current_centre(),
            Visit.id == visit_id,
            Visit.outcome.in_(sorted(LOST)),
        )
    )


def reach_of(visit_id: int) -> Rows:
    """How the person of a visit can be written to: `email`, `phone`, and their `language`."""
    of_ticket = and_(Ticket.centre_id == Visit.centre_id, Ticket.id == Visit.ticket_id)
    of_contact = and_(
        Interaction.centre_id == Visit.centre_id, Interaction.id == Visit.interaction_id
    )
    who = func.coalesce(Ticket.citizen_id, Interaction.citizen_id)
    return (
        select(
            Citizen.email,
            func.coalesce(Citizen.phone, Interaction.detail["from"].astext).label("phone"),
            Visit.language,
        )
        .select_from(Visit)
        .outerjoin(Ticket, of_ticket)
        .outerjoin(Interaction, of_contact)
        .outerjoin(Citizen, and_(Citizen.centre_id == Visit.centre_id, Citizen.id == who))
        .where(Visit.centre_id == current_centre(), Visit.id == visit_id)
    )


def call_back(call_back_id: int) -> Select[Any]:
    """Locked, so that its end is said once."""
    return (
        select(CallBack)
        .where(CallBack.centre_id == current_centre(), CallBack.id == call_back_id)
        .with_for_update()
    )
