"""Lines nobody on duty can serve: what is asked there, and how many could if they were here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from contactcenter.db import db
from contactcenter.queues.queries import SEEN_WITHIN


@dataclass(frozen=True)
class Unfit:
    """Those in one queue who need the same and whom nobody on duty can serve."""

    queue_id: int
    needs: tuple[int, ...]
    waiting: int
    able: int  # members of the queue who have what it takes, off duty


def unfit_lines(centre_id: int, queue_ids: Sequence[int], now: datetime) -> list[Unfit]:
    """On duty is who says to be ready and gave a sign of life; one statement, for boards.

    Whoever serves at a site serves the counter queues of it.
    """
    asked = {
        "centre": centre_id,
        "queues": list(queue_ids),
        "now": now,
        "since": now - SEEN_WITHIN,
    }
    return [
        Unfit(row.queue_id, tuple(row.needs), row.waiting, row.able)
        for row in db.session.execute(_UNFIT, asked)
    ]


# The number who wait is that of the line, read by the index; it is asked for what is unfit alone.
_UNFIT = text(
    "WITH fit AS MATERIALIZED ("
    " SELECT l.queue_id, l.needs, count(DISTINCT m.person_id) AS able,"
    "  bool_or(p.status = 'ready' AND p.seen_at > :since) AS is_served"
    " FROM (SELECT DISTINCT w.queue_id, w.needs FROM waiting_lines(:queues) AS w"
    "  WHERE w.needs <> '{}') AS l"
    " JOIN queues q ON q.centre_id = :centre AND q.id = l.queue_id"
    " LEFT JOIN memberships m ON m.centre_id = :centre AND (m.queue_id = l.queue_id"
    "   OR q.kind = 'counter' AND m.site_id = q.site_id)"
    "  AND level_of(m.person_id, l.queue_id, l.needs, :now) IS NOT NULL"
    " LEFT JOIN presences p ON p.centre_id = :centre AND p.person_id = m.person_id"
    " GROUP BY l.queue_id, l.needs)"
    " SELECT f.queue_id, f.needs, f.able, (SELECT count(*) FROM visits v"
    "  WHERE v.centre_id = :centre AND v.queue_id = f.queue_id AND v.state = 'waiting'"
    "  AND v.wanted_person_id IS NULL AND v.needs = f.needs) AS waiting"
    " FROM fit f WHERE f.is_served IS NOT TRUE ORDER BY f.queue_id, f.needs"
).bindparams(
    bindparam("centre", type_=BigInteger),
    bindparam("queues", type_=ARRAY(BigInteger)),
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("since", type_=DateTime(timezone=True)),
)
