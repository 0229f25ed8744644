"""The lists of requests. Their cost depends on the length of a page, not on how many there are.

A list over several queues is one short index walk a queue, merged: an OR over queues would make
PostgreSQL read and sort them all. The walks are one lateral subquery, so that planning costs the
same for one queue and for twenty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    any_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre
from contactcenter.desk.views import Order, View
from contactcenter.directory.models import Topic
from contactcenter.escalation.queries import late, with_referent
from contactcenter.tickets.models import Channel, Status, Ticket
from contactcenter.tickets.queries import content_is_for, known_to

PAGE = 25
COUNTED = 100  # beyond it a list says "more than"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What narrows a list; all of it stands in the address."""

    queue_id: int | None = None
    topic_id: int | None = None
    channel: Channel | None = None
    status: Status | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = (
            (Ticket.queue_id, self.queue_id),
            (Ticket.topic_id, self.topic_id),
            (Ticket.channel, self.channel),
            (Ticket.status, self.status),
        )
        return [column == value for column, value in wanted if value is not None]


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


def listed(
    view: View,
    person: Person,
    queue_ids: Sequence[int],
    filters: Filters,
    after: Place | None = None,
) -> Select[Any]:
    """One page and a row more: ticket, citizen, topic, assignee, at an expert, late there."""
    beyond = filters.conditions()
    if after is not None:
        beyond.append(_beyond(view.order, after))
    pages = _walks(view, person, queue_ids, beyond, PAGE + 1, _ordered(view.order))
    found = union_all(*[select(each.c.id) for each in pages]).subquery()
    page: Select[Any] = (
        _rows()
        .where(Ticket.centre_id == person.centre_id, Ticket.id.in_(select(found.c.id)))
        .order_by(*_ordered(view.order))
        .limit(PAGE + 1)
    )
    return page


def counts(views: Sequence[View], person: Person, queue_ids: Sequence[int]) -> Select[Any]:
    """One row with the length of each view, counted up to `COUNTED`."""
    return select(*[_capped(view, person, queue_ids, []).label(view.name) for view in views])


def newer(
    view: View, person: Person, queue_ids: Sequence[int], filters: Filters, ticket_id: int
) -> Select[Any]:
    """How many of a view were opened after this ticket, counted up to `COUNTED`."""
    return select(_capped(view, person, queue_ids, [*filters.conditions(), Ticket.id > ticket_id]))


def newest_id() -> Select[Any]:
    """The ticket opened last in the centre; newer ones have greater ids."""
    return select(func.max(Ticket.id)).where(Ticket.centre_id == current_centre())


def found(
    ids: Sequence[int], citizen_ids: Sequence[int], reference: str | None, person: Person
) -> Any:
    """Search results, the exact reference first, then the newest; with whether content is theirs.

    Words of a text answer only where the text may be read: that a word matched would tell what it
    says. A citizen's requests elsewhere in the centre are known of by reference, topic and dates.
    """
    may_read = content_is_for(person)
    by_reference = Ticket.reference == reference if reference else literal(value=False)
    matches = [
        and_(Ticket.id == any_(cast(list(ids), ARRAY(BigInteger))), may_read),
        Ticket.citizen_id.in_(citizen_ids),
        by_reference,
    ]
    return (
        known_to(person)
        .where(or_(*matches))
        .with_only_columns(Ticket, Citizen, Topic, Person.name, *_with_expert(), may_read)
        .outerjoin(Citizen, _citizen_of_ticket())
        .outerjoin(Topic, _topic_of_ticket())
        .outerjoin(Person, _assignee_of_ticket())
        .order_by(by_reference.desc(), Ticket.id.desc())
    )


def _rows() -> Any:
    return (
        select(Ticket, Citizen, Topic, Person.name, *_with_expert())
        .outerjoin(Citizen, _citizen_of_ticket())
        .outerjoin(Topic, _topic_of_ticket())
        .outerjoin(Person, _assignee_of_ticket())
    )


def _with_expert() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return with_referent(), late()


def _citizen_of_ticket() -> ColumnElement[bool]:
    return and_(Citizen.centre_id == Ticket.centre_id, Citizen.id == Ticket.citizen_id)


def _topic_of_ticket() -> ColumnElement[bool]:
    return and_(Topic.centre_id == Ticket.centre_id, Topic.id == Ticket.topic_id)


def _assignee_of_ticket() -> ColumnElement[bool]:
    return and_(Person.centre_id == Ticket.centre_id, Person.id == Ticket.assigned_to)


@dataclass(frozen=True)
class _Source:
    """Where some tickets of a view are: in each of these queues, or held by one person."""

    where: list[ColumnElement[bool]]
    queue_ids: Sequence[int] | None = None

    def limit(
        self,
        most: int,
        conditions: list[ColumnElement[bool]],
        order: tuple[ColumnElement[Any], ...] = (),
    ) -> Subquery:
        """The ids of the first `most` of each queue, or of all that are held."""
        walk = select(Ticket.id).where(*self.where, *conditions).order_by(*order).limit(most)
        if self.queue_ids is None:
            return walk.subquery()
        wanted = cast(list(self.queue_ids), ARRAY(BigInteger))
        each = func.unnest(wanted).table_valued(column("id", BigInteger), name="each")
        each = each.render_derived()
        one = walk.where(Ticket.queue_id == each.c.id).correlate(each).lateral()
        return select(one.c.id).select_from(each).join(one, true()).subquery()


def _sources(view: View, person: Person, queue_ids: Sequence[int]) -> list[_Source]:
    """The queues, and what the person holds beyond them: no ticket is in both."""
    centre = Ticket.centre_id == person.centre_id
    held = [centre, Ticket.assigned_to == person.id]
    if view.is_mine:
        return [_Source(held)]
    beyond = or_(Ticket.queue_id.is_(None), Ticket.queue_id.not_in(queue_ids))
    return [_Source([centre], queue_ids), _Source([*held, beyond])]


def _ordered(order: Order) -> tuple[ColumnElement[Any], ...]:
    if order is Order.DUE_FIRST:
        return Ticket.due_at.asc(), Ticket.id.asc()
    return Ticket.updated_at.desc(), Ticket.id.desc()


def _beyond(order: Order, after: Place) -> ColumnElement[bool]:
    if order is Order.DUE_FIRST:
        return tuple_(Ticket.due_at, Ticket.id) > tuple_(literal(after.at), literal(after.id))
    return tuple_(Ticket.updated_at, Ticket.id) < tuple_(literal(after.at), literal(after.id))


def _walks(
    view: View,
    person: Person,
    queue_ids: Sequence[int],
    narrowed: list[ColumnElement[bool]],
    most: int,
    order: tuple[ColumnElement[Any], ...] = (),
) -> list[Subquery]:
    return [
        source.limit(most, [*branch, *narrowed], order)
        for source in _sources(view, person, queue_ids)
        for branch in view.branches(person, clock.now())
    ]


def _capped(
    view: View, person: Person, queue_ids: Sequence[int], narrowed: list[ColumnElement[bool]]
) -> Any:
    walks = _walks(view, person, queue_ids, narrowed, COUNTED)
    some = union_all(*[select(each.c.id) for each in walks]).limit(COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
