"""What triage looks up for each request: a centre's rules, topics, queues and sites.

They change rarely and are read for every request, so a process keeps what it has read under the
version of the centre's directory, which the database itself renews with every change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.directory.rules import Hours
from contactcenter.directory.stored_hours import read_hours
from contactcenter.triage import queries
from contactcenter.triage.rules import Rule

MOST_CENTRES = 50


@dataclass(frozen=True)
class KnownTopic:
    words: Sequence[str]
    queue_id: int | None
    target_minutes: int
    is_active: bool


@dataclass(frozen=True)
class Catalogue:
    version: int
    rules: Sequence[Rule]
    topics: Mapping[int, KnownTopic]
    site_of_queue: Mapping[int, int | None]
    written: Mapping[int, int | None]  # queues for written requests and their sites, by id
    hours: Mapping[int, Hours | None]  # of sites; None where they are not known

    @property
    def words(self) -> dict[int, Sequence[str]]:
        return {topic_id: each.words for topic_id, each in self.topics.items() if each.is_active}

    def usual_queue(self, site_id: int | None) -> int | None:
        """Where written requests wait that name no queue: of that site if it has one."""
        of_site = [queue_id for queue_id, site in self.written.items() if site == site_id]
        return next(iter((*of_site, *self.written)), None)


_kept: dict[int, Catalogue] = {}


def catalogue() -> Catalogue:
    """Of the current centre, as the current transaction may know it."""
    centre = db.session.get_one(Centre, current_centre())
    kept = _kept.get(centre.id)
    if kept is None or kept.version != centre.directory_version:
        if len(_kept) >= MOST_CENTRES:
            _kept.clear()
        kept = _kept[centre.id] = _read(centre.directory_version)
    return kept


def _read(version: int) -> Catalogue:
    queues = db.session.execute(queries.known_queues()).all()
    return Catalogue(
        version=version,
        rules=[Rule(**row._mapping) for row in db.session.execute(queries.rules())],
        topics={row.id: _topic(row) for row in db.session.execute(queries.known_topics())},
        site_of_queue={row.id: row.site_id for row in queues},
        written={row.id: row.site_id for row in queues if row.takes_written},
        hours={row.id: _hours(row) for row in db.session.execute(queries.known_sites())},
    )


def _topic(row: Any) -> KnownTopic:
    listed = (row.label, *row.synonyms.values())
    words = [word for each in listed for word in _words(each)]
    return KnownTopic(words, row.queue_id, row.target_minutes, row.is_active)


def _words(listed: object) -> list[str]:
    if isinstance(listed, dict):
        return [str(word) for word in listed.values()]
    return [str(word) for word in listed] if isinstance(listed, list) else []


def _hours(row: Any) -> Hours | None:
    if not row.hours:
        return None
    return read_hours(row.hours, timezone=row.timezone, country=row.country, region=row.region)
