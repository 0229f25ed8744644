"""For managers: what was asked of experts and what became of it, on a page and to take away."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.escalation.words import open_duration
from contactcenter.languages import language
from contactcenter.reports import experts, held, overview
from contactcenter.reports.disclosure import LEAST
from contactcenter.reports.experts import Appointments, TeamFigures, Took
from contactcenter.reports.period_routes import asked_period, file_name, today
from contactcenter.reports.periods import Period
from contactcenter.spreadsheets import as_csv

blueprint = Blueprint("experts", __name__)


@blueprint.get("/referrals/figures")
@requires(Permission.SEE_REPORTS)
def show_figures() -> ResponseReturnValue:
    period = asked_period()
    begins_at, ends_at = _bounds(period)
    return render_template(
        "reports/experts.html",
        period=period,
        begins_at=begins_at,
        last_at=ends_at - timedelta(seconds=1),
        teams=experts.of_teams(begins_at, ends_at),
        topics=experts.of_topics(begins_at, ends_at, overview.topics()),
        appointments=experts.appointments(begins_at, ends_at),
        held=held.sides(begins_at, ends_at),
        most_held=held.MOST,
        solved=experts.solved_by_team(begins_at, ends_at),
        least=LEAST,
        open_time=lambda seconds: open_duration(timedelta(seconds=seconds)),
        today=today(),
    )


@blueprint.get("/referrals/figures.csv")
@requires(Permission.SEE_REPORTS)
def show_figures_csv() -> ResponseReturnValue:
    """By team; times in seconds."""
    period = asked_period()
    header = [_("Organisme"), _("Équipe"), _("Sorte"), _("Posées"), _("Prises"), _("Répondues")]
    header += [_("Refusées"), _("Retirées"), _("Sans réponse"), _("Venues d’un refus")]
    header += [_("Prise : cas"), _("Prise : médiane, en secondes")]
    header += [_("Prise : 9 cas sur 10, en secondes"), _("Réponse : cas")]
    header += [_("Réponse : médiane, en secondes"), _("Réponse : 9 cas sur 10, en secondes")]
    rows = (_cells(each) for each in experts.of_teams(*_bounds(period)))
    return as_csv(f"experts-{file_name(period)}", header, rows)


@blueprint.get("/referrals/appointments.csv")
@requires(Permission.SEE_REPORTS)
def show_appointments_csv() -> ResponseReturnValue:
    """By team, of those whose time lies in the period; waits in seconds."""
    period = asked_period()
    header = [_("Organisme"), _("Équipe"), _("Rendez-vous"), _("Tenus"), _("L’expert absent")]
    header += [_("La personne absente"), _("Annulés"), _("Attente : cas")]
    header += [_("Attente : médiane, en secondes"), _("Attente : 9 cas sur 10, en secondes")]
    rows = (_kept(each) for each in experts.appointments(*_bounds(period)))
    return as_csv(f"appointments-{file_name(period)}", header, rows)


@blueprint.get("/referrals/held.csv")
@requires(Permission.SEE_REPORTS)
def show_held_csv() -> ResponseReturnValue:
    """Who held the requests finished in the period; times in seconds."""
    period = asked_period()
    header = [_("Qui"), _("Demandes"), _("Médiane, en secondes"), _("9 cas sur 10, en secondes")]
    rows = (
        [each.name, each.cases, *(None if s is None else round(s) for s in (each.half, each.most))]
        for each in held.sides(*_bounds(period))
    )
    return as_csv(f"held-{file_name(period)}", header, rows)


@blueprint.get("/referrals/topics.csv")
@requires(Permission.SEE_REPORTS)
def show_topics_csv() -> ResponseReturnValue:
    period = asked_period()
    header = [_("Motif"), _("Code"), _("Demandes"), _("Avec un expert"), _("Terminées")]
    header += [_("Résolues au premier contact")]
    rows = (
        [each.topic.label_in(language()), each.topic.code, *(each.counts or ())[1:]]
        for each in experts.of_topics(*_bounds(period), overview.topics())
    )
    return as_csv(f"topics-{file_name(period)}", header, rows)


def _bounds(period: Period) -> tuple[datetime, datetime]:
    return period.bounds(g.centre.timezone)


def _cells(figures: TeamFigures) -> list[object]:
    """A team too small to be shown has a name and no figure."""
    sort = _("En direct") if figures.is_live else _("Par écrit")
    cells: list[Any] = [figures.organisation.name, figures.team.name, sort]
    if figures.counts is not None:
        cells += [*figures.counts[2:9], *_seconds(figures.take), *_seconds(figures.answer)]
    return cells


def _kept(figures: Appointments) -> list[object]:
    cells: list[Any] = [figures.organisation.name, figures.team.name]
    if figures.counts is not None:
        cells += [*figures.counts[1:6], *_seconds(figures.wait)]
    return cells


def _seconds(took: Took | None) -> tuple[int | None, ...]:
    if took is None or took.half is None or took.most is None:
        return (took.cases if took else None, None, None)
    return (took.cases, round(took.half), round(took.most))
