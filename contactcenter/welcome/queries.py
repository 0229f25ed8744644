"""What a person has already done, read from the history."""

from typing import Any

from sqlalchemy import Select, exists, select

from contactcenter.accounts.models import Person
from contactcenter.events import EventRecord


def kinds_done(person: Person, kinds: list[str]) -> Select[Any]:
    """One row with a truth for each kind of event: whether this person has ever caused one.

    Each is an EXISTS of its own, hence one look at an index, however long their history is.
    """
    asked: list[Any] = [
        exists()
        .where(
            EventRecord.centre_id == person.centre_id,
            EventRecord.person_id == person.id,
            EventRecord.kind == kind,
        )
        .label(kind)
        for kind in kinds
    ]
    return select(*asked)
