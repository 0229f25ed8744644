"""For managers: what the first line answers by itself, and where it could."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.languages import language
from contactcenter.reports import knowledge, overview
from contactcenter.reports.disclosure import LEAST
from contactcenter.reports.knowledge import TopicKnown
from contactcenter.reports.period_routes import asked_period, file_name, today
from contactcenter.spreadsheets import as_csv

blueprint = Blueprint("known", __name__)


@blueprint.get("/articles/figures")
@requires(Permission.SEE_REPORTS)
def show_figures() -> ResponseReturnValue:
    period = asked_period()
    bounds = period.bounds(g.centre.timezone)
    figures = _figures()
    return render_template(
        "reports/knowledge.html",
        period=period,
        begins_at=bounds[0],
        topics=figures,
        to_clear_up=knowledge.to_clear_up(figures),
        precision=knowledge.precision(bounds),
        least=LEAST,
        today=today(),
    )


@blueprint.get("/articles/figures.csv")
@requires(Permission.SEE_REPORTS)
def show_figures_csv() -> ResponseReturnValue:
    header = [_("Motif"), _("Code"), _("Demandes"), _("Avec un expert")]
    header += [_("Demandes, période d’avant"), _("Avec un expert, période d’avant")]
    header += [_("Fiches publiées"), _("Fiches utilisées"), _("Ont aidé"), _("N’ont pas aidé")]
    rows = (_cells(each) for each in _figures())
    return as_csv(f"articles-{file_name(asked_period())}", header, rows)


def _figures() -> list[TopicKnown]:
    period = asked_period()
    zone = g.centre.timezone
    return knowledge.of_topics(period.bounds(zone), period.before.bounds(zone), overview.topics())


def _cells(known: TopicKnown) -> list[object]:
    """A topic too small to be shown has its name, its articles and no other figure."""
    pairs = [
        (each.opened, each.escalated) if each else (None, None)
        for each in (known.counts, known.before)
    ]
    used = known.used[1:] if known.used else (None, None, None)
    return [
        known.topic.label_in(language()),
        known.topic.code,
        *pairs[0],
        *pairs[1],
        known.articles,
        *used,
    ]
