"""What colleagues keep about one request, whose time it was, and its state in three sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.desk import summary
from contactcenter.directory.models import Site
from contactcenter.directory.rules import Hours, NeverCloses, NeverOpens, is_open, next_closing
from contactcenter.escalation.held import held_of, place_hours
from contactcenter.escalation.held_queries import organisations_named
from contactcenter.escalation.held_rules import Held, Holder
from contactcenter.teamwork import queries
from contactcenter.teamwork.models import CheckItem, Nudge
from contactcenter.teamwork.rules import (
    named_in,
    named_in_vain,
    next_morning,
    next_open,
)
from contactcenter.tickets.models import Ticket

A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Part:
    """One side of the bar; `share` is of a hundred."""

    holder: Holder
    label: str
    time: timedelta
    share: int


@dataclass(frozen=True)
class Work:
    """`bar` is how long each side held the request."""

    followers: Sequence[Person]
    checklist: Sequence[CheckItem]
    linked: Sequence[Ticket]
    reminders: Sequence[Nudge]
    bar: Sequence[Part]
    said: Sequence[str]

    @property
    def done(self) -> int:
        return sum(item.done_at is not None for item in self.checklist)


def gather(ticket: Ticket, person: Person) -> Work:
    return Work(
        followers=db.session.scalars(queries.followers_of(ticket)).all(),
        checklist=db.session.scalars(queries.checklist_of(ticket)).all(),
        linked=db.session.scalars(queries.linked_to(ticket, person)).all(),
        reminders=db.session.scalars(queries.reminders_of(ticket, person, clock.now())).all(),
        bar=bar(ticket),
        said=summary.sentences(ticket),
    )


def called_in(note: str, ticket: Ticket, but: Person) -> tuple[list[str], list[str]]:
    """Whom a note tells, by name, and what it calls that is nobody of the team."""
    team = {each.id: each.name for each in db.session.scalars(queries.team_of(ticket))}
    told = [team[person_id] for person_id in named_in(note, team) if person_id != but.id]
    return told, named_in_vain(note, team)


def bar_of(held: Held, names: Mapping[int, str]) -> list[Part]:
    """The sides that held it, as they are shown and exported."""
    sides = [
        (Holder.US, _("chez nous"), held.us),
        *((Holder.PARTNER, names[each], time) for each, time in held.partners.items()),
        (Holder.CITIZEN, _("chez l’usager"), held.citizen),
        (Holder.OUTSIDE, _("hors des heures d’ouverture"), held.outside),
    ]
    total = held.total
    return [
        Part(holder, label, time, round(100 * (time / total)))
        for holder, label, time in sides
        if time >= A_SECOND
    ]


def bar(ticket: Ticket) -> list[Part]:
    held = held_of([ticket])[ticket.id]
    names = db.session.execute(organisations_named(held.partners)).all() if held.partners else []
    return bar_of(held, dict(iter(names)))


def hours_of(ticket: Ticket) -> Hours | None:
    """The opening hours of the place that follows a request, if they are known."""
    site = db.session.get(Site, (ticket.centre_id, ticket.site_id)) if ticket.site_id else None
    return place_hours(site)


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
