"""The topics of the centre by name, in the language of the page."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import g

from contactcenter.db import db
from contactcenter.desk import records
from contactcenter.languages import language


@dataclass(frozen=True)
class TopicNames:
    """`all` has those no longer in use too; `choices` has the others, in order of the alphabet."""

    all: dict[int, str]
    choices: list[tuple[int, str]]


def topic_names() -> TopicNames:
    rows = _rows(g.centre.id, g.centre.directory_version)
    spoken = language()
    named = {row.id: str(row.label.get(spoken) or row.label["fr"]) for row in rows}
    active = [(row.id, named[row.id]) for row in rows if row.is_active]
    return TopicNames(named, sorted(active, key=lambda each: each[1].casefold()))


@lru_cache(maxsize=64)
def _rows(_centre_id: int, _version: int) -> list[Any]:
    """Kept for as long as the centre's directory stays the same."""
    return list(db.session.execute(records.topic_labels()))
