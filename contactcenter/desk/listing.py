"""A list as its address asks for it, and the page of it that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.actions import country
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.queries import matching
from contactcenter.citizens.rules import read_wanted
from contactcenter.db import db
from contactcenter.desk import queries
from contactcenter.desk.queries import COUNTED, PAGE, Filters, Place
from contactcenter.desk.ticket_page import is_late
from contactcenter.desk.views import VIEWS, Order, View
from contactcenter.directory.models import Topic
from contactcenter.queues.queries import queues_of
from contactcenter.tickets import search
from contactcenter.tickets.models import Channel, Status, Ticket
from contactcenter.tickets.references import find_reference

MOST_FOUND = 500

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a view or a search, narrowed by filters, from a place on."""

    view: View
    filters: Filters
    words: str = ""
    after: str = ""

    @classmethod
    def from_address(cls) -> "Asked":
        asked = request.args
        filters = Filters(
            queue_id=_id(asked.get("queue", "")),
            topic_id=_id(asked.get("topic", "")),
            channel=_one_of(Channel, asked.get("channel", "")),
            status=_one_of(Status, asked.get("status", "")),
        )
        view = VIEWS.get(asked.get("view", ""), VIEWS["todo"])
        return cls(view, filters, asked.get("q", "").strip()[:200], asked.get("after", ""))

    @property
    def kept(self) -> dict[str, Any]:
        """What every link keeps, so that the list stays beside the open request."""
        named = {
            "view": self.view.name if self.view.name != "todo" else None,
            "queue": self.filters.queue_id,
            "topic": self.filters.topic_id,
            "channel": self.filters.channel,
            "status": self.filters.status,
            "q": self.words or None,
            "after": self.after or None,
        }
        return {name: value for name, value in named.items() if value is not None}

    @property
    def is_narrowed(self) -> bool:
        return self.filters != Filters()

    def address(self, after: str = "") -> str:
        return url_for("desk.list_tickets", **replace(self, after=after).kept)


@dataclass(frozen=True)
class Row:
    """One line of a list; without `is_open_to_me` it is known of, and its content is not shown."""

    ticket: Ticket
    citizen: Citizen | None
    topic: Topic | None
    assignee: str | None
    with_expert: bool
    expert_late: bool
    is_late: bool
    is_open_to_me: bool = True


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    next: str | None
    newest_id: int
    now: datetime


def page(asked: Asked, person: Person, queue_ids: Sequence[int]) -> Page:
    now = clock.now()
    rows, following = _search(asked, person) if asked.words else _listed(asked, person, queue_ids)
    return Page(
        rows=[_row(*row, now=now) for row in rows],
        next=asked.address(following) if following else None,
        newest_id=db.session.scalar(queries.newest_id()) or 0,
        now=now,
    )


def own_queue_ids(person: Person) -> dict[int, str]:
    """The queues this person serves, with their names."""
    return {queue.id: queue.name for queue in db.session.scalars(queues_of(person))}


def counted(person: Person, queue_ids: Sequence[int]) -> dict[str, str]:
    """The length of each view in words: "999+" stands for more than was counted."""
    views = [view for view in VIEWS.values() if view.is_counted]
    lengths = db.session.execute(queries.counts(views, person, queue_ids)).one()
    return {
        view.name: str(length) if length < COUNTED else f"{COUNTED - 1}+"
        for view, length in zip(views, lengths, strict=True)
    }


def newer(asked: Asked, person: Person, queue_ids: Sequence[int], ticket_id: int) -> int:
    """How many have come into this list since the page was made."""
    if asked.words:
        return 0
    shown = queries.newer(asked.view, person, queue_ids, asked.filters, ticket_id)
    return db.session.scalar(shown) or 0


def _listed(asked: Asked, person: Person, queue_ids: Sequence[int]) -> tuple[list[Any], str]:
    place = Place.parse(asked.after)
    found = queries.listed(asked.view, person, queue_ids, asked.filters, place)
    rows = list(db.session.execute(found))
    if len(rows) <= PAGE:
        return rows, ""
    last: Ticket = rows[PAGE - 1][0]
    at = last.due_at if asked.view.order is Order.DUE_FIRST else last.updated_at
    return rows[:PAGE], str(Place(at, last.id)) if at else ""


def _search(asked: Asked, person: Person) -> tuple[list[Any], str]:
    """By reference, by words, by citizen. A page goes on below the last id it showed."""
    reference = find_reference(asked.words)
    ids = [] if reference else search.ticket_ids(asked.words, MOST_FOUND)
    citizens = [] if reference else _citizens(asked.words)
    found = queries.found(ids, citizens, reference, person).where(*asked.filters.conditions())
    if below := _id(asked.after):
        found = found.where(Ticket.id < below)
    rows = list(db.session.execute(found.limit(PAGE + 1)))
    return rows[:PAGE], str(rows[PAGE - 1][0].id) if len(rows) > PAGE else ""


def _citizens(words: str) -> list[int]:
    wanted = read_wanted(words, country())
    if wanted.is_nothing:
        return []
    return [citizen.id for citizen in db.session.scalars(matching(wanted))]


def _row(
    ticket: Ticket,
    citizen: Citizen | None,
    topic: Topic | None,
    assignee: str | None,
    *seen: bool,
    now: datetime,
) -> Row:
    at_expert, late_there, *may_read = seen
    late = is_late(ticket, now)
    return Row(ticket, citizen, topic, assignee, at_expert, late_there, late, *may_read)


def _id(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 19 else None


def _one_of(kind: type[Choice], written: str) -> Choice | None:
    return kind(written) if written in set(kind) else None
