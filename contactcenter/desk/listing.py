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
from contactcenter.desk import queries, search_queries
from contactcenter.desk.queries import COUNTED, PAGE, Filters, Place, Reader
from contactcenter.desk.ticket_page import is_late
from contactcenter.desk.views import VIEWS, Order, View
from contactcenter.directory.models import Topic
from contactcenter.queues.queries import queues_of
from contactcenter.tickets import search
from contactcenter.tickets.models import Channel, Status, Ticket
from contactcenter.tickets.references import find_reference

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
    now: datetime


def page(asked: Asked, reader: Reader) -> Page:
    now = clock.now()
    rows, following = _search(asked, reader.person) if asked.words else _listed(asked, reader)
    return Page(
        rows=[_row(*row, now=now) for row in rows],
        next=asked.address(following) if following else None,
        now=now,
    )


def own_queues(person: Person) -> dict[int, str]:
    """The queues this person serves, with their names."""
    return {queue.id: queue.name for queue in db.session.scalars(queues_of(person))}


def counted(reader: Reader) -> tuple[dict[str, str], int]:
    """The length of each view in words, and the id of the newest ticket.

    "99+" stands for more than was counted.
    """
    lengths, newest_id = queries.counts(reader)
    said = {
        name: str(length) if length < COUNTED else f"{COUNTED - 1}+"
        for name, length in lengths.items()
    }
    return said, newest_id


def newer(asked: Asked, reader: Reader, ticket_id: int) -> int:
    """How many have come into this list since the page was made."""
    if asked.words:
        return 0
    return queries.newer(asked.view, reader, asked.filters, ticket_id)


def _listed(asked: Asked, reader: Reader) -> tuple[list[Any], str]:
    rows = queries.listed(asked.view, reader, asked.filters, Place.parse(asked.after))
    if len(rows) <= PAGE:
        return rows, ""
    last: Ticket = rows[PAGE - 1][0]
    at = last.due_at if asked.view.order is Order.DUE_FIRST else last.updated_at
    return rows[:PAGE], str(Place(at, last.id)) if at else ""


def _search(asked: Asked, person: Person) -> tuple[list[Any], str]:
    """By reference, else by words and by citizen. A page goes on below the last id it showed."""
    ids = _found(asked, person)
    rows = list(db.session.execute(search_queries.lines(ids[:PAGE], person))) if ids else []
    return rows, str(ids[PAGE - 1]) if len(ids) > PAGE else ""


def _found(asked: Asked, person: Person) -> list[int]:
    """Ids of a page and one more, the newest first."""
    if reference := find_reference(asked.words):
        exact = search_queries.with_reference(reference, person, asked.filters)
        return list(db.session.scalars(exact))
    below = _id(asked.after) or search.NEWEST
    found = set(search_queries.with_words(asked.words, person, asked.filters, below))
    if citizens := _citizens(asked.words):
        theirs = search_queries.of_citizens(citizens, person, asked.filters, below)
        found |= set(db.session.scalars(theirs))
    return sorted(found, reverse=True)[: PAGE + 1]


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
