"""The pages of triage rules: the table in order, one rule with its history, and trials."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration import rule_words
from contactcenter.administration.rule_forms import RuleForm, filled
from contactcenter.db import db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.fields import whole_number
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import visible_to
from contactcenter.triage import queries, rulebook, trials
from contactcenter.triage.catalogue import catalogue
from contactcenter.triage.checks import covered_by, has_gone
from contactcenter.triage.models import TriageRule, Trial
from contactcenter.triage.rules import Rule

blueprint = Blueprint("rules", __name__)
blueprint.context_processor(lambda: {"rule_words": rule_words})

SHOWN = 100


@blueprint.get("/rules")
@requires(Permission.EDIT_RULES)
def list_rules() -> ResponseReturnValue:
    listed = db.session.scalars(queries.listed_rules()).all()
    contents = [(rule, rulebook.content_of(rule)) for rule in listed]
    return render_template(
        "administration/rules.html",
        rules=contents,
        troubles=_troubles(listed),
        removed=db.session.scalars(queries.removed_rules().limit(SHOWN)).all(),
    )


@blueprint.post("/rules/naming")
@requires(Permission.EDIT_RULES)
def update_naming() -> ResponseReturnValue:
    """Whether a topic that the text names may be taken when no rule speaks of the topic."""
    g.centre.names_topics = request.form.get("names") == "yes"
    flash(_("C’est gardé, pour les demandes à venir."))
    return redirect(url_for("rules.list_rules"), 303)


@blueprint.get("/rules/new")
@requires(Permission.EDIT_RULES)
def show_new_rule() -> ResponseReturnValue:
    return _form_page(_tried() or RuleForm(formdata=None), None)


@blueprint.post("/rules")
@requires(Permission.EDIT_RULES)
def create_rule() -> ResponseReturnValue:
    return _keep(RuleForm(), None)


@blueprint.get("/rules/<int:rule_id>")
@requires(Permission.EDIT_RULES)
def show_rule(rule_id: int) -> ResponseReturnValue:
    rule = _rule(rule_id)
    return _form_page(_tried() or filled(rulebook.content_of(rule)), rule)


@blueprint.post("/rules/<int:rule_id>")
@requires(Permission.EDIT_RULES)
def update_rule(rule_id: int) -> ResponseReturnValue:
    return _keep(RuleForm(), rulebook.lock(rule_id))


@blueprint.post("/rules/<int:rule_id>/place")
@requires(Permission.EDIT_RULES)
def update_place(rule_id: int) -> ResponseReturnValue:
    """One place up or down; the page comes back to the same button."""
    rule, to = rulebook.lock(rule_id), request.form.get("to", "")
    if to in ("up", "down") and rule.removed_at is None:
        rulebook.move(rule, up=to == "up", by=g.person)
        flash(_("« %(name)s » parle maintenant en %(place)s.", name=rule.name, place=rule.position))
    return redirect(url_for("rules.list_rules", _anchor=f"rule-{rule.id}"), 303)


@blueprint.post("/rules/<int:rule_id>/activity")
@requires(Permission.EDIT_RULES)
def update_activity(rule_id: int) -> ResponseReturnValue:
    rule = rulebook.lock(rule_id)
    if request.form.get("speaks") == "yes":
        rulebook.start(rule, by=g.person)
        flash(_("« %(name)s » est en marche.", name=rule.name))
    else:
        rulebook.stop(rule, by=g.person)
        flash(_("« %(name)s » est arrêtée : elle ne propose plus rien.", name=rule.name))
    return redirect(url_for("rules.list_rules", _anchor=f"rule-{rule.id}"), 303)


@blueprint.post("/rules/<int:rule_id>/removal")
@requires(Permission.EDIT_RULES)
def create_removal(rule_id: int) -> ResponseReturnValue:
    rule = rulebook.lock(rule_id)
    if rule.removed_at is None:
        rulebook.remove(rule, by=g.person)
    flash(_("« %(name)s » est supprimée. Son histoire reste, on peut y revenir.", name=rule.name))
    return redirect(url_for("rules.list_rules"), 303)


@blueprint.post("/rules/<int:rule_id>/returns")
@requires(Permission.EDIT_RULES)
def create_return(rule_id: int) -> ResponseReturnValue:
    """Back to an earlier version; it becomes the latest one."""
    rule = rulebook.lock(rule_id)
    number = request.form.get("number", 0, type=whole_number)
    try:
        with db.session.begin_nested():
            rulebook.return_to(rule, number, by=g.person)
    except Invalid as problem:
        return _form_page(filled(rulebook.content_of(rule)), rule, problem=str(problem)), 422
    flash(_("« %(name)s » est comme à la version %(number)s.", name=rule.name, number=number))
    return redirect(url_for("rules.show_rule", rule_id=rule.id), 303)


@blueprint.post("/rules/trials")
@requires(Permission.EDIT_RULES)
def create_trial() -> ResponseReturnValue:
    """Try what stands in the form, kept or not, on the requests of the last month."""
    form, rule_id = RuleForm(), request.form.get("rule", 0, type=whole_number)
    rule = _rule(rule_id) if rule_id else None
    if not form.validate():
        return _form_page(form, rule), 422
    try:
        with db.session.begin_nested():
            trial = trials.begin(form.content(), rule, by=g.person)
    except Invalid as problem:
        _mark(form, problem)
        return _form_page(form, rule), 422
    return redirect(url_for("rules.show_trial", trial_id=trial.id), 303)


@blueprint.get("/rules/trials/<int:trial_id>")
@requires(Permission.EDIT_RULES)
def show_trial(trial_id: int) -> ResponseReturnValue:
    trial: Trial | None = db.session.scalar(queries.trial(trial_id))
    if trial is None:
        raise NotFound(_("Cet essai n’existe plus : ils sont gardés trente jours."))
    changes = db.session.scalars(queries.changes_of(trial)).all()
    seen = _seen({change.ticket_id for change in changes})
    shown = [change for change in changes if change.ticket_id in seen]
    whole = "HX-Request" not in request.headers
    return render_template(
        "administration/trial.html" if whole else "administration/_trial.html",
        trial=trial,
        in_short=db.session.execute(queries.changes_in_short(trial)).all(),
        changes=shown[:SHOWN],
        tickets=seen,
        unseen=len({change.ticket_id for change in changes} - seen.keys()),
        more=max(len(shown) - SHOWN, 0),
    )


def _tried() -> RuleForm | None:
    """The form as it stood when it was tried, if the address names a trial."""
    trial: Trial | None = db.session.scalar(
        queries.trial(request.args.get("trial", 0, type=whole_number))
    )
    return filled(trial.content) if trial else None


def _troubles(listed: Any) -> dict[int, str]:
    """What keeps a rule from being heard, by rule."""
    known = catalogue()
    said: dict[int, str] = {}
    earlier: list[Rule] = []
    for each in listed:
        rule = rulebook.rule_of(rulebook.content_of(each), each.id)
        if has_gone(rule, known):
            said[each.id] = _("Nomme un motif, une file ou une équipe qui n’existe plus.")
        elif each.is_active and (cover := covered_by(rule, earlier)):
            said[each.id] = _("Jamais entendue : « %(name)s » dit tout avant.", name=cover.name)
        if each.is_active:
            earlier.append(rule)
    return said


def _rule(rule_id: int) -> TriageRule:
    rule: TriageRule | None = db.session.scalar(queries.rule(rule_id))
    if rule is None:
        raise NotFound(_("Cette règle n’existe pas."))
    return rule


def _keep(form: RuleForm, rule: TriageRule | None) -> ResponseReturnValue:
    """Write the rule, or show the form again with what was typed and what is to correct."""
    if not form.validate():
        return _form_page(form, rule), 422
    try:
        with db.session.begin_nested():
            name = _write(form, rule)
    except Invalid as problem:
        _mark(form, problem)
        return _form_page(form, rule), 422
    except Conflict as problem:
        return _form_page(form, rule, problem=str(problem)), 409
    flash(_("« %(name)s » est gardée : elle vaut pour les demandes à venir.", name=name))
    return redirect(url_for("rules.list_rules"), 303)


def _write(form: RuleForm, rule: TriageRule | None) -> str:
    if rule is None:
        return rulebook.add(form.content(), by=g.person).name
    seen = int(form.seen.data) if (form.seen.data or "").isdecimal() else -1
    rulebook.change(rule, form.content(), seen=seen, by=g.person)
    return rule.name


def _mark(form: RuleForm, problem: Invalid) -> None:
    form[problem.field or "name"].errors = [str(problem)]


def _form_page(form: RuleForm, rule: TriageRule | None, problem: str = "") -> str:
    history = db.session.scalars(queries.versions(rule.id).limit(SHOWN)).all() if rule else []
    form.seen.data = str(history[0].number if history else 0)
    return render_template(
        "administration/rule.html",
        form=form,
        rule=rule,
        history=history,
        who=_names({version.person_id for version in history}),
        problem=problem,
    )


def _names(person_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Person.id, Person.name).where(
            Person.centre_id == g.centre.id, Person.id.in_(person_ids)
        )
    )
    return {row.id: row.name for row in rows}


def _seen(ticket_ids: set[int]) -> dict[int, Ticket]:
    """Those of these requests that this person may read."""
    found = db.session.scalars(visible_to(g.person).where(Ticket.id.in_(ticket_ids)))
    return {ticket.id: ticket for ticket in found}
