"""Work that wears people out, by queue: figures of teams of five and more, in order of names."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import g, render_template
from flask.typing import ResponseReturnValue

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.planning import queries
from contactcenter.planning.overview import IN_LINE
from contactcenter.planning.routes import blueprint
from contactcenter.queues.models import Queue
from contactcenter.queues.spans import ticks
from contactcenter.queues.strain import SMALLEST_TEAM, Strain, strain
from contactcenter.queues.window import served, window_sessions
from contactcenter.queues.working_time import Served

OVER = timedelta(days=7)


@blueprint.get("/strain")
@requires(Permission.PLAN_WORK)
def show_strain() -> ResponseReturnValue:
    queues = db.session.scalars(queries.queues(*IN_LINE)).all()
    end = clock.now()
    start, rehearsal = end - OVER, g.centre.rehearsing
    everywhere = served(g.centre.id, None, start, end, include_rehearsal=rehearsal)
    return render_template(
        "planning/strain.html",
        teams=[(queue, _strain_of(queue, everywhere, start, end)) for queue in queues],
        days=OVER.days,
        smallest=SMALLEST_TEAM,
    )


def _strain_of(
    queue: Queue, everywhere: Sequence[Served], start: datetime, end: datetime
) -> Strain | None:
    """Of those who serve it, with what they serve in other queues."""
    sessions = window_sessions(g.centre.id, start, end, queue_id=queue.id)
    return strain(sessions, everywhere, ticks(start), ticks(end))
