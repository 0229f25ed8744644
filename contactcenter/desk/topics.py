"""The topics of the centre by name, in the language of the page."""

from dataclasses import dataclass

from contactcenter.db import db
from contactcenter.desk import records
from contactcenter.languages import language


@dataclass(frozen=True)
class TopicNames:
    """`all` has those no longer in use too; `choices` has the others, in order of the alphabet."""

    all: dict[int, str]
    choices: list[tuple[int, str]]


def topic_names() -> TopicNames:
    rows = db.session.execute(records.topic_labels()).all()
    spoken = language()
    named = {row.id: str(row.label.get(spoken) or row.label["fr"]) for row in rows}
    active = [(row.id, named[row.id]) for row in rows if row.is_active]
    return TopicNames(named, sorted(active, key=lambda each: each[1].casefold()))
