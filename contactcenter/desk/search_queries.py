"""What the search of the desk asks of requests, each by an index of its own.

So a word that stands in every request costs no more than a rare one. A statement is built once for
each set of filters; its values are given anew.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    any_,
    bindparam,
    column,
    func,
    select,
    true,
)

from contactcenter.accounts.permissions import Permission
from contactcenter.accounts.queries import AGENT
from contactcenter.db import db
from contactcenter.desk.filters import CONDITIONS, Filters
from contactcenter.desk.queries import Reader, rows_with
from contactcenter.desk.views import NOW
from contactcenter.desk.walks import IDS
from contactcenter.escalation.queries import late, with_referent
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import content_is_for, known_to

BELOW = bindparam("below", type_=BigInteger)
MOST = bindparam("most", type_=BigInteger)
CITIZENS = bindparam("citizens", type_=ARRAY(BigInteger))
REFERENCES = bindparam("references", type_=ARRAY(Text))


def readable(ids: Sequence[int], reader: Reader, filters: Filters) -> list[int]:
    """Those of these requests whose content is for this person."""
    return _ids(_readable(_names(filters)), reader, filters, ids=list(ids))


def of_citizens(
    citizen_ids: Sequence[int],
    reader: Reader,
    filters: Filters,
    *,
    below: int,
    most: int,
    is_read: bool = False,
) -> list[int]:
    """Ids of the newest requests of each of these citizens, known of in the whole centre.

    With `is_read` only those whose content is for this person.
    """
    statement = _of_citizens(_names(filters), is_read=is_read)
    return _ids(statement, reader, filters, citizens=list(citizen_ids), below=below, most=most)


def with_references(references: Sequence[str], reader: Reader, filters: Filters) -> list[int]:
    statement = _with_references(_names(filters))
    return _ids(statement, reader, filters, references=list(references))


def lines(ids: Sequence[int], reader: Reader) -> list[Any]:
    """What is shown of these requests, with whether their content is for this person."""
    if not (ids and reader.person.may(Permission.WORK_TICKETS)):
        return []
    return list(db.session.execute(_lines(), reader.values(Filters(), ids=list(ids))))


def _ids(statement: Select[Any], reader: Reader, filters: Filters, **given: Any) -> list[int]:
    """Statements that are kept speak of whoever may work on requests."""
    if not reader.person.may(Permission.WORK_TICKETS):
        return []
    return list(db.session.scalars(statement, reader.values(filters, **given)))


@lru_cache(maxsize=256)
def _readable(narrowed: tuple[str, ...]) -> Select[Any]:
    these = [Ticket.centre_id == AGENT.centre_id, Ticket.id == any_(IDS)]
    return select(Ticket.id).where(*these, content_is_for(AGENT, NOW), *_conditions(narrowed))


@lru_cache(maxsize=256)
def _of_citizens(narrowed: tuple[str, ...], *, is_read: bool) -> Select[Any]:
    each = func.unnest(CITIZENS).table_valued(column("id", BigInteger), name="each")
    each = each.render_derived()
    read = [content_is_for(AGENT, NOW)] if is_read else []
    newest = (
        known_to(AGENT)
        .with_only_columns(Ticket.id)
        .where(Ticket.citizen_id == each.c.id, Ticket.id < BELOW, *read, *_conditions(narrowed))
        .order_by(Ticket.id.desc())
        .limit(MOST)
        .correlate(each)
        .lateral()
    )
    return select(newest.c.id).select_from(each).join(newest, true())


@lru_cache(maxsize=256)
def _with_references(narrowed: tuple[str, ...]) -> Select[Any]:
    return (
        known_to(AGENT)
        .with_only_columns(Ticket.id)
        .where(Ticket.reference == any_(REFERENCES), *_conditions(narrowed))
        .order_by(Ticket.id.desc())
    )


@lru_cache(maxsize=1)
def _lines() -> Select[Any]:
    return (
        rows_with(with_referent(), late(NOW), content_is_for(AGENT, NOW))
        .where(Ticket.centre_id == AGENT.centre_id, Ticket.id == any_(IDS))
        .order_by(Ticket.id.desc())
    )


def _names(filters: Filters) -> tuple[str, ...]:
    return tuple(filters.given(0))


def _conditions(narrowed: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [CONDITIONS[name](Ticket, bindparam(name)) for name in narrowed]
