"""The list of the visits behind a figure: a page of it, and the same to take away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Result, func, select

from contactcenter import clock
from contactcenter.db import db
from contactcenter.errors import Invalid, NotFound
from contactcenter.fields import calendar_day, calendar_moment
from contactcenter.languages import zone
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.conditions import FIGURES
from contactcenter.queues.models import Visit
from contactcenter.reports import export, periods, queries, words
from contactcenter.reports.tables import as_parquet

A_PAGE = 50
MOST_IN_A_FILE = 100_000  # the visits of a very large day
AT_ONCE = 1_000
LONGEST_WINDOW = timedelta(days=periods.LONGEST, hours=1)  # an hour comes twice in some


@dataclass(frozen=True)
class Behind:
    """Whose visits: `among` them all in a window, and where they and their figures are shown.

    `named` says whose they are, `back` is the address of the page whose figure was opened. The
    list itself is at `endpoint`, its files at `endpoint` and `_csv` or `_parquet`, all with
    `asked`. `file_name` is that of a file, before the day.
    """

    among: ColumnElement[bool]
    named: str
    back: str
    endpoint: str
    file_name: str
    figure: str
    start: datetime
    end: datetime
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.start.astimezone(zone()).date()

    @property
    def is_a_day(self) -> bool:
        return (self.start, self.end) == day_of(self.day, g.centre.timezone)

    def rows(self) -> queries.Rows:
        return queries.visits_behind(
            self.among,
            self.figure,
            self.start,
            self.end,
            clock.now(),
            include_rehearsal=g.centre.rehearsing,
        )

    def address(self, suffix: str = "", **more: Any) -> str:
        window: dict[str, Any] = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        asked = {**self.asked, **window, "figure": self.figure, **more}
        return url_for(f"{self.endpoint}{suffix}", **asked)


def page(behind: Behind) -> ResponseReturnValue:
    wanted, place = behind.rows(), _place()
    if place:
        wanted = queries.after(wanted, *place)
    rows = db.session.execute(wanted.limit(A_PAGE + 1)).all()
    return render_template(
        "reports/visits.html",
        behind=behind,
        figures=words.figures(),
        endings=words.endings(),
        about=words.about,
        rows=rows[:A_PAGE],
        page={"next": _next(behind, rows), "previous": None, "summary": None},
    )


def table(behind: Behind) -> Response:
    name = f"{behind.file_name}-{behind.day.isoformat()}.csv"
    return Response(
        export.day_csv(_all(behind), zone()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def parquet(behind: Behind) -> Response:
    """The same visits for programs that compute with them."""
    name = f"{behind.file_name}-{behind.day.isoformat()}"
    return as_parquet(name, export.day_parquet(_all(behind)))


def _all(behind: Behind) -> Result[Any]:
    """What a file holds, a few rows at a time. Raises Invalid where it would be too many."""
    wanted = behind.rows()
    counted = wanted.with_only_columns(Visit.id).limit(MOST_IN_A_FILE + 1).subquery()
    if (db.session.scalar(select(func.count()).select_from(counted)) or 0) > MOST_IN_A_FILE:
        raise Invalid(
            _(
                "Plus de %(most)s visites : choisissez une période plus courte.",
                most=format_decimal(MOST_IN_A_FILE),
            )
        )
    return db.session.execute(wanted, execution_options={"yield_per": AT_ONCE})


def asked_figure() -> str:
    figure = request.args.get("figure") or "offered"
    if figure not in FIGURES:
        raise NotFound(_("Ce chiffre n’existe pas."))
    return figure


def asked_window() -> tuple[datetime, datetime]:
    """From `from` to `to`, or the day asked for, or today. Raises Invalid over 400 days."""
    written = request.args.get("from", ""), request.args.get("to", "")
    if not all(written):
        return day_of(asked_day() or clock.now().astimezone(zone()).date(), g.centre.timezone)
    start, end = (_moment(each) for each in written)
    if not start <= end <= start + LONGEST_WINDOW:
        raise Invalid(_("Choisissez un premier et un dernier jour, 400 jours au plus."))
    return start, end


def asked_day() -> date | None:
    written = request.args.get("day", "")
    try:
        return calendar_day(written) if written else None
    except ValueError:
        raise Invalid(_("Écrivez le jour ainsi : 2026-03-17.")) from None


def _moment(written: str) -> datetime:
    try:
        at = calendar_moment(written)
    except ValueError:
        raise Invalid(_("Écrivez le moment ainsi : 2026-03-17T08:00.")) from None
    return at if at.tzinfo else at.replace(tzinfo=zone())


def _place() -> tuple[datetime, int] | None:
    """After which visit the page goes on."""
    at, _mark, visit_id = request.args.get("after", "").rpartition(" ")
    return (
        (_moment(at), int(visit_id)) if at and visit_id.isdecimal() and len(visit_id) < 19 else None
    )


def _next(behind: Behind, rows: Sequence[Any]) -> str | None:
    if len(rows) <= A_PAGE:
        return None
    last = rows[A_PAGE - 1].Visit
    return behind.address(after=f"{last.entered_at.isoformat()} {last.id}")
