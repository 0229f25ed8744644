"""What an earlier system logged becomes interactions, visits and the agents' hours, each once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from contactcenter.accounts.models import Centre, Organisation
from contactcenter.citizens.rules import e164
from contactcenter.db import db
from contactcenter.queues import outlook
from contactcenter.queues.callers import caller_key
from contactcenter.queues.models import Queue, QueueKind, Source, Visit, VisitState
from contactcenter.queues.past_models import LoggedSession
from contactcenter.queues.rows import AgentSession, VisitRow
from contactcenter.queues.service_levels import DEFAULT_TARGET
from contactcenter.tickets.models import Channel, Interaction

AT_ONCE = 2000
# An earlier system may name another contact alike on another day.
SAME_CONTACT_WITHIN = timedelta(days=1)
IMPORTED = Visit.source_log.is_not(None)


@dataclass(frozen=True)
class Kept:
    """How many rows were new, and how many of the known ones had gone on since."""

    added: int = 0
    completed: int = 0
    sessions: int = 0


def make_centre(code: str, timezone: str) -> Centre:
    """A centre to keep a history in, in an installation that has none."""
    centre = Centre(
        code=code,
        name=code,
        country="FR",
        timezone=timezone,
        languages=["fr"],
        mail_address="",
    )
    db.session.add(centre)
    db.session.flush()  # the scope of what follows names it
    return centre


def make_organisation(centre: Centre) -> None:
    db.session.add(Organisation(code="own", name=centre.name, is_own=True))


def keep(
    centre: Centre,
    source_log: str,
    rows: Sequence[VisitRow],
    sessions: Sequence[AgentSession],
    *,
    short: timedelta,
) -> Kept:
    """Store what is new; what a longer export tells the end of is completed. Safe to repeat.

    What a file tells twice is one, as far on as it is told.
    """
    rows, sessions = _once(rows), _sessions_once(sessions)
    queues = _queues([row.queue for row in rows] + [s.queue for s in sessions if s.queue], short)
    contacts = _contacts(centre, source_log, rows)
    values = [_visit(source_log, row, queues[row.queue], contacts) for row in rows]
    added = completed = 0
    for start in range(0, len(values), AT_ONCE):
        for is_new in _store(values[start : start + AT_ONCE]):
            added, completed = added + is_new, completed + (not is_new)
    _link_legs(source_log)
    outlook.measure_again()
    return Kept(added, completed, _store_sessions(source_log, sessions, queues))


def _once(rows: Iterable[VisitRow]) -> list[VisitRow]:
    """Each stay once: of two lines about it, the one that tells more of how it went on."""
    told: dict[tuple[str, int, datetime], VisitRow] = {}
    for row in rows:
        key = (row.interaction, row.leg, row.entered_at)
        known = told.get(key)
        if known is None or _how_far(row) > _how_far(known):
            told[key] = row
    return list(told.values())


def _how_far(row: VisitRow) -> tuple[bool, bool]:
    return row.outcome is not None, not row.in_progress


def _sessions_once(sessions: Iterable[AgentSession]) -> list[AgentSession]:
    """Of stretches that begin alike, the longest: one who pauses twice in a second has several."""
    told: dict[tuple[str, str | None, datetime], AgentSession] = {}
    for each in sessions:
        key = (each.agent, each.queue, each.login)
        known = told.get(key)
        if known is None or _length(each) > _length(known):
            told[key] = each
    return list(told.values())


def _length(session: AgentSession) -> timedelta:
    return timedelta.max if session.logout is None else session.logout - session.login


def _queues(names: Iterable[str], short: timedelta) -> dict[str, Queue]:
    """By name; queues the centre does not have are made, for calls."""
    known = {queue.name: queue for queue in db.session.scalars(select(Queue))}
    made = [
        Queue(
            name=name,
            kind=QueueKind.PHONE,
            threshold_seconds=int(DEFAULT_TARGET.total_seconds()),
            short_seconds=int(short.total_seconds()),
        )
        for name in sorted(set(names) - known.keys())
    ]
    db.session.add_all(made)
    db.session.flush()  # visits name them
    return known | {queue.name: queue for queue in made}


def _contacts(centre: Centre, source_log: str, rows: Sequence[VisitRow]) -> dict[str, Any]:
    """Interaction and caller key by the name the log gives the contact."""
    legs: dict[str, list[VisitRow]] = {}
    for row in rows:
        legs.setdefault(row.interaction, []).append(row)
    known = _known_contacts(source_log, {call: own[0].entered_at for call, own in legs.items()})
    keys = {call: _key(centre, own) for call, own in legs.items()}
    new = [call for call in legs if call not in known]
    for start in range(0, len(new), AT_ONCE):
        part = new[start : start + AT_ONCE]
        made = db.session.scalars(
            insert(Interaction).returning(Interaction.id, sort_by_parameter_order=True),
            [_interaction(centre.id, source_log, call, legs[call], keys[call]) for call in part],
        )
        known |= dict(zip(part, made, strict=True))
    return {call: (known[call], keys[call]) for call in legs}


def _known_contacts(source_log: str, began: Mapping[str, datetime]) -> dict[str, int]:
    if not began:
        return {}
    found: Iterable[Any] = db.session.execute(
        select(Visit.log_call, Visit.interaction_id, Visit.entered_at).where(
            IMPORTED,
            Visit.source_log == source_log,
            Visit.entered_at >= min(began.values()) - SAME_CONTACT_WITHIN,
            Visit.entered_at <= max(began.values()) + SAME_CONTACT_WITHIN,
        )
    )
    return {
        call: interaction_id
        for call, interaction_id, at in found
        if call in began and abs(at - began[call]) < SAME_CONTACT_WITHIN
    }


def _key(centre: Centre, legs: Sequence[VisitRow]) -> str | None:
    number = next((row.caller for row in legs if row.caller), None)
    return caller_key(e164(number, centre.country) or number) if number else None


def _interaction(
    centre_id: int, source_log: str, call: str, legs: Sequence[VisitRow], key: str | None
) -> dict[str, Any]:
    ends = [row.ended_at for row in legs]
    return {
        "centre_id": centre_id,
        "channel": Channel(legs[0].channel),
        "started_at": min(row.entered_at for row in legs),
        "ended_at": None if None in ends else max(at for at in ends if at),
        "caller_key": key,
        "detail": {"source_log": source_log, "call": call},
        "is_rehearsal": False,
    }


def _visit(
    source_log: str, row: VisitRow, queue: Queue, contacts: Mapping[str, Any]
) -> dict[str, Any]:
    interaction_id, key = contacts[row.interaction]
    return {
        "queue_id": queue.id,
        "team_id": queue.belongs_to,
        "interaction_id": interaction_id,
        "channel": Channel(row.channel),
        "source": Source(row.source),
        "state": VisitState.OVER,
        "caller_key": key,
        "entered_at": row.entered_at,
        "called_at": row.answered_at,
        "outcome": row.outcome,
        "left_at": row.left_at,
        "answered_at": row.answered_at,
        "ended_at": row.ended_at if row.answered_at and not row.in_progress else None,
        "transferred_at": row.ended_at if row.transferred else None,
        "agent_name": row.agent,
        "source_log": source_log,
        "log_call": row.interaction,
        "log_leg": row.leg,
    }


def _store(values: Sequence[dict[str, Any]]) -> list[bool]:
    """Whether each row that was written was new; the others were known as they are."""
    new = insert(Visit).values(values)
    later = new.excluded
    gone_on = or_(
        and_(Visit.outcome.is_(None), later.outcome.is_not(None)),
        and_(Visit.answered_at.is_not(None), Visit.ended_at.is_(None), later.ended_at.is_not(None)),
    )
    told_later = ("outcome", "left_at", "called_at", "answered_at", "ended_at", "transferred_at")
    written = new.on_conflict_do_update(
        index_elements=["centre_id", "source_log", "log_call", "log_leg", "entered_at"],
        index_where=IMPORTED,
        set_={name: later[name] for name in (*told_later, "agent_name")},
        where=gone_on,
    ).returning(_is_new())
    return list(db.session.scalars(written))


def _is_new() -> ColumnElement[bool]:
    """PostgreSQL marks a row that an upsert found with the transaction that changed it."""
    return literal_column("visits.xmax = 0", Boolean)


def _link_legs(source_log: str) -> None:
    """Each later stay of a contact continues the one before."""
    before = aliased(Visit)
    db.session.execute(
        update(Visit)
        .where(
            Visit.source_log == source_log,
            Visit.log_leg > 1,
            Visit.previous_id.is_(None),
            before.centre_id == Visit.centre_id,
            before.source_log == source_log,
            before.log_call == Visit.log_call,
            before.log_leg == Visit.log_leg - 1,
            before.interaction_id == Visit.interaction_id,
        )
        .values(previous_id=before.id)
        .execution_options(synchronize_session=False)
    )


def _store_sessions(
    source_log: str, sessions: Sequence[AgentSession], queues: Mapping[str, Queue]
) -> int:
    """How many stretches of work were new or have ended since."""
    return sum(
        _store_some_sessions(source_log, sessions[start : start + AT_ONCE], queues)
        for start in range(0, len(sessions), AT_ONCE)
    )


def _store_some_sessions(
    source_log: str, sessions: Sequence[AgentSession], queues: Mapping[str, Queue]
) -> int:
    new = insert(LoggedSession).values(
        [
            {
                "source_log": source_log,
                "agent_name": session.agent,
                "queue_id": queues[session.queue].id if session.queue else None,
                "began_at": session.login,
                "ended_at": session.logout,
            }
            for session in sessions
        ]
    )
    written = new.on_conflict_do_update(
        constraint="uq_logged_sessions_once",
        set_={"ended_at": new.excluded.ended_at},
        where=and_(LoggedSession.ended_at.is_(None), new.excluded.ended_at.is_not(None)),
    ).returning(LoggedSession.id)
    return len(db.session.scalars(written).all())
