"""Work that wears people out, by queue: figures of teams of five and more, in order of names."""

from datetime import timedelta

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
from contactcenter.queues.window import window_rows, window_sessions

OVER = timedelta(days=7)


@blueprint.get("/strain")
@requires(Permission.PLAN_WORK)
def show_strain() -> ResponseReturnValue:
    queues = db.session.scalars(queries.queues(*IN_LINE)).all()
    return render_template(
        "planning/strain.html",
        teams=[(queue, _strain_of(queue)) for queue in queues],
        days=OVER.days,
        smallest=SMALLEST_TEAM,
    )


def _strain_of(queue: Queue) -> Strain | None:
    end = clock.now()
    start = end - OVER
    rehearsal = g.centre.rehearsing
    rows = window_rows(g.centre.id, start, end, queue_id=queue.id, include_rehearsal=rehearsal)
    sessions = window_sessions(g.centre.id, start, end, queue_id=queue.id)
    return strain(sessions, rows, ticks(start), ticks(end))
