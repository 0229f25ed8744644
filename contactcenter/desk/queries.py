"""The lists of requests. Their cost depends on the length of a page, not on how many there are.

A list over several queues is one short index walk a queue, merged: an OR over queues would make
PostgreSQL read and sort them all. The walks are one lateral subquery, so that planning costs the
same for one queue and for twenty. Each statement is built once and given its values when it runs:
building the counts anew costs more than running them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    all_,
    and_,
    bindparam,
    column,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.desk.views import NOW, READER, SOON, VIEWS, Branches, Order, View
from contactcenter.directory.models import Topic
from contactcenter.escalation.queries import late, with_referent
from contactcenter.tickets.models import Channel, Status, Ticket

PAGE = 25
COUNTED = 100  # beyond it a list says "more than"
LOOKED_THROUGH = 1_000  # of each queue, when filters narrow a list
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

CENTRE = bindparam("centre", type_=BigInteger)
QUEUES = bindparam("queues", type_=ARRAY(BigInteger))


@dataclass(frozen=True)
class Filters:
    """What narrows a list; all of it stands in the address."""

    queue_id: int | None = None
    topic_id: int | None = None
    channel: Channel | None = None
    status: Status | None = None

    @property
    def given(self) -> dict[str, Any]:
        """By column of a ticket, the value that is asked for."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def conditions(self) -> list[ColumnElement[bool]]:
        return [_columns([name])[0] == value for name, value in self.given.items()]


@dataclass(frozen=True)
class Place:
    """Where a page of a list begins: after the ticket with this moment and id."""

    at: datetime
    id: int

    @classmethod
    def parse(cls, written: str) -> "Place | None":
        at, _, ticket_id = written.partition("-")
        if not (at.isdecimal() and ticket_id.isdecimal()) or len(at) > 17 or len(ticket_id) > 18:
            return None
        return cls(_EPOCH + timedelta(microseconds=int(at)), int(ticket_id))

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.id}"


@dataclass(frozen=True)
class Reader:
    """Who looks at a list: their queues are where most of it is."""

    person: Person
    queue_ids: Sequence[int]

    def values(self, filters: Filters) -> dict[str, Any]:
        """What every statement here is given; of the queues, only the one that is asked for."""
        now, asked = clock.now(), filters.queue_id
        return {
            "centre": self.person.centre_id,
            "reader": self.person.id,
            "queues": [each for each in self.queue_ids if asked in (None, each)],
            "now": now,
            "soon_at": now + SOON,
            **filters.given,
        }


def listed(view: View, reader: Reader, filters: Filters, after: Place | None) -> list[Any]:
    """One page and a row more: ticket, citizen, topic, assignee, at an expert, late there."""
    values = reader.values(filters)
    if after is not None:
        values |= {"after_at": after.at, "after_id": after.id}
    statement = _page_of(view.name, tuple(filters.given), after is not None)
    return list(db.session.execute(statement, values))


def counts(reader: Reader) -> tuple[dict[str, int], int]:
    """The length of each counted view up to `COUNTED`, and the ticket opened last in the centre."""
    *lengths, newest_id = db.session.execute(_counts(), reader.values(Filters())).one()
    return dict(zip(_counted(), lengths, strict=True)), newest_id or 0


def newer(view: View, reader: Reader, filters: Filters, ticket_id: int) -> int:
    """How many of a view were opened after this ticket, counted up to `COUNTED`."""
    values = reader.values(filters) | {"since": ticket_id}
    return db.session.scalar(_newer(view.name, tuple(filters.given)), values) or 0


@lru_cache(maxsize=256)
def _page_of(view_name: str, narrowed: tuple[str, ...], goes_on: bool) -> Select[Any]:  # noqa: FBT001 - the key of a cache
    view = VIEWS[view_name]
    beyond = [_beyond(view.order)] if goes_on else []
    ids = union_all(*_walks(view, beyond, PAGE + 1, _ordered(view.order), narrowed)).subquery()
    return (
        rows_with(with_referent(), late(NOW))
        .where(Ticket.centre_id == CENTRE, Ticket.id.in_(select(ids.c.id)))
        .order_by(*_ordered(view.order))
        .limit(PAGE + 1)
    )


@lru_cache(maxsize=1)
def _counts() -> Select[Any]:
    newest = select(func.max(Ticket.id)).where(Ticket.centre_id == CENTRE).scalar_subquery()
    return select(*[_capped(VIEWS[name], []).label(name) for name in _counted()], newest)


@lru_cache(maxsize=256)
def _newer(view_name: str, narrowed: tuple[str, ...]) -> Select[Any]:
    newest = Ticket.id > bindparam("since", type_=BigInteger)
    return select(_capped(VIEWS[view_name], [newest], narrowed))


def _counted() -> list[str]:
    return [view.name for view in VIEWS.values() if view.is_counted]


def _columns(names: Sequence[str]) -> list[ColumnElement[Any]]:
    return [Ticket.__table__.c[name] for name in names]


def _is_as_asked(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == bindparam(column.key, type_=column.type)


def rows_with(*seen: ColumnElement[bool]) -> Any:
    """What a line of a list shows, and what else is asked about its ticket."""
    return (
        select(Ticket, Citizen, Topic, Person.name, *seen)
        .outerjoin(Citizen, _is_of_ticket(Citizen, Ticket.citizen_id))
        .outerjoin(Topic, _is_of_ticket(Topic, Ticket.topic_id))
        .outerjoin(Person, _is_of_ticket(Person, Ticket.assigned_to))
    )


def _is_of_ticket(kind: Any, key: Any) -> ColumnElement[bool]:
    return and_(kind.centre_id == Ticket.centre_id, kind.id == key)


@dataclass(frozen=True)
class _Source:
    """Where some tickets of a view are, and what is asked of them once they were walked to."""

    where: list[ColumnElement[bool]]
    is_by_queue: bool = False
    is_elsewhere: bool = False  # only those outside the reader's queues

    def limit(
        self,
        most: int,
        branch: list[ColumnElement[bool]],
        order: tuple[ColumnElement[Any], ...],
        narrowed: Sequence[str],
    ) -> Select[Any]:
        """The ids of the first `most` of each queue, or of all that are held.

        What no index serves is asked of a bounded stretch: the first that fits may be far away.
        """
        picks = bool(narrowed) or self.is_elsewhere
        walk = (
            select(
                Ticket.id, Ticket.due_at, Ticket.updated_at, Ticket.queue_id, *_columns(narrowed)
            )
            .where(*self.where, *branch)
            .order_by(*order)
            .limit(LOOKED_THROUGH if picks else most)
        )
        found, walked = _each_queue(walk) if self.is_by_queue else _at_once(walk)
        if self.is_elsewhere:
            found = found.where(or_(walked.queue_id.is_(None), walked.queue_id != all_(QUEUES)))
        return found.where(*[_is_as_asked(walked[name]) for name in narrowed])


def _at_once(walk: Select[Any]) -> tuple[Select[Any], Any]:
    walked = walk.subquery().c
    return select(walked.id), walked


def _each_queue(walk: Select[Any]) -> tuple[Select[Any], Any]:
    each = func.unnest(QUEUES).table_valued(column("id", BigInteger), name="each")
    each = each.render_derived()
    one = walk.where(Ticket.queue_id == each.c.id).correlate(each).lateral()
    return select(one.c.id).select_from(each).join(one, true()), one.c


def _sources(view: View) -> list[tuple[_Source, Branches]]:
    """The queues, and what the reader holds beyond them: no ticket is in both."""
    centre = Ticket.centre_id == CENTRE
    held = [centre, Ticket.assigned_to == READER]
    if view.is_mine:
        return [(_Source(held), view.branches)]
    queues = (_Source([centre], is_by_queue=True), view.branches)
    if view.held:
        return [queues, (_Source(held), view.held)]
    return [queues, (_Source(held, is_elsewhere=True), view.branches)]


def _ordered(order: Order) -> tuple[ColumnElement[Any], ...]:
    if order is Order.DUE_FIRST:
        return Ticket.due_at.asc(), Ticket.id.asc()
    return Ticket.updated_at.desc(), Ticket.id.desc()


def _beyond(order: Order) -> ColumnElement[bool]:
    after = tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)),
        bindparam("after_id", type_=BigInteger),
    )
    if order is Order.DUE_FIRST:
        return tuple_(Ticket.due_at, Ticket.id) > after
    return tuple_(Ticket.updated_at, Ticket.id) < after


def _walks(
    view: View,
    beyond: list[ColumnElement[bool]],
    most: int,
    order: tuple[ColumnElement[Any], ...],
    narrowed: Sequence[str] = (),
) -> list[Select[Any]]:
    return [
        source.limit(most, [*branch, *beyond], order, narrowed)
        for source, branches in _sources(view)
        for branch in branches()
    ]


def _capped(view: View, beyond: list[ColumnElement[bool]], narrowed: Sequence[str] = ()) -> Any:
    walks = _walks(view, beyond, COUNTED, (), narrowed)
    some = union_all(*walks).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
