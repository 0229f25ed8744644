"""The end of a call nobody answered, and of a day: each visit keeps one honest outcome.

At the end of a day, half an hour after closing, who still waits was not received: `timeout`. Who
is still shown as received or set aside has long gone: their visit ends, their request stays open.
"""

from datetime import datetime

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.models import Site
from contactcenter.directory.rules import Hours, is_open
from contactcenter.directory.stored_hours import read_hours
from contactcenter.intake.counter import queries
from contactcenter.intake.counter.actions import CALLS_BEFORE_ABSENT
from contactcenter.intake.counter.rules import GRACE, last_day_ended
from contactcenter.queues import actions as queues
from contactcenter.queues.models import Queue, Visit, VisitState
from contactcenter.queues.outcomes import Outcome

MOST_AT_ONCE = 100


def let_unanswered_calls_go() -> None:
    """Twice called and not there is gone; called once, they wait on at their place."""
    for visit in db.session.scalars(queries.calls_run_out(clock.now(), MOST_AT_ONCE)):
        if visit.calls < CALLS_BEFORE_ABSENT:
            queues.release(visit, reason=_("Appelé une fois, ne s’est pas présenté"))
        else:
            queues.leave(visit, Outcome.ABANDONED, reason=_("Appelé, ne s’est pas présenté"))


def end_days() -> None:
    now = clock.now()
    for site in db.session.scalars(queries.sites_with_visits(now - GRACE)):
        ended = last_day_ended(_hours(site), now)
        if ended is not None:
            _end_day(site.id, ended)


def _end_day(site_id: int, ended: datetime) -> None:
    for visit in db.session.scalars(queries.visits_before(site_id, ended, MOST_AT_ONCE)):
        if visit.state in (VisitState.SERVING, VisitState.PARKED):
            queues.finish(visit)
        else:
            _end_wait(visit)


def is_closed(centre_id: int, queue_id: int) -> bool:
    """Whether the place of a queue is closed now; one without hours of its own never is."""
    queue = db.session.get_one(Queue, (centre_id, queue_id))
    if queue.site_id is None:
        return False
    hours = _hours(db.session.get_one(Site, (centre_id, queue.site_id)))
    return bool(hours.weekly or hours.extra) and not is_open(hours, clock.now())


def _end_wait(visit: Visit) -> None:
    if visit.state is VisitState.RESERVED:
        queues.release(visit)
    queues.leave(visit, Outcome.TIMEOUT, reason=_("Fermeture avant d’être reçu"))


def _hours(site: Site) -> Hours:
    return read_hours(site.hours, timezone=site.timezone, country=site.country, region=site.region)
