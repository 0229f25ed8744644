"""Until when what nobody stands in line for should be answered: the target, in open hours.

A letter that comes on Friday evening has not been waiting on Sunday: its target runs in the hours
of the site that answers it, a question's in those of the team.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, select

from contactcenter.db import current_centre, db
from contactcenter.directory.calendars import USUAL, hours_of
from contactcenter.directory.models import Site, Team
from contactcenter.directory.rules import Hours, add_open_time, open_time_between
from contactcenter.languages import zone
from contactcenter.queues.models import UNHURRIED, Queue


def due_of(queue: Queue, entered_at: datetime) -> datetime | None:
    """When the target of this queue runs out; None where people wait, for whom it never pauses."""
    if queue.kind not in UNHURRIED:
        return None
    target = timedelta(seconds=queue.threshold_seconds)
    return add_open_time(_calendars([queue.id])[queue.id], entered_at, target)


def overdue_seconds(due: Mapping[int, datetime], now: datetime) -> dict[int, float]:
    """By queue, the open time that has passed since its earliest target ran out."""
    late = {queue_id: at for queue_id, at in due.items() if at < now}
    if not late:
        return {}
    calendars = _calendars(late)
    return {
        queue_id: open_time_between(calendars[queue_id], at, now).total_seconds()
        for queue_id, at in late.items()
    }


def _calendars(queue_ids: Iterable[int]) -> dict[int, Hours]:
    """Of each queue's team, else of its site, else office hours of the centre."""
    asked = (
        select(Queue.id, Team, Site)
        .outerjoin(Team, and_(Team.centre_id == Queue.centre_id, Team.id == Queue.team_id))
        .outerjoin(Site, and_(Site.centre_id == Queue.centre_id, Site.id == Queue.site_id))
        .where(Queue.centre_id == current_centre(), Queue.id.in_(list(queue_ids)))
    )
    with db.session.no_autoflush:  # what else waits to be written is written with its visit
        rows = db.session.execute(asked).all()
    return {queue_id: _hours(team or site) for queue_id, team, site in rows}


def _hours(place: Site | Team | None) -> Hours:
    return hours_of(place) if place else Hours(weekly=USUAL, timezone=zone().key)
