"""What a person has already done, read from the history."""

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, exists, select

from contactcenter.events import EventRecord


@lru_cache(maxsize=16)  # the kinds of each role; asked with every page of a first hour
def kinds_done(kinds: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """One row with a truth for each kind of event: whether `person_id` has ever caused one.

    Each is an EXISTS of its own, hence one look at an index, however long their history is.
    """
    by_person = (
        EventRecord.centre_id == bindparam("centre_id", type_=BigInteger),
        EventRecord.person_id == bindparam("person_id", type_=BigInteger),
    )
    return select(*(exists().where(*by_person, EventRecord.kind == kind) for kind in kinds))
