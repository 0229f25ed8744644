"""What the search of the desk asks of requests, each by an index of its own.

So a word that stands in every request costs no more than a rare one.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, any_, cast, column, func, select, true

from contactcenter.accounts.models import Person
from contactcenter.desk.filters import Filters
from contactcenter.desk.queries import rows_with
from contactcenter.escalation.queries import late, with_referent
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import content_is_for, known_to


def readable(ids: Sequence[int], person: Person, filters: Filters) -> Select[Any]:
    """Those of these requests whose content is for this person."""
    return select(Ticket.id).where(
        Ticket.centre_id == person.centre_id,
        Ticket.id == any_(_numbers(ids)),
        content_is_for(person),
        *filters.conditions(person.id),
    )


def of_citizens(
    citizen_ids: Sequence[int],
    person: Person,
    filters: Filters,
    *,
    below: int,
    most: int,
    is_read: bool = False,
) -> Select[Any]:
    """Ids of the newest requests of each of these citizens, known of in the whole centre.

    With `is_read` only those whose content is for this person.
    """
    each = func.unnest(_numbers(citizen_ids)).table_valued(column("id", BigInteger), name="each")
    each = each.render_derived()
    read = [content_is_for(person)] if is_read else []
    newest = (
        known_to(person)
        .with_only_columns(Ticket.id)
        .where(
            Ticket.citizen_id == each.c.id,
            Ticket.id < below,
            *read,
            *filters.conditions(person.id),
        )
        .order_by(Ticket.id.desc())
        .limit(most)
        .correlate(each)
        .lateral()
    )
    return select(newest.c.id).select_from(each).join(newest, true())


def with_references(references: Sequence[str], person: Person, filters: Filters) -> Select[Any]:
    return (
        known_to(person)
        .with_only_columns(Ticket.id)
        .where(Ticket.reference.in_(references), *filters.conditions(person.id))
        .order_by(Ticket.id.desc())
    )


def lines(ids: Sequence[int], person: Person) -> Select[Any]:
    """What is shown of these requests, with whether their content is for this person."""
    return (
        rows_with(with_referent(), late(), content_is_for(person))
        .where(Ticket.centre_id == person.centre_id, Ticket.id == any_(_numbers(ids)))
        .order_by(Ticket.id.desc())
    )


def _numbers(ids: Sequence[int]) -> Any:
    return cast(list(ids), ARRAY(BigInteger))
