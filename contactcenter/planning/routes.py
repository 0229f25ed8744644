"""What will come and how many agents it takes: every queue on a day, one queue by half-hours."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.languages import date_in_words, duration, zone
from contactcenter.planning import actions, queries
from contactcenter.planning.drawings import band_chart, patience_curve
from contactcenter.planning.experience import MEASURED_OVER, Experience
from contactcenter.planning.export import staffing_csv
from contactcenter.planning.overview import IN_LINE, overview
from contactcenter.planning.staffing_days import StaffingDay, kept_plan, staffing_day
from contactcenter.planning.typed import TypedPlan, typed_day, typed_plan
from contactcenter.planning.written_work import written_work
from contactcenter.queues.models import UNHURRIED, Queue, QueueKind

blueprint = Blueprint("planning", __name__, url_prefix="/planning")

PATIENCE_OF = (*IN_LINE, QueueKind.WRITTEN)
# Shares told, and up to where the mean and the chart go, in seconds.
TOLD = {
    QueueKind.PHONE: (30, 60, 120),
    QueueKind.COUNTER: (300, 900, 1800),
    QueueKind.WRITTEN: (86_400, 3 * 86_400, 7 * 86_400),
}
HORIZONS = {
    QueueKind.PHONE: 600,
    QueueKind.COUNTER: 3600,
    QueueKind.WRITTEN: 14 * 86_400,
}


FINE_UNTIL = 600
LONGEST_PIECE = 10_000  # minutes of work on one letter or question


@blueprint.app_template_filter("day_in_words")
def day_in_words(day: date) -> str:
    return date_in_words(day, "EEEE d MMMM")


@blueprint.app_template_filter("fine_duration")
def fine_duration(seconds: float) -> str:
    """To the second where minutes would say too little."""
    return f"{round(seconds)} s" if seconds < FINE_UNTIL else duration(seconds)


@blueprint.get("")
@requires(Permission.PLAN_WORK)
def list_queues() -> ResponseReturnValue:
    day = asked_day()
    written = db.session.execute(queries.written_queues(played=g.centre.rehearsing)).all()
    return render_template(
        "planning/overview.html", days=overview(g.centre, day), written=written, **_around(day)
    )


@blueprint.get("/queues/<int:queue_id>")
@requires(Permission.PLAN_WORK)
def show_staffing(queue_id: int) -> ResponseReturnValue:
    queue = queue_of(queue_id, *IN_LINE, *UNHURRIED)
    return _written(queue) if queue.kind in UNHURRIED else _page(queue, asked_day())


@blueprint.post("/queues/<int:queue_id>/plan")
@requires(Permission.PLAN_WORK)
def update_plan(queue_id: int) -> ResponseReturnValue:
    queue, day, typed = queue_of(queue_id), asked_day(), typed_plan(request.form)
    if typed.wrong:
        return _page(queue, day, typed), 422
    actions.keep_plan(queue, day, typed.agents, typed.goals, by=g.person)
    flash(_("Le plan est gardé. Ce qui reste vide suit le nombre nécessaire."))
    where = url_for("planning.show_staffing", queue_id=queue.id, **_view(day))
    return redirect(where, 303)


@blueprint.get("/queues/<int:queue_id>/day.csv")
@requires(Permission.PLAN_WORK)
def show_staffing_csv(queue_id: int) -> ResponseReturnValue:
    queue, day = queue_of(queue_id), asked_day()
    shown = look(Experience(g.centre, queue, day), None)
    if shown is None:
        raise NotFound(_("Il n’y a pas encore de prévision pour cette file."))
    return Response(
        staffing_csv(shown),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="plan-{queue.id}-{day.isoformat()}.csv"'
        },
    )


@blueprint.get("/queues/<int:queue_id>/patience")
@requires(Permission.PLAN_WORK)
def show_patience(queue_id: int) -> ResponseReturnValue:
    queue = queue_of(queue_id, *PATIENCE_OF)
    patience, horizon = Experience(g.centre, queue).patience, HORIZONS[queue.kind]
    return render_template(
        "planning/patience.html",
        queue=queue,
        patience=patience,
        told=TOLD[queue.kind],
        horizon=patience.known_until(horizon),
        curve=patience_curve(patience, horizon),
        days=MEASURED_OVER.days,
        is_unhurried=queue.kind in UNHURRIED,
    )


def asked_day() -> date:
    """The day of the address, else tomorrow."""
    tomorrow = clock.now().astimezone(zone()).date() + timedelta(days=1)
    return typed_day(request.values.get("day", ""), tomorrow)


def queue_of(queue_id: int, *kinds: QueueKind) -> Queue:
    """A queue in which people stand in line, unless other kinds are named. Raises NotFound."""
    queue: Queue | None = db.session.scalar(queries.queue(queue_id))
    if queue is None or queue.kind not in (kinds or IN_LINE):
        raise NotFound(_("Cette file n’existe pas."))
    return queue


def look(learnt: Experience, typed: TypedPlan | None) -> StaffingDay | None:
    """The day as the address asks for it, with what was typed or kept."""
    kept = kept_plan(learnt.queue.id, learnt.day)
    agents, goals = (typed.agents, typed.goals) if typed else kept
    return staffing_day(
        learnt,
        agents,
        goals,
        by_curve=request.values.get("law") == "curve",
        ladder_at=request.values.get("at", type=whole_number),
    )


def _written(queue: Queue) -> str:
    """Letters and questions have no patience and no half-hours: a backlog, and deadlines."""
    typed = request.args.get("minutes", type=whole_number)
    minutes = min(typed, LONGEST_PIECE) if typed else None
    shown = written_work(g.centre, queue, minutes)
    return render_template("planning/written.html", queue=queue, shown=shown, typed=minutes)


def _page(queue: Queue, day: date, typed: TypedPlan | None = None) -> str:
    learnt = Experience(g.centre, queue, day)
    shown = look(learnt, typed)
    return render_template(
        "planning/staffing.html",
        queue=queue,
        shown=shown,
        chart=band_chart(shown.half_hours) if shown else None,
        typed=typed,
        holiday=learnt.demand.holiday(day),
        events=learnt.demand.events(day),
        what_ifs=db.session.scalars(queries.last_what_ifs(queue.id)).all(),
        view=_view(day),
        half_hour=timedelta(minutes=30),
        **_around(day),
    )


def _view(day: date) -> dict[str, Any]:
    """What the address keeps from one look to the next."""
    kept: dict[str, Any] = {"day": day.isoformat()}
    for name in ("law", "at"):
        if request.values.get(name):
            kept[name] = request.values[name]
    return kept


def _around(day: date) -> dict[str, Any]:
    one = timedelta(days=1)
    return {"day": day, "previous": day - one, "following": day + one}
