"""By what a report tells groups apart: their words, and which visits are theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from contactcenter.db import current_centre, db
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.languages import language
from contactcenter.queues.interval_rows import Asked
from contactcenter.queues.models import PriorityClass, Queue, Visit
from contactcenter.reports import overview, queries, words
from contactcenter.reports.disclosure import hidden
from contactcenter.tickets.models import Channel

COLUMNS: dict[str, tuple[Any, Callable[[str], Any]]] = {
    "queue": (Visit.queue_id, whole_number),
    "channel": (Visit.channel, Channel),
    "language": (Visit.language, str),
    "priority_class": (Visit.priority_class, PriorityClass),
    "topic": (Visit.topic_id, whole_number),
    "team": (Visit.team_id, whole_number),
    "site": (Queue.site_id, whole_number),
}


@dataclass(frozen=True)
class Names:
    """The words by which groups are known to people."""

    queues: Mapping[int, str]
    sites: Mapping[int, str]
    topics: Mapping[int, str]
    teams: Mapping[int, str]

    @classmethod
    def read(cls) -> "Names":
        return cls(
            {each.id: each.name for each in db.session.scalars(queries.every_queue())},
            {each.id: each.name for each in db.session.scalars(queries.sites())},
            {key: each.label_in(language()) for key, each in overview.topics().items()},
            {key: f"{of}, {name}" for key, name, of in db.session.execute(queries.teams())},
        )

    def of(self, grouping: str, key: Any) -> str:
        known: dict[str, Mapping[Any, str]] = {
            "queue": self.queues,
            "site": self.sites,
            "topic": self.topics,
            "team": self.teams,
            "channel": words.channels(),
            "language": words.languages(),
            "priority_class": words.priorities(),
        }
        return known[grouping].get(key) or (str(key) if key else _nobody(grouping))


def _nobody(grouping: str) -> str:
    return {"team": _("sans équipe"), "site": _("sans lieu")}.get(grouping, _("inconnu"))


def key_of(grouping: str, written: str) -> Any:
    """The key of a group as an address writes it; nothing is None. Raises NotFound."""
    if grouping not in COLUMNS:
        raise NotFound(_("Ce groupe n’existe pas."))
    try:
        return COLUMNS[grouping][1](written) if written else None
    except ValueError:
        raise NotFound(_("Ce groupe n’existe pas.")) from None


def is_hidden(grouping: str, key: Any, asked: Asked) -> bool:
    """Whether a report of that window would not show this group: then nobody opens it either."""
    found = db.session.execute(queries.count_by(COLUMNS[grouping][0], asked))
    return key in hidden(dict(found.all()))


def visits_of(grouping: str, key: Any, queue_ids: Sequence[int]) -> ColumnElement[bool]:
    """The visits of one group, in these queues."""
    column = COLUMNS[grouping][0]
    among: ColumnElement[bool] = column.is_(None) if key is None else column == key
    if grouping == "site":
        there = select(Queue.id).where(Queue.centre_id == current_centre(), among)
        among = Visit.queue_id.in_(there)
    return Visit.queue_id.in_(queue_ids) & among
