"""Verbs of planning: keep the agents of a day, and what is known of days to come."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import NotFound
from contactcenter.languages import zone
from contactcenter.planning import queries
from contactcenter.planning.models import StaffingPlan
from contactcenter.queues import expected
from contactcenter.queues.forecast_models import KnownEvent
from contactcenter.queues.models import Queue
from contactcenter.queues.staffing import Goals


def keep_plan(
    queue: Queue, day: date, agents: Mapping[int, int], goals: Goals, *, by: Person
) -> None:
    """What was typed last holds; a half-hour left empty follows what is needed."""
    values = {
        "centre_id": current_centre(),
        "queue_id": queue.id,
        "day": day,
        "agents": {str(slot): number for slot, number in agents.items()},
        "goals": asdict(goals),
        "made_by": by.id,
        "made_at": clock.now(),
    }
    said = ("agents", "goals", "made_by", "made_at")
    new = insert(StaffingPlan).values(values)
    db.session.execute(
        new.on_conflict_do_update(
            index_elements=["centre_id", "queue_id", "day"],
            set_={name: new.excluded[name] for name in said},
        )
    )


def add_event(
    name: str,
    begins_on: date,
    ends_on: date,
    factor: float,
    queue_ids: Sequence[int],
    *,
    by: Person,
) -> KnownEvent:
    event = KnownEvent(
        name=name,
        begins_on=begins_on,
        ends_on=ends_on,
        factor=factor,
        queue_ids=list(queue_ids),
        made_by=by.id,
        made_at=clock.now(),
    )
    db.session.add(event)
    _forecast_again(event)
    return event


def change_event(
    event: KnownEvent,
    name: str,
    begins_on: date,
    ends_on: date,
    factor: float,
    queue_ids: Sequence[int],
) -> None:
    _forecast_again(event)
    event.name, event.begins_on, event.ends_on = name, begins_on, ends_on
    event.factor, event.queue_ids = factor, list(queue_ids)
    _forecast_again(event)


def remove_event(event: KnownEvent) -> None:
    _forecast_again(event)
    db.session.delete(event)


def _forecast_again(event: KnownEvent) -> None:
    """Days that are over keep what was said of them beforehand."""
    expected.forget_days_from(max(event.begins_on, clock.now().astimezone(zone()).date()))


def event_of(event_id: int) -> KnownEvent:
    """Raise NotFound."""
    event: KnownEvent | None = db.session.scalar(queries.event(event_id))
    if event is None:
        raise NotFound(_("Cet évènement n’existe pas."))
    return event
