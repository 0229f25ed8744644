"""The verbs of the directory: add what is missing, change what is there, and say so."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import IntegrityError

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.events import DirectoryChanged
from contactcenter.directory.models import Topic, TopicTeam
from contactcenter.errors import Conflict
from contactcenter.events import announce


def keep(entry: Any, values: dict[str, Any], *, kind: str, by: Person) -> None:
    """Give an entry these values, new or known, and announce what changed, if anything did.

    Raises Conflict when the name, code, number or address is taken; nothing is changed then.
    """
    is_new = bool(inspect(entry).transient)
    try:
        with db.session.begin_nested():  # what is taken undoes this entry, not the request
            for name, value in values.items():
                setattr(entry, name, value)
            changed = _changed(entry, values)
            db.session.add(entry)
    except IntegrityError as taken:
        raise Conflict from taken
    if changed:
        _tell(entry, kind, by, changed, is_new=is_new)


def remove(entry: Any, *, kind: str, by: Person) -> None:
    """Take an entry away that nothing else names."""
    db.session.delete(entry)
    _tell(entry, kind, by, ["removed"], is_new=False)


def choose_teams(topic: Topic, team_ids: Sequence[int], *, by: Person) -> None:
    """Say which teams answer questions about a topic, best first."""
    of_topic = (TopicTeam.centre_id == topic.centre_id, TopicTeam.topic_id == topic.id)
    known = {
        row.team_id: row.not_in
        for row in db.session.scalars(select(TopicTeam).where(*of_topic).order_by(TopicTeam.rank))
    }
    if list(known) == list(team_ids):
        return
    db.session.execute(delete(TopicTeam).where(*of_topic))
    for rank, team_id in enumerate(team_ids, start=1):
        not_in = known.get(team_id, [])
        db.session.add(TopicTeam(topic_id=topic.id, team_id=team_id, rank=rank, not_in=not_in))
    _tell(topic, "topics", by, ["teams"], is_new=False)


def leave_out(topic: Topic, team_id: int, district: str, *, by: Person) -> None:
    """Say that a team does not answer for a topic in this district."""
    entry = db.session.scalar(
        select(TopicTeam).where(
            TopicTeam.centre_id == topic.centre_id,
            TopicTeam.topic_id == topic.id,
            TopicTeam.team_id == team_id,
        )
    )
    if entry is None or district in entry.not_in:
        return
    entry.not_in = sorted([*entry.not_in, district])
    _tell(topic, "topics", by, ["teams"], is_new=False)


def tell_changed(entry: Any, kind: str, by: Person, changed: Sequence[str]) -> None:
    """Announce that something around a known entry changed."""
    _tell(entry, kind, by, list(changed), is_new=False)


def _changed(entry: Any, values: dict[str, Any]) -> list[str]:
    attributes = inspect(entry).attrs
    return sorted(name for name in values if attributes[name].history.has_changes())


def _tell(entry: Any, kind: str, by: Person, changed: list[str], *, is_new: bool) -> None:
    announce(
        DirectoryChanged(
            person_id=by.id, kind=kind, entry_id=entry.id, is_new=is_new, changed=changed
        )
    )
