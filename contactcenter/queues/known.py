"""The queues of a centre with the hours their targets run in, kept while its directory stays so."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select

from contactcenter.db import current_centre, db
from contactcenter.directory.calendars import USUAL, hours_of
from contactcenter.directory.keeping import kept, this_centre
from contactcenter.directory.models import Site, Team
from contactcenter.directory.rules import Hours
from contactcenter.queues.models import Queue


@dataclass(frozen=True)
class KnownQueue:
    """A queue that no session follows: to be read, never changed."""

    row: Queue
    hours: Hours  # of its team, else of its site, else office hours of the centre


def known_queue(queue_id: int) -> KnownQueue | None:
    return known_queues().get(queue_id) or _read().get(queue_id)  # made in this transaction


def _read() -> Mapping[int, KnownQueue]:
    asked = (
        select(Queue, Team, Site)
        .outerjoin(Team, and_(Team.centre_id == Queue.centre_id, Team.id == Queue.team_id))
        .outerjoin(Site, and_(Site.centre_id == Queue.centre_id, Site.id == Queue.site_id))
        .where(Queue.centre_id == current_centre())
        .order_by(Queue.name)
    )
    timezone = this_centre().timezone
    return {
        queue.id: KnownQueue(Queue(**_columns(queue)), _hours(team or site, timezone))
        for queue, team, site in db.session.execute(asked)
    }


known_queues = kept(_read)  # by id, in the order of their names


def _columns(queue: Queue) -> dict[str, object]:
    return {column.name: getattr(queue, column.name) for column in Queue.__table__.columns}


def _hours(place: Site | Team | None, timezone: str) -> Hours:
    return hours_of(place) if place else Hours(weekly=USUAL, timezone=timezone)
