"""Put who is being served on hold, take them back, and how long they were held."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, func, select, update

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Conflict
from contactcenter.events import announce
from contactcenter.queues.events import TalkHeld, TalkResumed
from contactcenter.queues.hold_models import Hold
from contactcenter.queues.models import Visit, VisitState

# Of a visit, in a statement: all its holds together, zero for none.
HELD: ColumnElement[timedelta] = func.coalesce(
    select(func.sum(Hold.ended_at - Hold.began_at, type_=Interval()))
    .where(Hold.centre_id == Visit.centre_id, Hold.visit_id == Visit.id)
    .correlate(Visit)
    .scalar_subquery(),
    timedelta(0),
    type_=Interval(),
)


def hold(visit: Visit, *, by: Person) -> None:
    """Begin to hold; who is held already stays so. The visit is locked by the caller."""
    if visit.state is not VisitState.SERVING:
        raise Conflict
    if held_since(visit) is None:
        db.session.add(Hold(visit_id=visit.id, began_at=clock.now()))
        announce(TalkHeld(**_named(visit), person_id=by.id))


def take_back(visit: Visit, *, by: Person) -> None:
    """The talk goes on; of who is not held nothing changes."""
    if end(visit, clock.now()):
        announce(TalkResumed(**_named(visit), person_id=by.id))


def end(visit: Visit, at: datetime) -> bool:
    """Whether a hold of it was under way and ends now."""
    ended = db.session.execute(
        update(Hold)
        .where(
            Hold.centre_id == visit.centre_id, Hold.visit_id == visit.id, Hold.ended_at.is_(None)
        )
        .values(ended_at=func.greatest(at, Hold.began_at))
        .returning(Hold.id)
    )
    return ended.first() is not None


def held_since(visit: Visit) -> datetime | None:
    return db.session.scalar(
        select(Hold.began_at).where(
            Hold.centre_id == visit.centre_id, Hold.visit_id == visit.id, Hold.ended_at.is_(None)
        )
    )


def _named(visit: Visit) -> dict[str, Any]:
    named = {"visit_id": visit.id, "queue_id": visit.queue_id}
    return named if visit.ticket_id is None else named | {"ticket_id": visit.ticket_id}
