"""The walks of a list through the indexes, one a queue, and what is asked of what they meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    all_,
    any_,
    bindparam,
    column,
    func,
    or_,
    select,
    true,
    tuple_,
)

from contactcenter.desk.filters import CONDITIONS
from contactcenter.desk.views import CENTRE, READER, VIEWS, Branches, Sort, View
from contactcenter.tickets.models import Ticket

LOOKED_THROUGH = 1_000  # of each queue, when filters narrow a list
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
IDS = bindparam("ids", type_=ARRAY(BigInteger))
QUEUES = bindparam("queues", type_=ARRAY(BigInteger))
EACH = func.unnest(QUEUES).table_valued(column("id", BigInteger), name="each").render_derived()


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


@dataclass(frozen=True)
class Source:
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


def sources(shape: Shape) -> list[tuple[Source, Branches]]:
    """The queues, and what the reader holds beyond them: no ticket is in both."""
    view, few = shape.view, shape.view.few
    branches = view.branches
    if view.many and shape.is_crowded:
        branches, few = _both(view.branches, view.many), None
    centre = Ticket.centre_id == CENTRE
    held = [centre, Ticket.assigned_to == READER]
    if view.is_mine:
        return [(Source(held), branches)]
    queues = (Source([centre], is_by_queue=True), branches)
    if view.held:
        return [queues, (Source(held), view.held)]
    seen = [centre, or_(Ticket.queue_id == any_(QUEUES), Ticket.assigned_to == READER)]
    found = [(Source(seen, is_few=True), few)] if few else []
    return [*found, queues, (Source(held, is_elsewhere=True), branches)]


def _both(one: Branches, other: Branches) -> Branches:
    return lambda: [*one(), *other()]


def walks(
    shape: Shape, more: list[ColumnElement[bool]], most: Any, *, in_order: bool = True
) -> list[Select[Any]]:
    return [
        source.limit(most, [*branch, *more], shape, in_order=in_order)
        for source, branches in sources(shape)
        for branch in branches()
    ]
