"""One queue's day, and the visits behind each figure."""

from datetime import date, datetime

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.languages import zone
from contactcenter.queues.models import Queue, Visit
from contactcenter.reports import all_figures, queries, visit_list, words
from contactcenter.reports import day as days
from contactcenter.reports.visit_list import Behind

blueprint = Blueprint("reports", __name__)


@blueprint.app_template_filter("percent")
def percent(share: float | None) -> str:
    return words.percent(share)


@blueprint.app_template_filter("month")
def month(day: date) -> str:
    return words.month(day)


@blueprint.app_template_filter("decimal")
def decimal(value: float) -> str:
    return words.decimal(value)


@blueprint.app_template_filter("clock_seconds")
def clock_seconds(at: datetime) -> str:
    """The hour of data, to the second."""
    return at.astimezone(zone()).strftime("%H:%M:%S")


@blueprint.app_template_filter("hour_word")
def hour_word(at: datetime) -> str:
    """A whole hour under an axis."""
    return _("%(hour)d h", hour=at.astimezone(zone()).hour)


@blueprint.get("/board/queues/<int:queue_id>")
@requires(Permission.SEE_BOARDS)
def show_queue(queue_id: int) -> ResponseReturnValue:
    shown = days.look(g.centre, queue_named(queue_id), visit_list.asked_day())
    return render_template(
        "reports/day.html",
        shown=shown,
        endings=words.outcomes(),
        gave_up_word=words.gave_up(shown.figures),
        half_hour=days.HALF_HOUR,
    )


@blueprint.get("/board/queues/<int:queue_id>/figures")
@requires(Permission.SEE_BOARDS)
def show_figures(queue_id: int) -> ResponseReturnValue:
    queue = queue_named(queue_id)
    shown = all_figures.look(g.centre, queue, visit_list.asked_day())
    return render_template("reports/figures.html", shown=shown)


@blueprint.get("/board/queues/<int:queue_id>/visits")
@requires(Permission.SEE_BOARDS)
def show_visits(queue_id: int) -> ResponseReturnValue:
    return visit_list.page(_behind(queue_id))


@blueprint.get("/board/queues/<int:queue_id>/day.csv")
@requires(Permission.SEE_BOARDS)
def show_visits_csv(queue_id: int) -> ResponseReturnValue:
    return visit_list.table(_behind(queue_id))


@blueprint.get("/board/queues/<int:queue_id>/day.parquet")
@requires(Permission.SEE_BOARDS)
def show_visits_parquet(queue_id: int) -> ResponseReturnValue:
    return visit_list.parquet(_behind(queue_id))


def queue_named(queue_id: int) -> Queue:
    queue: Queue | None = db.session.scalar(queries.queue(queue_id))
    if queue is None:
        raise NotFound(_("Cette file n’existe pas."))
    return queue


def _behind(queue_id: int) -> Behind:
    """The visits of one queue behind one figure of a window, or all those of a day."""
    queue = queue_named(queue_id)
    start, end = visit_list.asked_window()
    day = start.astimezone(zone()).date()
    return Behind(
        among=Visit.queue_id == queue.id,
        named=queue.name,
        back=url_for("reports.show_queue", queue_id=queue.id, day=day.isoformat()),
        endpoint="reports.show_visits",
        file_name=f"file-{queue.id}",
        figure=visit_list.asked_figure(),
        start=start,
        end=end,
        asked={"queue_id": queue.id},
    )
