"""One queue's day, and the visits behind each figure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid, NotFound
from contactcenter.languages import zone
from contactcenter.queues.conditions import FIGURES
from contactcenter.queues.measures import day_of
from contactcenter.queues.models import Queue
from contactcenter.reports import day as days
from contactcenter.reports import export, queries, words
from contactcenter.reports.tables import as_parquet

blueprint = Blueprint("reports", __name__)

A_PAGE = 50


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
    shown = days.look(g.centre, queue_named(queue_id), _asked_day())
    return render_template(
        "reports/day.html",
        shown=shown,
        endings=words.outcomes(),
        gave_up_word=words.gave_up(shown.figures),
        half_hour=days.HALF_HOUR,
    )


@blueprint.get("/board/queues/<int:queue_id>/visits")
@requires(Permission.SEE_BOARDS)
def show_visits(queue_id: int) -> ResponseReturnValue:
    queue = queue_named(queue_id)
    figure = request.args.get("figure", "offered")
    start, end = _window()
    wanted = _visits(queue, figure, start, end)
    place = _place()
    if place:
        wanted = queries.after(wanted, *place)
    rows = db.session.execute(wanted.limit(A_PAGE + 1)).all()
    day = start.astimezone(zone()).date()
    return render_template(
        "reports/visits.html",
        queue=queue,
        figure=figure,
        figures=words.figures(),
        endings=words.endings(),
        about=words.about,
        rows=rows[:A_PAGE],
        start=start,
        end=end,
        day=day,
        whole_day=(start, end) == day_of(day, g.centre.timezone),
        page={"next": _next(queue, figure, start, end, rows), "previous": None, "summary": None},
    )


@blueprint.get("/board/queues/<int:queue_id>/day.csv")
@requires(Permission.SEE_BOARDS)
def show_day_csv(queue_id: int) -> ResponseReturnValue:
    """The visits of one day, or with `figure` those behind one figure of a window."""
    queue = queue_named(queue_id)
    figure = request.args.get("figure", "")
    start, end = _window()
    every = _visits(queue, figure or "offered", start, end)
    day = start.astimezone(zone()).date()
    return Response(
        export.day_csv(db.session.execute(every), zone()),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="file-{queue.id}-{day.isoformat()}.csv"'
        },
    )


@blueprint.get("/board/queues/<int:queue_id>/day.parquet")
@requires(Permission.SEE_BOARDS)
def show_day_parquet(queue_id: int) -> ResponseReturnValue:
    """The same visits for programs that compute with them."""
    queue = queue_named(queue_id)
    start, end = _window()
    every = _visits(queue, request.args.get("figure") or "offered", start, end)
    name = f"file-{queue.id}-{start.astimezone(zone()).date().isoformat()}"
    return as_parquet(name, export.day_parquet(db.session.execute(every)))


def queue_named(queue_id: int) -> Queue:
    queue: Queue | None = db.session.scalar(queries.queue(queue_id))
    if queue is None:
        raise NotFound(_("Cette file n’existe pas."))
    return queue


def _visits(queue: Queue, figure: str, start: datetime, end: datetime) -> queries.Rows:
    if figure not in FIGURES:
        raise NotFound(_("Ce chiffre n’existe pas."))
    return queries.visits_behind(
        queue.id, figure, start, end, clock.now(), include_rehearsal=g.centre.rehearsing
    )


def _asked_day() -> date | None:
    written = request.args.get("day", "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise Invalid(_("Écrivez le jour ainsi : 2026-03-17.")) from None


def _window() -> tuple[datetime, datetime]:
    """From `from` to `to`, or the day asked for, or today."""
    written = request.args.get("from", ""), request.args.get("to", "")
    if not all(written):
        return day_of(_asked_day() or clock.now().astimezone(zone()).date(), g.centre.timezone)
    start, end = (_moment(each) for each in written)
    return start, end


def _moment(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise Invalid(_("Écrivez le moment ainsi : 2026-03-17T08:00.")) from None
    return at if at.tzinfo else at.replace(tzinfo=zone())


def _place() -> tuple[datetime, int] | None:
    """After which visit the page goes on."""
    at, _mark, visit_id = request.args.get("after", "").rpartition(" ")
    return (
        (_moment(at), int(visit_id)) if at and visit_id.isdecimal() and len(visit_id) < 19 else None
    )


def _next(
    queue: Queue, figure: str, start: datetime, end: datetime, rows: Sequence[Any]
) -> str | None:
    if len(rows) <= A_PAGE:
        return None
    last = rows[A_PAGE - 1].Visit
    window: dict[str, Any] = {"from": start.isoformat(), "to": end.isoformat()}
    return url_for(
        "reports.show_visits",
        queue_id=queue.id,
        figure=figure,
        after=f"{last.entered_at.isoformat()} {last.id}",
        **window,
    )
