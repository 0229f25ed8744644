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
    start = queries.moment(request.args.get("from", ""), "from")
    end = queries.moment(request.args.get("to", ""), "to")
    return jsonify(measures.window_figures(g.person.centre_id, start, end, g.centre.timezone))
