"""What colleagues keep about one request, whose time it was, and its state in three sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.desk import summary
from contactcenter.directory.models import Site
from contactcenter.directory.rules import Hours, NeverCloses, NeverOpens, is_open, next_closing
from contactcenter.directory.stored_hours import read_hours
from contactcenter.events import EventRecord
from contactcenter.teamwork import queries
from contactcenter.teamwork.models import CheckItem, Nudge
from contactcenter.teamwork.rules import (
    Holder,
    Span,
    held_by,
    named_in,
    named_in_vain,
    next_morning,
    next_open,
)
from contactcenter.tickets.models import Ticket

MOVES = (
    "CitizenWrote",
    "CitizenAwaited",
    "TicketReopened",
    "TicketResolved",
    "ReferralAsked",
    "ReferralAnswered",
    "ReferralWroteByMail",
    "ReferralRefused",
    "ReferralWithdrawn",
    "ReferralExpired",
)
MOST_MOVES = 500
_ASKED, _BACK = "ReferralAsked", frozenset(MOVES[5:])


@dataclass(frozen=True)
class Work:
    """`held` is how long each side held the request."""

    followers: Sequence[Person]
    checklist: Sequence[CheckItem]
    linked: Sequence[Ticket]
    reminders: Sequence[Nudge]
    held: Mapping[Holder, timedelta]
    said: Sequence[str]

    @property
    def done(self) -> int:
        return sum(item.done_at is not None for item in self.checklist)

    def share(self, holder: Holder) -> int:
        """Of a hundred."""
        total = sum(self.held.values(), timedelta())
        return round(100 * (self.held[holder] / total)) if total else 0


def gather(ticket: Ticket, person: Person) -> Work:
    now, moves = clock.now(), db.session.scalars(_moves(ticket)).all()
    return Work(
        followers=db.session.scalars(queries.followers_of(ticket)).all(),
        checklist=db.session.scalars(queries.checklist_of(ticket)).all(),
        linked=db.session.scalars(queries.linked_to(ticket, person)).all(),
        reminders=db.session.scalars(queries.reminders_of(ticket, person, now)).all(),
        held=held_by(spans(ticket, moves), now, hours_of(ticket)),
        said=summary.sentences(ticket),
    )


def called_in(note: str, ticket: Ticket, but: Person) -> tuple[list[str], list[str]]:
    """Whom a note tells, by name, and what it calls that is nobody of the team."""
    team = {each.id: each.name for each in db.session.scalars(queries.team_of(ticket))}
    told = [team[person_id] for person_id in named_in(note, team) if person_id != but.id]
    return told, named_in_vain(note, team)


def spans(ticket: Ticket, moves: Sequence[EventRecord]) -> list[Span]:
    """Whose move it was, from the events of the request in order."""
    found, asked, state = [Span(ticket.opened_at, Holder.US)], 0, Holder.US
    for move in moves:
        if move.kind == _ASKED:
            asked += 1
        elif move.kind in _BACK:
            asked = max(0, asked - 1)
        elif move.kind == "TicketResolved":
            found.append(Span(move.happened_at, None))
            continue
        else:
            state = Holder.CITIZEN if move.kind == "CitizenAwaited" else Holder.US
        holder = Holder.PARTNER if asked and state is Holder.US else state
        found.append(Span(move.happened_at, holder))
    return found


def hours_of(ticket: Ticket) -> Hours | None:
    """The opening hours of the place that follows a request, if they are known."""
    site = db.session.get(Site, (ticket.centre_id, ticket.site_id)) if ticket.site_id else None
    if site is None:
        return None
    return read_hours(site.hours, timezone=site.timezone, country=site.country, region=site.region)


def later(ticket: Ticket, asked: str) -> datetime | None:
    """The moment that a choice of "put away until" means; None for one that is not offered."""
    now, hours = clock.now(), hours_of(ticket)
    if asked == "opening":
        since = now + timedelta(minutes=1)
        if hours is None:
            return since + timedelta(hours=1)
        return next_open(hours, _closing(hours, since), now + timedelta(days=1))
    if asked == "tomorrow":
        return next_morning(hours, now) if hours else now + timedelta(days=1)
    if asked == "week":
        return next_morning(hours, now + timedelta(days=6)) if hours else now + timedelta(days=7)
    return None


def _closing(hours: Hours, at: datetime) -> datetime:
    """While it is open, the next opening is the one after this."""
    if not is_open(hours, at):
        return at
    try:
        return next_closing(hours, at)
    except (NeverCloses, NeverOpens):
        return at


def _moves(ticket: Ticket) -> Select[Any]:
    return (
        select(EventRecord)
        .where(
            EventRecord.centre_id == ticket.centre_id,
            EventRecord.ticket_id == ticket.id,
            EventRecord.kind.in_(MOVES),
        )
        .order_by(EventRecord.id)
        .limit(MOST_MOVES)
    )
