"""The search of the desk: by reference, by words, by citizen; the newest first.

Each way gives at most a page of ids by an index of its own, so that a word that stands in every
request costs no more than a rare one.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, any_, cast, column, func, select, true

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.desk.filters import Filters
from contactcenter.desk.queries import PAGE, rows_with
from contactcenter.escalation.queries import late, with_referent
from contactcenter.tickets import search
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import content_is_for, known_to

# Matches in each look, one after the other; who may read none of so many is told of none.
LOOKS = (200, 800, 3_000)


def with_words(words: str, person: Person, filters: Filters, below: int) -> list[int]:
    """Ids of the newest requests with these words that this person may read: a page and one more.

    Words answer only where the text may be read: that a word matched would tell what it says.
    """
    found: list[int] = []
    for most in LOOKS:
        ids = search.ticket_ids(words, most, below=below)
        found += db.session.scalars(_readable(ids, person, filters))
        if len(found) > PAGE or len(ids) < most:
            break
        below = ids[-1]
    return found


def of_citizens(
    citizen_ids: Sequence[int], person: Person, filters: Filters, below: int
) -> Select[Any]:
    """Ids of the newest requests of each of these citizens, known of in the whole centre."""
    each = func.unnest(_numbers(citizen_ids)).table_valued(column("id", BigInteger), name="each")
    each = each.render_derived()
    newest = (
        known_to(person)
        .with_only_columns(Ticket.id)
        .where(Ticket.citizen_id == each.c.id, Ticket.id < below, *filters.conditions(person.id))
        .order_by(Ticket.id.desc())
        .limit(PAGE + 1)
        .correlate(each)
        .lateral()
    )
    return select(newest.c.id).select_from(each).join(newest, true())


def with_reference(reference: str, person: Person, filters: Filters) -> Select[Any]:
    return (
        known_to(person)
        .with_only_columns(Ticket.id)
        .where(Ticket.reference == reference, *filters.conditions(person.id))
    )


def lines(ids: Sequence[int], person: Person) -> Select[Any]:
    """What is shown of these requests, with whether their content is for this person."""
    return (
        rows_with(with_referent(), late(), content_is_for(person))
        .where(Ticket.centre_id == person.centre_id, Ticket.id == any_(_numbers(ids)))
        .order_by(Ticket.id.desc())
    )


def _readable(ids: Sequence[int], person: Person, filters: Filters) -> Select[Any]:
    return (
        select(Ticket.id)
        .where(
            Ticket.centre_id == person.centre_id,
            Ticket.id == any_(_numbers(ids)),
            content_is_for(person),
            *filters.conditions(person.id),
        )
        .order_by(Ticket.id.desc())
    )


def _numbers(ids: Sequence[int]) -> Any:
    return cast(list(ids), ARRAY(BigInteger))
