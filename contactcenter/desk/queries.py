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
    BigInteger,
    ColumnElement,
    Select,
    all_,
    and_,
    any_,
    bindparam,
    func,
    select,
    union_all,
)

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.desk.filters import Filters
from contactcenter.desk.views import (
    CENTRE,
    HOUR,
    NOW,
    SOON,
    VIEWS,
    Sort,
    View,
    are_many,
)
from contactcenter.desk.walks import IDS, Shape, sources, walks
from contactcenter.directory.models import Topic
from contactcenter.escalation.queries import late, with_referent
from contactcenter.tickets.models import Ticket

PAGE = 25
COUNTED = 100  # beyond it a list says "more than"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def newer(wanted: Wanted, reader: Reader, ticket_id: int, ids: Sequence[int]) -> int:
    """How many have come into a list since a page of it was made, counted up to `COUNTED`.

    Those opened after this ticket, and others that now stand on the wanted stretch and are not
    among the page's ids. Where the last changed come first, every change would be one of these.
    """
    values = wanted.values(reader, since=ticket_id, ids=list(ids))
    return db.session.scalar(_newer(wanted.shape), values) or 0


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
    found = union_all(*walks(shape, shape.stretch(), most)).subquery().c
    return select(found.id).order_by(*shape.order(found)).limit(most)


@lru_cache(maxsize=256)
def _ends(shape: Shape) -> Select[Any] | None:
    """The last of each full stretch that is looked through, the nearest of them only."""
    picked = [
        source.end([*branch, *shape.stretch()], shape)
        for source, branches in sources(shape)
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
    these = Ticket.id == any_(IDS)
    found = union_all(*walks(shape, [these], PAGE, in_order=False)).subquery().c
    return select(found.id)


@lru_cache(maxsize=256)
def _newer(shape: Shape) -> Select[Any]:
    is_new = Ticket.id > bindparam("since", type_=BigInteger)
    some = walks(shape, [is_new], COUNTED, in_order=bool(shape.narrowed))
    if shape.sort is not Sort.UPDATED:
        come = [~is_new, Ticket.id != all_(IDS), *shape.stretch()]
        some += walks(shape, come, COUNTED, in_order=bool(shape.narrowed))
    return select(_some_of(some))


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


def _capped(shape: Shape, more: list[ColumnElement[bool]]) -> Any:
    """How many there are up to `COUNTED`; of a narrowed list, in the stretch looked through."""
    return _some_of(walks(shape, more, COUNTED, in_order=bool(shape.narrowed)))


def _some_of(found: list[Select[Any]]) -> Any:
    some = union_all(*found).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
