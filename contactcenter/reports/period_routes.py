"""Reports of a week, a month or a range of one's own, on a page and to take away."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid, NotFound
from contactcenter.fields import calendar_day, whole_number
from contactcenter.languages import zone
from contactcenter.queues.interval_rows import Asked
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.tally import Tally
from contactcenter.reports import (
    groups,
    orders,
    overview,
    periods,
    published,
    queries,
    visit_list,
    words,
)
from contactcenter.reports.disclosure import LEAST
from contactcenter.reports.groups import Names
from contactcenter.reports.models import Every
from contactcenter.reports.parquet import NUMBER, WHOLE, WORDS, parquet
from contactcenter.reports.periods import Kind, Period
from contactcenter.reports.published import whole_percent
from contactcenter.reports.tables import as_parquet
from contactcenter.reports.visit_list import Behind
from contactcenter.reports.workbook import MEDIA_TYPE, workbook
from contactcenter.spreadsheets import as_csv

A_MOMENT = timedelta(seconds=1)
COUNTED = ("offered", "answered", "on_time", "owed", "gave_up", "stayed", "lost")

blueprint = Blueprint("periods", __name__, url_prefix="/reports")


@blueprint.get("")
@requires(Permission.SEE_REPORTS)
def show() -> ResponseReturnValue:
    period, queue = _asked()
    return render_template(
        "reports/period.html",
        shown=overview.look(g.centre, period, queue),
        named=Names.read(),
        queues=db.session.scalars(queries.queues()).all(),
        weekdays=words.weekdays(),
        groupings=words.groupings(),
        compared=_compared,
        orders=orders.orders_of(g.person),
        kind=period.kind.value,
        least=LEAST,
        one_second=A_MOMENT,
        today=today(),
    )


@blueprint.post("/orders")
@requires(Permission.SEE_REPORTS)
def create_order() -> ResponseReturnValue:
    every = request.form.get("every", "")
    if every not in list(Every):
        raise Invalid(_("Choisissez chaque semaine ou chaque mois."))
    orders.order(Every(every), _queue(request.form.get("queue", type=whole_number)), by=g.person)
    flash(_("C’est noté : le premier envoi suit la fin de cette période."))
    return redirect(url_for("periods.show", _anchor="by-mail"), 303)


@blueprint.post("/orders/<int:order_id>/ending")
@requires(Permission.SEE_REPORTS)
def end_order(order_id: int) -> ResponseReturnValue:
    orders.give_up(order_id, by=g.person)
    flash(_("Vous ne recevrez plus ce rapport."))
    return redirect(url_for("periods.show", _anchor="by-mail"), 303)


@blueprint.get("/table.csv")
@requires(Permission.SEE_REPORTS)
def show_csv() -> ResponseReturnValue:
    period, queue = _asked()
    return as_csv(file_name(period), _header(), _rows(overview.look(g.centre, period, queue)))


@blueprint.get("/table.xlsx")
@requires(Permission.SEE_REPORTS)
def show_workbook() -> ResponseReturnValue:
    period, queue = _asked()
    rows = _rows(overview.look(g.centre, period, queue))
    return Response(
        workbook(_("Rapport"), _header(), rows),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{file_name(period)}.xlsx"'},
    )


@blueprint.get("/table.parquet")
@requires(Permission.SEE_REPORTS)
def show_parquet() -> ResponseReturnValue:
    """For programs: the same rows under names that no language changes."""
    period, queue = _asked()
    rows = _rows(overview.look(g.centre, period, queue))
    names = [("by", WORDS), ("group", WORDS), *((name, WHOLE) for name in COUNTED)]
    kinds = [*names, ("mean_wait_seconds", NUMBER)]
    # A group too small has no figures.
    whole = ([*row, *[None] * (len(kinds) - len(row))] for row in rows)
    return as_parquet(file_name(period), parquet(kinds, whole))


@blueprint.get("/open.csv")
@requires(Permission.SEE_REPORTS)
def show_open_data() -> ResponseReturnValue:
    """For publication: by queue and month or week, rounded, nothing that could point at anyone."""
    period, queue = _asked()
    asked = [queue] if queue else published.queues()
    told = published.by_queue(g.centre, period, asked)
    days = period.first.isoformat(), period.last.isoformat()
    header = ["queue", "from", "to", "arrived", "answered", "on_time_percent", "mean_wait_minutes"]
    rows = (
        (each.name, *days, row.arrived, row.served, whole_percent(row.on_time), row.wait_minutes)
        for each in asked
        if (row := told.get(each.id))
    )
    return as_csv(f"open-{file_name(period)}", header, rows)


@blueprint.get("/visits")
@requires(Permission.SEE_REPORTS)
def show_visits() -> ResponseReturnValue:
    return visit_list.page(_behind())


@blueprint.get("/visits.csv")
@requires(Permission.SEE_REPORTS)
def show_visits_csv() -> ResponseReturnValue:
    return visit_list.table(_behind())


@blueprint.get("/visits.parquet")
@requires(Permission.SEE_REPORTS)
def show_visits_parquet() -> ResponseReturnValue:
    return visit_list.parquet(_behind())


def _rows(shown: overview.Overview) -> Iterator[list[object]]:
    """The whole, each day, and each group; a group too small has no figures."""
    yield [_("Période"), "", *_cells(shown.now)]
    yield [_("Période d’avant"), "", *_cells(shown.before)]
    yield [_("Un an avant"), "", *_cells(shown.year_before)]
    for day, tally in shown.days.items():
        yield [_("Jour"), day.isoformat(), *_cells(tally)]
    for menu in shown.menus[:1]:
        told = words.menu_calls()
        yield from ([_("Au téléphone"), told[name], count] for name, count in menu.counts.items())
    named, groupings = Names.read(), words.groupings()
    for name, grouped in shown.groupings.items():
        for group in grouped:
            label = named.of(name, group.key)
            yield [groupings[name], label, *(_cells(group.tally) if group.tally else [])]


def _header() -> list[str]:
    return [_("Selon"), _("Groupe"), *words.columns().values()]


def _cells(tally: Tally) -> list[object]:
    wait = tally.asa_seconds
    gave_up, on_time, lost = tally.abandonment, tally.on_time, tally.lost
    return [
        tally.offered,
        tally.answered,
        on_time.part,
        on_time.whole,
        gave_up.part,
        gave_up.whole,
        lost.part,
        None if wait is None else round(wait, 1),
    ]


def _compared(now: float | None, before: float | None) -> float | None:
    """By what share it changed; None where there is nothing to compare with."""
    return (now - before) / before if now is not None and before else None


def _behind() -> Behind:
    """The visits behind a figure of a period: of all queues, of one, or of one group in them."""
    queue = _queue(request.args.get("queue", type=whole_number))
    by, written = request.args.get("by", ""), request.args.get("key", "")
    start, end = visit_list.asked_window()
    queue_ids = overview.queue_ids(queue, db.session.scalars(queries.every_queue()))
    key = groups.key_of(by, written) if by else None
    played = g.centre.rehearsing
    window = Asked(g.centre.id, queue_ids, start, end, include_rehearsal=played)
    if by and groups.is_hidden(by, key, window):
        raise NotFound(_("Ce groupe a trop peu de visites dans cette période pour être montré."))
    asked = {"queue": queue.id if queue else None, "by": by or None, "key": written or None}
    days: dict[str, Any] = {
        "from": start.astimezone(zone()).date(),
        "to": (end - A_MOMENT).astimezone(zone()).date(),
    }
    return Behind(
        among=groups.visits_of(by, key, queue_ids) if by else Visit.queue_id.in_(queue_ids),
        named=Names.read().of(by, key) if by else _whole(queue),
        back=url_for("periods.show", period="own", queue=asked["queue"], **days),
        endpoint="periods.show_visits",
        file_name="visits",
        figure=visit_list.asked_figure(),
        start=start,
        end=end,
        asked=asked,
    )


def _whole(queue: Queue | None) -> str:
    return queue.name if queue else _("Toutes les files du centre")


def _asked() -> tuple[Period, Queue | None]:
    return asked_period(), _queue(request.args.get("queue", type=whole_number))


def asked_period() -> Period:
    kind = request.args.get("period", Kind.WEEK)
    try:
        if kind == Kind.OWN:
            first, last = (calendar_day(request.args.get(each, "")) for each in ("from", "to"))
            return periods.own(first, last)
        day = calendar_day(request.args.get("day") or today().isoformat())
    except ValueError:
        raise Invalid(_("Choisissez un premier et un dernier jour, 400 jours au plus.")) from None
    return periods.month_of(day) if kind == Kind.MONTH else periods.week_of(day)


def _queue(queue_id: int | None) -> Queue | None:
    if queue_id is None:
        return None
    found: Queue | None = db.session.scalar(queries.queue(queue_id))
    if found is None:
        raise NotFound(_("Cette file n’existe pas."))
    return found


def today() -> date:
    return clock.now().astimezone(zone()).date()


def file_name(period: Period) -> str:
    return f"{period.first.isoformat()}-{period.last.isoformat()}"
