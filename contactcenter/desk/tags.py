"""The tags of the centre, and those on the requests that a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import g

from contactcenter.db import db
from contactcenter.teamwork.queries import all_tags, tags_on


@dataclass(frozen=True)
class Tagging:
    """One tag, as it is shown."""

    id: int
    name: str
    colour: str
    is_active: bool


def tags() -> Mapping[int, Tagging]:
    """All of the centre, in order of the alphabet."""
    return _tags(g.centre.id, g.centre.directory_version)


def tag_names() -> dict[int, str]:
    return {tag.id: tag.name for tag in tags().values()}


def on_tickets(ticket_ids: Sequence[int]) -> Mapping[int, list[Tagging]]:
    """By ticket, its tags in order; a centre without tags is asked nothing."""
    known = tags()
    found: dict[int, set[int]] = {}
    if known and ticket_ids:
        for ticket_id, tag_id in db.session.execute(tags_on(ticket_ids)):
            found.setdefault(ticket_id, set()).add(tag_id)
    return {
        ticket_id: [tag for tag in known.values() if tag.id in here]
        for ticket_id, here in found.items()
    }


@lru_cache(maxsize=64)
def _tags(_centre_id: int, _version: int) -> dict[int, Any]:
    """Kept for as long as the centre's directory stays the same."""
    rows = sorted(db.session.scalars(all_tags()), key=lambda tag: tag.name.casefold())
    return {tag.id: Tagging(tag.id, tag.name, tag.colour.value, tag.is_active) for tag in rows}
