"""The first of each line an agent may take from: one statement, whatever the length of the lines.

A line is those of one class and with the same needs in one queue. The index holds them in order,
so that PostgreSQL goes from line to line and reads the first few of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.queues.known_routing import RANKS, KnownRouting, known_routing, weighed
from contactcenter.queues.models import PriorityClass
from contactcenter.queues.rules import Waiting


@dataclass(frozen=True)
class Head:
    """One of the first of a line, with the level at which this agent serves it."""

    visit_id: int
    queue_id: int
    needs: tuple[int, ...]
    level: int
    waiting: Waiting


def heads(person: Person, queue_ids: Sequence[int], now: datetime, depth: int) -> list[Head]:
    """The first `depth` of each line of these queues that this person can serve by now.

    With them come those who wait for this very person, for a while.
    """
    asked = {
        "person": person.id,
        "queues": list(queue_ids),
        "now": now,
        "depth": depth,
    }
    routing = known_routing()
    return [_head(row, routing) for row in db.session.execute(_HEADS, asked)]


def fitting_people(centre_id: int, queue_ids: Sequence[int], now: datetime) -> list[int]:
    """Members of these queues who can serve somebody who waits there now, on duty or not."""
    asked = {"centre": centre_id, "queues": list(queue_ids), "now": now}
    return list(db.session.scalars(_FITTING, asked))


def _head(row: Any, routing: KnownRouting) -> Head:
    rank = RANKS[PriorityClass(row.priority_class)]
    rule = routing.rule(row.queue_id)
    waiting = weighed(rule, row.place, rank, row.overtaken, is_wanted=row.is_wanted)
    return Head(row.id, row.queue_id, tuple(row.needs), row.level, waiting)


_HEADS = text("SELECT * FROM line_heads(:person, :queues, :now, :depth)").bindparams(
    bindparam("person", type_=BigInteger),
    bindparam("queues", type_=ARRAY(BigInteger)),
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("depth", type_=Integer),
)

_FITTING = text(
    "SELECT m.person_id FROM waiting_lines(:queues) AS l"
    " JOIN memberships m ON m.centre_id = :centre AND m.queue_id = l.queue_id"
    " LEFT JOIN routing_rules r ON r.centre_id = :centre AND r.queue_id = l.queue_id"
    " WHERE l.place <= :now - make_interval(secs => level_opens_after("
    "level_of(m.person_id, l.queue_id, l.needs, :now), r.opens_after))"
    " UNION"
    " SELECT v.wanted_person_id FROM visits v"
    " WHERE v.centre_id = :centre AND v.state = 'waiting' AND v.wanted_person_id IS NOT NULL"
    " AND v.wanted_until > :now AND v.queue_id = ANY(:queues)"
).bindparams(
    bindparam("centre", type_=BigInteger),
    bindparam("queues", type_=ARRAY(BigInteger)),
    bindparam("now", type_=DateTime(timezone=True)),
)
