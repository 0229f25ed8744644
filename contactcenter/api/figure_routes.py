"""The addresses of figures: a queue now, and every queue in a window."""

from flask import Response, g, jsonify, request

from contactcenter.api import queries
from contactcenter.api.access import scoped
from contactcenter.api.routes import blueprint
from contactcenter.queues import measures


@blueprint.get("/queues/<int:queue_id>/load")
@scoped("queues:read")
def show_load(queue_id: int) -> Response:
    return jsonify(measures.load_now(queries.queue(queue_id)))


@blueprint.get("/metrics/queues")
@scoped("metrics:read")
def show_metrics() -> Response:
    """Rehearsal is left out, unless `rehearsal=true` asks for it."""
    start, end = queries.window(request.args.get("from", ""), request.args.get("to", ""))
    figures = measures.window_figures(
        g.person.centre_id,
        start,
        end,
        g.centre.timezone,
        include_rehearsal=request.args.get("rehearsal") == "true",
    )
    return jsonify({name: of | {"waiting": of["still_waiting"]} for name, of in figures.items()})
