"""Down by call, up by event.

A slice calls only the slices below it. To tell those above, it announces an event: the event is
stored, and what follows from it is looked up in one table (`reactions.py`). The stored rows are
the history of each ticket: who did what, when and why. Rows are only ever added.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter import clock
from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, current_scope, write


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened; `person_id` is who did it, None for the system or the citizen."""

    ticket_id: int | None = None
    person_id: int | None = None
    reason: str | None = None


class EventRecord(Model):
    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_ticket", "centre_id", "ticket_id", "id"),
        Index(
            "ix_events_person",
            "centre_id",
            "person_id",
            "kind",
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    kind: Mapped[str]
    ticket_id: Mapped[Id | None]
    person_id: Mapped[Id | None]
    # The partner in whose scope it was written; None for the centre's own staff.
    organisation_id: Mapped[Id | None]
    reason: Mapped[str | None]
    detail: Mapped[Json] = mapped_column(default=dict)
    happened_at: Mapped[datetime]
    is_rehearsal: Mapped[bool] = mapped_column(default=False)  # of what names no ticket


Reaction = Callable[[Any], None]
Reactions = Mapping[type[Event], Sequence[Reaction]]

_COLUMNS = ("ticket_id", "person_id", "reason")
_because: ContextVar[str | None] = ContextVar("because", default=None)


@contextmanager
def because(reason: str) -> Generator[None]:
    """What is announced meanwhile, and gives no reason of its own, happened for this one."""
    token = _because.set(reason)
    try:
        yield
    finally:
        _because.reset(token)


def announce(event: Event) -> None:
    """Store the event and run its reactions, all in the caller's transaction."""
    if event.reason is None:
        event = replace(event, reason=_because.get())
    detail = {name: value for name, value in vars(event).items() if name not in _COLUMNS}
    write(
        EventRecord,
        kind=type(event).__name__,
        ticket_id=event.ticket_id,
        person_id=event.person_id,
        organisation_id=current_scope().organisation_id,
        reason=event.reason,
        detail=detail,
        happened_at=clock.now(),
    )
    reactions: Reactions = current_app.extensions["reactions"]
    for react in reactions.get(type(event), ()):
        react(event)
