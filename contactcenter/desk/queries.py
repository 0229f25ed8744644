"""The lists of requests. Their cost depends on the length of a page, not on how many there are.

A list over several queues is one short index walk a queue, merged: an OR over queues would make
PostgreSQL read and sort them all. The walks are one lateral subquery, so that planning costs the
same for one queue and for twenty. Each statement is built once and given its values when it runs:
building the counts anew costs more than running them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    any_,
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
from contactcenter.db import current_centre, db
from contactcenter.desk.filters import CONDITIONS, Filters
from contactcenter.desk.views import (
    CENTRE,
    HOUR,
    NOW,
    READER,
    SOON,
    VIEWS,
    Branches,
    Sort,
    View,
    are_many,
)
from contactcenter.directory.models import Topic
from contactcenter.escalation.queries import late, with_referent
from contactcenter.tickets.models import Ticket

PAGE = 25
COUNTED = 100  # beyond it a list says "more than"
LOOKED_THROUGH = 1_000  # of each queue, when filters narrow a list
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

WALKED = [
    Ticket.__table__.c[name]
    for name in (
        "centre_id",
        "id",
        "queue_id",
        "topic_id",
        "site_id",
        "assigned_to",
        "channel",
        "status",
        "priority",
        "language",
        "opened_at",
        "updated_at",
        "due_at",
    )
]
QUEUES = bindparam("queues", type_=ARRAY(BigInteger))
EACH = func.unnest(QUEUES).table_valued(column("id", BigInteger), name="each").render_derived()


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

    def values(self, filters: Filters, **more: Any) -> dict[str, Any]:
        """What every statement here is given; of the queues, only the one that is asked for."""
        now, asked = clock.now(), filters.queue_id
        return {
            "centre": self.person.centre_id,
            "reader": self.person.id,
            "queues": [each for each in self.queue_ids if asked in (None, each)],
            "now": now,
            "hour_at": now + HOUR,
            "soon_at": now + SOON,
            **filters.given(self.person.id),
            **more,
        }


@dataclass(frozen=True)
class Wanted:
    """Which stretch of which list: its statement is kept by `shape`, its values are given anew."""

    view: View
    filters: Filters
    sort: Sort
    after: Place | None = None
    upto: Place | None = None

    @property
    def shape(self) -> "Shape":
        return Shape(
            self.view.name,
            self.sort,
            tuple(self.filters.given(0)),
            goes_on=self.after is not None,
            is_bounded=self.upto is not None,
            is_crowded=self.view.name in _crowded(),
        )

    def values(self, reader: Reader, **more: Any) -> dict[str, Any]:
        values = reader.values(self.filters, **more)
        if self.after is not None:
            values |= {"after_at": self.after.at, "after_id": self.after.id}
        if self.upto is not None:
            values |= {"upto_at": self.upto.at, "upto_id": self.upto.id}
        return values


@dataclass(frozen=True)
class Shape:
    """All that decides what a statement of a list looks like."""

    view_name: str
    sort: Sort
    narrowed: tuple[str, ...] = ()
    goes_on: bool = False
    is_bounded: bool = False
    is_crowded: bool = False

    @property
    def view(self) -> View:
        return VIEWS[self.view_name]

    def order(self, columns: Any = Ticket.__table__.c) -> list[ColumnElement[Any]]:
        """Of tickets, or of the columns of those that were walked to."""
        by = [columns[self.sort.column], columns.id]
        return [each.desc() if self.sort.is_descending else each.asc() for each in by]

    def stretch(self) -> list[ColumnElement[bool]]:
        """Between the places that a page begins after and ends at."""
        at = tuple_(Ticket.__table__.c[self.sort.column], Ticket.id)
        after, upto, falls = _place("after"), _place("upto"), self.sort.is_descending
        dated = [Ticket.due_at.is_not(None)] if self.sort is Sort.DUE_LAST else []
        began = [at < after if falls else at > after] if self.goes_on else []
        ended = [at >= upto if falls else at <= upto] if self.is_bounded else []
        return [*dated, *began, *ended]


def _place(name: str) -> Any:
    return tuple_(
        bindparam(f"{name}_at", type_=DateTime(timezone=True)),
        bindparam(f"{name}_id", type_=BigInteger),
    )


def listed(wanted: Wanted, reader: Reader) -> list[Any]:
    """One page and a row more: ticket, citizen, topic, assignee, at an expert, late there."""
    return list(db.session.execute(_page_of(wanted.shape), wanted.values(reader)))


def horizon(wanted: Wanted, reader: Reader) -> Place | None:
    """How far a look through a narrowed list reaches, if it does not reach the end.

    What fits is looked for in the first `LOOKED_THROUGH` of each queue: beyond the nearest of their
    ends, something that comes earlier may not have been looked at.
    """
    statement = _ends(wanted.shape)
    if statement is None:
        return None
    end = db.session.execute(statement, wanted.values(reader)).first()
    return Place(end.at, end.id) if end else None


def every_id(wanted: Wanted, reader: Reader, most: int) -> list[int]:
    """The ids of a whole list in its order, up to `most` and one more."""
    found: list[int] = []
    while len(found) <= most:
        end = horizon(wanted, reader)
        look = replace(wanted, upto=end)
        found += db.session.scalars(_ids_of(look.shape), look.values(reader, most=most + 1))
        if end is None:
            break
        wanted = replace(wanted, after=end)
    return found[: most + 1]


def remaining(wanted: Wanted, reader: Reader) -> int:
    """How many stand in a list after a place, counted up to `COUNTED`."""
    return db.session.scalar(_remaining(wanted.shape), wanted.values(reader)) or 0


def counts(reader: Reader) -> tuple[dict[str, int], int]:
    """The length of each counted view up to `COUNTED`, and the ticket opened last in the centre."""
    *lengths, newest_id = db.session.execute(_counts(_crowded()), reader.values(Filters())).one()
    return dict(zip(_counted(), lengths, strict=True)), newest_id or 0


def still_in(wanted: Wanted, reader: Reader, ids: Sequence[int]) -> set[int]:
    """Those of these tickets that stand in a list now, wherever in it."""
    return set(db.session.scalars(_still_in(wanted.shape), wanted.values(reader, ids=list(ids))))


def newer(view: View, reader: Reader, filters: Filters, ticket_id: int) -> int:
    """How many of a view were opened after this ticket, counted up to `COUNTED`."""
    shape = Wanted(view, filters, view.sort).shape
    return db.session.scalar(_newer(shape), reader.values(filters, since=ticket_id)) or 0


@lru_cache(maxsize=512)
def _page_of(shape: Shape) -> Select[Any]:
    """What a line shows is read of the page's own requests only, once they are known."""
    first = _first(shape, PAGE + 1)
    return (
        rows_with(with_referent(), late(NOW))
        .where(Ticket.centre_id == CENTRE, Ticket.id.in_(first))
        .order_by(*shape.order())
    )


@lru_cache(maxsize=128)
def _ids_of(shape: Shape) -> Select[Any]:
    return _first(shape, bindparam("most", type_=BigInteger))


def _first(shape: Shape, most: Any) -> Select[Any]:
    """The ids of the first of all walks together, in their order."""
    found = union_all(*_walks(shape, shape.stretch(), most)).subquery().c
    return select(found.id).order_by(*shape.order(found)).limit(most)


@lru_cache(maxsize=256)
def _ends(shape: Shape) -> Select[Any] | None:
    """The last of each full stretch that is looked through, the nearest of them only."""
    picked = [
        source.end([*branch, *shape.stretch()], shape)
        for source, branches in _sources(shape)
        for branch in branches()
        if source.picks(shape.narrowed)
    ]
    if not shape.narrowed or not picked:
        return None
    ends = union_all(*picked).subquery().c
    at = ends[shape.sort.column]
    nearest = select(at.label("at"), ends.id).where(at.is_not(None))
    return nearest.order_by(*shape.order(ends)).limit(1)


@lru_cache(maxsize=4)
def _counts(crowded: frozenset[str]) -> Select[Any]:
    newest = select(func.max(Ticket.id)).where(Ticket.centre_id == CENTRE).scalar_subquery()
    shapes = [Shape(name, VIEWS[name].sort, is_crowded=name in crowded) for name in _counted()]
    return select(*[_capped(shape, []).label(shape.view_name) for shape in shapes], newest)


@lru_cache(maxsize=256)
def _still_in(shape: Shape) -> Select[Any]:
    these = Ticket.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
    found = union_all(*_walks(shape, [these], PAGE, in_order=False)).subquery().c
    return select(found.id)


@lru_cache(maxsize=256)
def _newer(shape: Shape) -> Select[Any]:
    return select(_capped(shape, [Ticket.id > bindparam("since", type_=BigInteger)]))


@lru_cache(maxsize=256)
def _remaining(shape: Shape) -> Select[Any]:
    return select(_capped(shape, shape.stretch()))


def _crowded() -> frozenset[str]:
    """The views that the centre has more than a few of.

    Looked at once a minute: what a list holds is the same either way.
    """
    return _crowded_at(current_centre(), clock.now().replace(second=0, microsecond=0))


@lru_cache(maxsize=64)
def _crowded_at(centre_id: int, minute: datetime) -> frozenset[str]:
    asked = {view.name: view.asked for view in VIEWS.values() if view.asked}
    statement = select(*[are_many(ids()).label(name) for name, ids in asked.items()])
    row = db.session.execute(statement, {"centre": centre_id, "now": minute}).one()
    return frozenset(name for name, is_so in row._mapping.items() if is_so)


def _counted() -> list[str]:
    return [view.name for view in VIEWS.values() if view.is_counted]


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
    is_few: bool = False  # all of them can be asked anything

    def picks(self, narrowed: Sequence[str]) -> bool:
        """Whether something is asked that no index serves."""
        return not self.is_few and (self.is_elsewhere or bool(self._asked(narrowed)))

    def limit(
        self, most: Any, branch: list[ColumnElement[bool]], shape: Shape, *, in_order: bool
    ) -> Select[Any]:
        """The first `most` of each queue, or of all that are held.

        What no index serves is asked of a bounded stretch: the first that fits may be far away.
        """
        if self.is_few:
            branch = [*branch, *self._conditions(Ticket, shape.narrowed)]
        walk = self._walk(branch, shape.order() if in_order else [])
        if not self.picks(shape.narrowed):
            return self._in_each(walk.limit(most), shape)
        walked = walk.limit(LOOKED_THROUGH).subquery().c
        asked = self._conditions(walked, shape.narrowed)
        if self.is_elsewhere:
            asked.append(or_(walked.queue_id.is_(None), walked.queue_id != all_(QUEUES)))
        found = select(*walked).where(*asked).order_by(*(shape.order(walked) if in_order else []))
        return self._in_each(found.limit(most), shape)

    def end(self, branch: list[ColumnElement[bool]], shape: Shape) -> Select[Any]:
        """The last that is looked at in each queue, where there are more."""
        last = self._walk(branch, shape.order()).offset(LOOKED_THROUGH - 1).limit(1)
        return self._in_each(last, shape)

    def _conditions(self, walked: Any, narrowed: Sequence[str]) -> list[ColumnElement[bool]]:
        return [CONDITIONS[name](walked, bindparam(name)) for name in self._asked(narrowed)]

    def _asked(self, narrowed: Sequence[str]) -> list[str]:
        """The queues that are walked through are those that were asked for."""
        return [name for name in narrowed if name != "queue_id" or not self.is_by_queue]

    def _walk(self, branch: list[ColumnElement[bool]], order: list[Any]) -> Select[Any]:
        walk = select(*WALKED).where(*self.where, *branch).order_by(*order)
        if not self.is_by_queue:
            return walk
        return walk.where(Ticket.queue_id == EACH.c.id).correlate(EACH)

    def _in_each(self, walk: Select[Any], shape: Shape) -> Select[Any]:
        """The ids, with the moment of the order."""
        one = walk.correlate(EACH).lateral() if self.is_by_queue else walk.subquery()
        found = select(one.c.id, one.c[shape.sort.column])
        return found.select_from(EACH).join(one, true()) if self.is_by_queue else found


def _sources(shape: Shape) -> list[tuple[_Source, Branches]]:
    """The queues, and what the reader holds beyond them: no ticket is in both."""
    view, few = shape.view, shape.view.few
    branches = view.branches
    if view.many and shape.is_crowded:
        branches, few = _both(view.branches, view.many), None
    centre = Ticket.centre_id == CENTRE
    held = [centre, Ticket.assigned_to == READER]
    if view.is_mine:
        return [(_Source(held), branches)]
    queues = (_Source([centre], is_by_queue=True), branches)
    if view.held:
        return [queues, (_Source(held), view.held)]
    seen = [centre, or_(Ticket.queue_id == any_(QUEUES), Ticket.assigned_to == READER)]
    found = [(_Source(seen, is_few=True), few)] if few else []
    return [*found, queues, (_Source(held, is_elsewhere=True), branches)]


def _both(one: Branches, other: Branches) -> Branches:
    return lambda: [*one(), *other()]


def _walks(
    shape: Shape, more: list[ColumnElement[bool]], most: Any, *, in_order: bool = True
) -> list[Select[Any]]:
    return [
        source.limit(most, [*branch, *more], shape, in_order=in_order)
        for source, branches in _sources(shape)
        for branch in branches()
    ]


def _capped(shape: Shape, more: list[ColumnElement[bool]]) -> Any:
    """How many there are up to `COUNTED`; of a narrowed list, in the stretch looked through."""
    walks = _walks(shape, more, COUNTED, in_order=bool(shape.narrowed))
    some = union_all(*walks).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
