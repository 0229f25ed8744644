"""Incidents: see what is proposed, open one, ask once, answer all, end it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Topic
from contactcenter.errors import ContactCenterError, NotFound
from contactcenter.escalation.team_queries import team as one_team
from contactcenter.incidents import actions, forms, incident_page, queries, words
from contactcenter.incidents.models import Incident
from contactcenter.languages import NAMES, language
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import known_to

blueprint = Blueprint("incidents", __name__)
MOST_LISTED = 50
# Where a banner says what goes wrong: the screens on which citizens are answered.
SCREENS = frozenset({"desk", "ticket", "writing", "counter", "phone", "reports", "escalation"})


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "ways": words.WAYS,
        "incident_state": words.state,
        "incident_why": words.why,
        "tongues": {code: NAMES[code] for code in g.centre.languages},
    }


def _going_on() -> list[dict[str, Any]]:
    """What the banner of the page being made says; proposals are for who handles them."""
    if request.blueprint not in SCREENS or not g.person.may(Permission.WORK_TICKETS):
        return []
    handles = g.person.may(Permission.HANDLE_INCIDENTS)
    found = db.session.execute(queries.going_on()).all()
    return [
        {
            "incident": row.Incident,
            "topic": row.Topic.label_in(language()),
            "say": actions.said_in(row.Incident.say, language()),
            "why": words.why(row.Incident),
            "handles": handles,
        }
        for row in found
        if row.Incident.is_open or handles
    ]


blueprint.app_context_processor(lambda: {"incidents_going_on": _going_on})


@blueprint.get("/incidents")
@requires(Permission.HANDLE_INCIDENTS)
def list_incidents() -> ResponseReturnValue:
    return _list_page(_new_form(forms.NewForm(formdata=None)))


@blueprint.post("/incidents")
@requires(Permission.HANDLE_INCIDENTS)
def create_incident() -> ResponseReturnValue:
    """Open one that the rule did not see."""
    form = _new_form(forms.NewForm())
    if not form.validate_on_submit():
        return _list_page(form), 422
    topic = db.session.get_one(Topic, (current_centre(), form.topic.data))
    begun_at = clock.now() - timedelta(hours=form.hours.data)
    incident = actions.open_new(topic, _sent("say"), begun_at=begun_at, by=g.person)
    flash(_("Incident ouvert : les demandes de ce motif y sont rattachées."))
    return _to(incident)


@blueprint.get("/incidents/<int:incident_id>")
@requires(Permission.HANDLE_INCIDENTS)
def show_incident(incident_id: int) -> ResponseReturnValue:
    incident = _seen(incident_id)
    if "HX-Request" in request.headers:
        return render_template("incidents/_progress.html", page=incident_page.gather(incident))
    return _page(incident)


@blueprint.post("/incidents/<int:incident_id>/opening")
@requires(Permission.HANDLE_INCIDENTS)
def create_opening(incident_id: int) -> ResponseReturnValue:
    incident = actions.lock(incident_id, person=g.person)
    return _act(
        incident,
        lambda: actions.open_proposed(incident, _sent("say"), by=g.person),
        _("Incident ouvert : les demandes de ce motif y sont rattachées."),
    )


@blueprint.post("/incidents/<int:incident_id>/refusal")
@requires(Permission.HANDLE_INCIDENTS)
def create_refusal(incident_id: int) -> ResponseReturnValue:
    incident = actions.lock(incident_id, person=g.person)
    actions.refuse(incident, by=g.person)
    flash(_("C’est noté : pas d’incident. Rien n’est proposé sur ce motif pendant six heures."))
    return redirect(url_for("incidents.list_incidents"), 303)


@blueprint.post("/incidents/<int:incident_id>/say")
@requires(Permission.HANDLE_INCIDENTS)
def update_say(incident_id: int) -> ResponseReturnValue:
    incident = actions.lock(incident_id, person=g.person)
    said = _("Les agents voient maintenant ces mots.")
    return _act(incident, lambda: actions.change_say(incident, _sent("say")), said)


@blueprint.post("/incidents/<int:incident_id>/questions")
@requires(Permission.HANDLE_INCIDENTS)
def create_question(incident_id: int) -> ResponseReturnValue:
    incident, form = actions.lock(incident_id, person=g.person), forms.QuestionForm()
    incident_page.gather(incident).offer(form)
    if not form.validate_on_submit():
        return _page(incident, question=form), 422
    team = db.session.scalars(one_team(form.team.data)).one()
    return _act(
        incident,
        lambda: actions.ask(incident, team, form.question.data, by=g.person),
        _("Question posée, une fois pour toutes les demandes."),
        question=form,
    )


@blueprint.post("/incidents/<int:incident_id>/tickets")
@requires(Permission.HANDLE_INCIDENTS)
def create_ticket(incident_id: int) -> ResponseReturnValue:
    incident, form = actions.lock(incident_id, person=g.person), forms.AttachForm()
    if not form.validate_on_submit():
        return _page(incident, attaching=form), 422
    ticket = _ticket(form.reference.data.strip())
    return _act(
        incident, lambda: actions.attach(incident, ticket, by=g.person), _("Demande rattachée.")
    )


@blueprint.post("/incidents/<int:incident_id>/tickets/<reference>/detaching")
@requires(Permission.HANDLE_INCIDENTS)
def create_detaching(incident_id: int, reference: str) -> ResponseReturnValue:
    incident, ticket = actions.lock(incident_id, person=g.person), _ticket(reference)
    return _act(
        incident, lambda: actions.detach(incident, ticket, by=g.person), _("Demande détachée.")
    )


@blueprint.post("/incidents/<int:incident_id>/tickets/<reference>/call")
@requires(Permission.HANDLE_INCIDENTS)
def create_call(incident_id: int, reference: str) -> ResponseReturnValue:
    """Someone has called, or written by hand."""
    incident = actions.lock(incident_id, person=g.person)
    ticket = tickets.lock_survivor(_ticket(reference).id)
    if ticket is None:
        raise NotFound(_("Aucune demande ne porte ce numéro."))
    return _act(
        incident,
        lambda: actions.note_called(incident, ticket, by=g.person),
        _("C’est noté dans la demande."),
    )


@blueprint.post("/incidents/<int:incident_id>/answer")
@requires(Permission.HANDLE_INCIDENTS)
def update_answer(incident_id: int) -> ResponseReturnValue:
    """Keep the answer and show to whom it would go; nothing leaves."""
    incident = actions.lock(incident_id, person=g.person)
    finishes = "finishes" in request.form
    return _act(
        incident,
        lambda: actions.prepare(incident, _sent("told"), finishes=finishes),
        _("Réponse gardée : relisez à qui elle part, puis envoyez."),
    )


@blueprint.post("/incidents/<int:incident_id>/sending")
@requires(Permission.HANDLE_INCIDENTS)
def create_sending(incident_id: int) -> ResponseReturnValue:
    incident, form = actions.lock(incident_id, person=g.person), forms.SendForm()
    if not form.validate_on_submit():
        return _page(incident, problem=_("Il n’y a personne à prévenir.")), 422
    said = ngettext("Envoi à une demande.", "Envoi à %(num)d demandes.", form.seen.data)
    return _act(incident, lambda: actions.send(incident, seen=form.seen.data, by=g.person), said)


@blueprint.post("/incidents/<int:incident_id>/end")
@requires(Permission.HANDLE_INCIDENTS)
def create_end(incident_id: int) -> ResponseReturnValue:
    incident, form = actions.lock(incident_id, person=g.person), forms.EndForm()
    if not form.validate_on_submit():
        return _page(incident, ending=form), 422
    return _act(
        incident,
        lambda: actions.end(incident, form.summary.data, by=g.person),
        _("Incident terminé."),
        ending=form,
    )


def _act(
    incident: Incident, act: Callable[[], object], said: str, **kept: FlaskForm
) -> ResponseReturnValue:
    """Do it, or show the incident with what is in the way and what was typed."""
    try:
        with db.session.begin_nested():
            act()
    except ContactCenterError as problem:
        return _page(incident, problem=str(problem), **kept), problem.status
    flash(said)
    return _to(incident)


def _page(incident: Incident, **shown: Any) -> str:
    page = incident_page.gather(incident)
    return render_template("incidents/show.html", page=page, **page.forms(**shown))


def _list_page(form: forms.NewForm) -> str:
    found = queries.visible_to(g.person).order_by(Incident.begun_at.desc(), Incident.id.desc())
    rows = db.session.execute(found.limit(MOST_LISTED)).all()
    return render_template("incidents/list.html", rows=rows, form=form)


def _new_form(form: forms.NewForm) -> forms.NewForm:
    topics = db.session.scalars(
        db.select(Topic).where(Topic.centre_id == current_centre(), Topic.is_active)
    )
    form.topic.choices = sorted(
        ((topic.id, topic.label_in(language())) for topic in topics), key=lambda each: each[1]
    )
    return form


def _sent(name: str) -> dict[str, str]:
    return forms.texts(request.form, name, g.centre.languages)


def _seen(incident_id: int) -> Incident:
    found: Incident | None = db.session.scalar(
        queries.visible_to(g.person).where(Incident.id == incident_id)
    )
    if found is None:
        raise NotFound(_("Cet incident n’existe pas."))
    return found


def _ticket(reference: str) -> Ticket:
    """Reference, topic and status are all that is shown of it here."""
    ticket: Ticket | None = db.session.scalar(
        known_to(g.person).where(Ticket.reference == reference)
    )
    if ticket is None:
        raise NotFound(_("Aucune demande ne porte ce numéro."))
    return ticket


def _to(incident: Incident) -> ResponseReturnValue:
    return redirect(url_for("incidents.show_incident", incident_id=incident.id), 303)
