"""A list as its address asks for it, and the page of it that is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from flask import g, request, url_for

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.desk import queries, search_queries, searching
from contactcenter.desk.box import (
    Names,
    Problem,
    names_a_record,
    read_box,
    read_wanted,
    write_box,
)
from contactcenter.desk.choices import choices
from contactcenter.desk.facts import Fact, facts_in
from contactcenter.desk.filters import Filters, day, number
from contactcenter.desk.queries import COUNTED, PAGE, Place, Reader, Wanted
from contactcenter.desk.ticket_page import is_late
from contactcenter.desk.views import VIEWS, Sort, View
from contactcenter.directory.models import Topic
from contactcenter.languages import zone
from contactcenter.queues.queries import queues_of
from contactcenter.tickets.excerpts import Excerpt, excerpts
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.search_rules import Terms
from contactcenter.worklists.models import SavedView
from contactcenter.worklists.queries import views_for


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a view or a search, narrowed and ordered, from a place on.

    `saved` is the kept list it stands for; `turn` counts the requests that are worked off one
    after the other, and `at` is where the open one stands in the list.
    """

    view: View
    filters: Filters
    sort: Sort
    words: str = ""
    after: str = ""
    problems: tuple[Problem, ...] = ()
    facts: tuple[Fact, ...] = ()
    saved: SavedView | None = None
    turn: int = 0
    at: str = ""

    @classmethod
    def from_address(cls) -> "Asked":
        asked = request.args
        saved = _saved(number(asked.get("saved", "")))
        wanted = cls.read(saved.address if saved else asked)
        return replace(
            wanted,
            saved=saved,
            after=asked.get("after", "") or _from_day(asked.get("from", ""), wanted.sort),
            turn=number(asked.get("turn", "")) or 0,
            at=asked.get("at", "")[:40],
        )

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Asked":
        """What a list is, wherever its page begins."""
        typed = asked.get("q", "").strip()
        box = read_box(typed, Filters.parse(asked), _names(typed))
        usual = "all" if typed and not box.words else "todo"
        view = VIEWS.get(asked.get("view", ""), VIEWS[usual])
        sort = asked.get("sort", "")
        return cls(
            view,
            box.filters,
            Sort(sort) if sort in view.sorts else view.sort,
            words=box.words,
            problems=box.problems,
            facts=facts_in(asked.get("show", "")),
        )

    @property
    def plain(self) -> dict[str, Any]:
        """What makes it this list, without the name it was kept under."""
        named = {
            "view": self.view.name if self.view.name != "todo" else None,
            **self.filters.kept,
            "q": self.words or None,
            "sort": self.sort.value if self.sort is not self.view.sort else None,
            "show": ".".join(self.facts) or None,
        }
        return {name: value for name, value in named.items() if value is not None}

    @property
    def kept(self) -> dict[str, Any]:
        """What every link keeps, so that the list stays beside the open request."""
        named = {"after": self.after or None, "turn": self.turn or None, "at": self.at or None}
        list_itself = {"saved": self.saved.id} if self.saved else self.plain
        return list_itself | {name: value for name, value in named.items() if value is not None}

    @property
    def title(self) -> str:
        return self.words or (self.saved.name if self.saved else str(self.view.label))

    @property
    def is_narrowed(self) -> bool:
        return self.filters != Filters()

    @property
    def box(self) -> str:
        """What stands in the search box: what was searched for, with the filters written out."""
        if not self.words and self.view.name != "all":
            return ""
        return write_box(self.words, self.filters, _all_names() if self.is_narrowed else {})

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.view, self.filters, self.sort, Place.parse(self.after))

    @property
    def but_place(self) -> dict[str, Any]:
        """The list itself, from its beginning."""
        return replace(self, after="", turn=0, at="").kept

    def address(self, after: str = "") -> str:
        return url_for("desk.list_tickets", **replace(self, after=after, turn=0, at="").kept)

    def but(self, **changed: str | None) -> str:
        """The address of this list with something else, or without it."""
        kept = {name: value for name, value in (self.plain | changed).items() if value}
        return url_for("desk.list_tickets", **kept)


@dataclass(frozen=True)
class Row:
    """One line of a list; without `is_open_to_me` it is known of, and its content is not shown.

    `has_left` is one that stood here when the page was made, and no longer belongs there.
    """

    ticket: Ticket
    citizen: Citizen | None
    topic: Topic | None
    assignee: str | None
    with_expert: bool
    expert_late: bool
    is_late: bool
    is_open_to_me: bool = True
    excerpt: Excerpt | None = None
    has_left: bool = False


@dataclass(frozen=True)
class Page:
    """`reaches_end` is false while a narrowed list was not looked through to its end.

    Of a search: how many were found, where that is known, and what was looked for instead.
    """

    rows: Sequence[Row]
    next: str | None
    now: datetime
    reaches_end: bool = True
    total: int | None = None
    instead: str = ""


def page(asked: Asked, reader: Reader) -> Page:
    if asked.words:
        return _search(asked, reader.person)
    now = clock.now()
    rows, following, reaches_end = _listed(asked, reader)
    return Page(
        rows=[_row(*row, now=now) for row in rows],
        next=asked.address(following) if following else None,
        now=now,
        reaches_end=reaches_end,
    )


def again(asked: Asked, reader: Reader, ids: Sequence[int]) -> Page:
    """The rows of a page as they are now, in their places: what has left stays, and says so."""
    now = clock.now()
    terms = read_wanted(asked.words).terms
    rows = _lines(ids, reader.person, terms, now)
    here = set(ids) if asked.words else queries.still_in(asked.wanted, reader, ids)
    return Page(
        rows=[replace(row, has_left=row.ticket.id not in here) for row in rows], next=None, now=now
    )


def place_of(ticket: Ticket, sort: Sort) -> Place | None:
    """Where a request stands in a list; None if it has no moment to be ordered by."""
    at = getattr(ticket, sort.column)
    return Place(at, ticket.id) if at else None


def moment(written: str) -> datetime | None:
    """A day and an hour as a form writes them, without a time zone."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        return None


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


def length(asked: Asked, reader: Reader) -> str:
    """The length of a list in words; a search has none that is known without reading it."""
    if asked.words:
        return ""
    found = queries.remaining(asked.wanted, reader)
    if found >= COUNTED:
        return f"{COUNTED - 1}+"
    return f"{found}+" if queries.horizon(asked.wanted, reader) else str(found)


@dataclass(frozen=True)
class Shown:
    """What a page of a list showed: its requests, the place it ended at if there were more, and
    the newest request there was.
    """

    ids: Sequence[int]
    upto: str
    since: int

    @classmethod
    def of(cls, page: Page, asked: Asked, newest_id: int) -> "Shown":
        last = place_of(page.rows[-1].ticket, asked.sort) if page.rows and page.next else None
        return cls([row.ticket.id for row in page.rows], str(last or ""), newest_id)

    @property
    def kept(self) -> dict[str, Any]:
        """As an address writes it."""
        return {"since": self.since, "upto": self.upto or None, "row": self.ids}


def newer(asked: Asked, reader: Reader, shown: Shown) -> int:
    """How many have come into this list since a page of it was made."""
    if asked.words:
        return 0
    stretch = replace(asked.wanted, upto=Place.parse(shown.upto))
    return queries.newer(stretch, reader, shown.since, shown.ids)


def _listed(asked: Asked, reader: Reader) -> tuple[list[Any], str, bool]:
    end = queries.horizon(asked.wanted, reader)
    rows = queries.listed(replace(asked.wanted, upto=end), reader)
    if len(rows) <= PAGE:
        return rows, str(end or ""), end is None
    place = place_of(rows[PAGE - 1][0], asked.sort)
    return rows[:PAGE], str(place or ""), True


def _search(asked: Asked, person: Person) -> Page:
    """A page goes on below the last id it showed, or looked at."""
    now = clock.now()
    found = searching.find(asked.words, asked.filters, person, asked.after)
    following = replace(asked, words=found.instead or asked.words)
    return Page(
        rows=_lines(found.ids, person, found.terms, now),
        next=following.address(found.after) if found.after else None,
        now=now,
        reaches_end=not found.further,
        total=found.total,
        instead=found.instead,
    )


def _lines(ids: Sequence[int], person: Person, terms: Terms, now: datetime) -> list[Row]:
    """The rows of these requests, in their order."""
    shown = search_queries.lines(ids, Reader(person, ()))
    rows = {row.ticket.id: row for row in (_row(*each, now=now) for each in shown)}
    cut = excerpts([key for key in rows if rows[key].is_open_to_me], person, terms)
    return [replace(rows[key], excerpt=cut.get(key)) for key in ids if key in rows]


def _names(typed: str) -> Names:
    return _all_names() if names_a_record(typed) else {}


def _all_names() -> Names:
    return choices(g.person, own_queues(g.person)).names


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
    is_open = all(may_read)
    return Row(ticket, citizen, topic, assignee, at_expert, late_there, late, is_open)


def _saved(saved_id: int | None) -> SavedView | None:
    """A kept list that this person has before their eyes."""
    if saved_id is None:
        return None
    found: SavedView | None = db.session.scalar(views_for(g.person).where(SavedView.id == saved_id))
    return found


def _from_day(written: str, sort: Sort) -> str:
    """The place at which a day begins in a list; in one that falls, at which it ends."""
    on = day(written)
    if on is None:
        return ""
    on += timedelta(days=1 if sort.is_descending else 0)
    return str(Place(datetime.combine(on, time(), zone()), 0))
