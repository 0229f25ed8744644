"""The quality of the service, for everybody, where the centre has chosen to show it."""

from collections.abc import Iterator

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.doors import stand_before
from contactcenter.accounts.models import Centre
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.errors import NotFound
from contactcenter.reports import published
from contactcenter.reports.disclosure import LEAST
from contactcenter.reports.published import whole_percent
from contactcenter.spreadsheets import as_csv

blueprint = Blueprint("quality", __name__, url_prefix="/quality")

COLUMNS = ("queue", "month", "arrived", "answered", "reached", "on_time", "mean_wait_minutes")


@blueprint.get("/<code>")
@requires(Permission.PUBLIC)
def show(code: str) -> ResponseReturnValue:
    centre = _of(code)
    return render_template(
        "reports/quality.html",
        centre=centre.name,
        code=code,
        shown=published.quality(centre),
        enough=published.ENOUGH,
        least=LEAST,
    )


@blueprint.get("/<code>/table.csv")
@requires(Permission.PUBLIC)
def show_csv(code: str) -> ResponseReturnValue:
    shown = published.quality(_of(code))
    return as_csv(f"{code}-{shown.months[0].first:%Y-%m}", COLUMNS, _rows(shown))


def _of(code: str) -> Centre:
    centre = stand_before(code)
    if not centre.publishes_quality:
        raise NotFound(_("Ce centre ne publie pas ses chiffres."))
    return centre


def _rows(shown: published.Quality) -> Iterator[tuple[object, ...]]:
    for queue, row in shown.queues:
        for month, told in zip(shown.months, row, strict=True):
            yield (
                queue.name,
                f"{month.first:%Y-%m}",
                told.arrived,
                told.served,
                whole_percent(told.reached),
                whole_percent(told.on_time),
                told.wait_minutes,
            )
