"""Work a list off: after the last move on a request, the next one in the list's order."""

from dataclasses import dataclass, replace
from typing import Any

from flask import g

from contactcenter.desk import listing, queries
from contactcenter.desk.listing import Asked
from contactcenter.desk.queries import COUNTED, Place, Reader, Wanted
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Progress:
    """The `turn`th request of so many; `is_bounded` says that there are more than were counted."""

    turn: int
    total: int
    is_bounded: bool
    following: dict[str, Any]
    leaving: dict[str, Any]


def progress(asked: Asked) -> Progress | None:
    """None for who has a request open by itself."""
    if not asked.turn or asked.words:
        return None
    reader = Reader(g.person, list(listing.own_queues(g.person)))
    left = queries.remaining(_after(asked), reader)
    return Progress(
        turn=asked.turn,
        total=asked.turn + left,
        is_bounded=left >= COUNTED,
        following=asked.kept,
        leaving=asked.but_place,
    )


def following(asked: Asked, reader: Reader) -> Ticket | None:
    """The first request of a list after the place where one is; from its beginning at first."""
    wanted = _after(asked)
    while True:
        end = queries.horizon(wanted, reader)
        rows = queries.listed(replace(wanted, upto=end), reader)
        if rows or end is None:
            return rows[0][0] if rows else None
        wanted = replace(wanted, after=end)


def turned_to(asked: Asked, ticket: Ticket) -> Asked:
    place = listing.place_of(ticket, asked.sort)
    return replace(asked, after="", turn=asked.turn + 1, at=str(place or ""))


def _after(asked: Asked) -> Wanted:
    return replace(asked.wanted, after=Place.parse(asked.at))
