"""Who covers what: a table with its gaps, to filter and to take away."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter.accounts.models import Organisation
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import current_centre, db
from contactcenter.escalation.staffing_queries import teams_alarmed
from contactcenter.fields import whole_number
from contactcenter.languages import language
from contactcenter.reports.coverage import Cell, coverage_map
from contactcenter.spreadsheets import as_csv

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/coverage")
@requires(Permission.EDIT_RULES)
def show_coverage() -> ResponseReturnValue:
    cells = _cells()
    return render_template(
        "reports/coverage.html",
        cells=cells,
        gaps=sum(1 for cell in cells if cell.gap),
        gap_words=_gap_words(),
        alarms=db.session.execute(teams_alarmed()).all(),
        organisations=_organisations(),
        chosen=request.args.get("organisation", type=whole_number),
        gaps_only="gaps" in request.args,
    )


@blueprint.get("/coverage.csv")
@requires(Permission.EDIT_RULES)
def show_coverage_csv() -> ResponseReturnValue:
    gap_words = _gap_words()
    header = [_("Organisme"), _("Motif"), _("Code"), _("Territoire")]
    header += [_("Équipes"), _("Personnes présentes"), _("Questions ouvertes"), _("Manque")]
    rows = (
        [
            cell.organisation.name,
            cell.topic.label_in(language()),
            cell.topic.code,
            cell.district or _("Partout"),
            ", ".join(each.team.name for each in cell.answering),
            sum(each.people for each in cell.answering),
            cell.questions,
            gap_words.get(cell.gap, ""),
        ]
        for cell in _cells()
    )
    return as_csv("coverage", header, rows)


def _cells() -> list[Cell]:
    return coverage_map(
        request.args.get("organisation", type=whole_number), gaps_only="gaps" in request.args
    )


def _gap_words() -> dict[str, Any]:
    return {"no_team": _("Aucune équipe"), "nobody": _("Personne n’est là")}


def _organisations() -> list[Organisation]:
    return list(
        db.session.scalars(
            select(Organisation)
            .where(Organisation.centre_id == current_centre())
            .order_by(Organisation.name)
        )
    )
