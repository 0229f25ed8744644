"""The pages of the directory: one list and one form for every kind of entry."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration.entries import KINDS, Kind
from contactcenter.administration.forms import EntryForm, TopicForm
from contactcenter.administration.paging import page_of
from contactcenter.administration.routing_forms import SkillForm
from contactcenter.db import db
from contactcenter.directory import actions, kiosk, queries
from contactcenter.directory.models import Site, Team, Topic
from contactcenter.errors import Conflict, NotFound
from contactcenter.escalation import trial_queries, trials
from contactcenter.escalation.alerts import MOST_A_DAY
from contactcenter.escalation.trial_models import Tried
from contactcenter.escalation.trial_page import found_by
from contactcenter.fields import whole_number
from contactcenter.links import public_url
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.routing_actions import choose_needs
from contactcenter.queues.routing_models import Skill

blueprint = Blueprint("administration", __name__)

TRIED = (Tried.LADDER, Tried.TEAM, Tried.TOPIC)


@blueprint.get("/directory")
@requires(Permission.EDIT_DIRECTORY)
def show_directory() -> ResponseReturnValue:
    counts = {code: db.session.scalar(kind.count()) for code, kind in KINDS.items()}
    return render_template("administration/directory.html", kinds=KINDS, counts=counts)


@blueprint.get("/directory/<kind>")
@requires(Permission.EDIT_DIRECTORY)
def list_entries(kind: str) -> ResponseReturnValue:
    of = _kind(kind)
    return render_template(
        "administration/entries.html", kinds=KINDS, kind=of, page=page_of(of.entries())
    )


@blueprint.get("/directory/<kind>/new")
@requires(Permission.EDIT_DIRECTORY)
def show_new_entry(kind: str) -> ResponseReturnValue:
    of = _kind(kind)
    return _form_page(of, of.form(formdata=None), None)


@blueprint.post("/directory/<kind>")
@requires(Permission.EDIT_DIRECTORY)
def create_entry(kind: str) -> ResponseReturnValue:
    of = _kind(kind)
    return _keep(of, of.form(), None)


@blueprint.get("/directory/<kind>/<int:entry_id>")
@requires(Permission.EDIT_DIRECTORY)
def show_entry(kind: str, entry_id: int) -> ResponseReturnValue:
    of = _kind(kind)
    entry = _entry(of, entry_id)
    return _form_page(of, of.form(formdata=None, obj=entry, data=_chosen(entry)), entry)


@blueprint.post("/directory/<kind>/<int:entry_id>")
@requires(Permission.EDIT_DIRECTORY)
def update_entry(kind: str, entry_id: int) -> ResponseReturnValue:
    of = _kind(kind)
    entry = _entry(of, entry_id)
    return _keep(of, of.form(obj=entry), entry)


@blueprint.post("/directory/<kind>/trials")
@requires(Permission.EDIT_DIRECTORY)
def create_trial(kind: str) -> ResponseReturnValue:
    """Try what stands in the form, kept or not, on the questions of the last month."""
    of, entry_id = _kind(kind), request.form.get("entry", 0, type=whole_number)
    if kind not in TRIED or not (entry_id or kind == Tried.LADDER):
        raise NotFound
    entry = _entry(of, entry_id) if entry_id else None
    form = of.form(obj=entry)
    if not form.validate_on_submit():
        return _form_page(of, form, entry), 422
    without = entry is not None and "without" in request.form and kind == Tried.LADDER
    trial = trials.begin(
        Tried.WITHOUT if without else Tried(kind),
        of.name_of(entry) if entry else str(of.add),
        {"teams": form.teams} if isinstance(form, TopicForm) else form.values(),
        by=g.person,
        entry_id=entry_id or None,
    )
    return redirect(url_for("administration.show_trial", trial_id=trial.id), 303)


@blueprint.get("/directory/trials/<int:trial_id>")
@requires(Permission.EDIT_DIRECTORY)
def show_trial(trial_id: int) -> ResponseReturnValue:
    trial = db.session.scalar(trial_queries.trial(trial_id))
    if trial is None:
        raise NotFound(_("Cet essai n’existe plus : ils sont gardés trente jours."))
    whole = "HX-Request" not in request.headers
    return render_template(
        "administration/ladder_trial.html" if whole else "administration/_ladder_trial.html",
        trial=trial,
        found=found_by(trial),
        kinds=KINDS,
        kind=KINDS["ladder" if trial.kind is Tried.WITHOUT else trial.kind],
        most_a_day=MOST_A_DAY,
    )


@blueprint.post("/directory/<kind>/<int:entry_id>/removal")
@requires(Permission.EDIT_DIRECTORY)
def remove_entry(kind: str, entry_id: int) -> ResponseReturnValue:
    of = _kind(kind)
    if not of.is_removable:
        raise NotFound
    entry = _entry(of, entry_id)
    flash(_("%(name)s : c’est retiré.", name=of.name_of(entry)))
    actions.remove(entry, kind=of.code, by=g.person)
    return redirect(url_for("administration.list_entries", kind=kind), 303)


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise NotFound
    return KINDS[code]


def _entry(kind: Kind, entry_id: int) -> Any:
    entry = db.session.scalar(kind.entry(entry_id))
    if entry is None:
        raise NotFound
    return entry


def _keep(kind: Kind, form: EntryForm, entry: Any | None) -> ResponseReturnValue:
    """Write the entry, or show the form again with what is to correct beside each field."""
    if not form.validate_on_submit():
        return _form_page(kind, form, entry), 422
    kept = entry or kind.model()
    try:
        actions.keep(kept, form.values(), kind=kind.code, by=g.person)
    except Conflict:
        form[kind.unique].errors = [_("Une autre entrée le porte déjà.")]
        return _form_page(kind, form, entry), 422
    if isinstance(form, TopicForm):
        actions.choose_teams(kept, form.teams, by=g.person)
    if isinstance(form, SkillForm):
        choose_needs(kept, form.queues.data or [], form.topics.data or [], by=g.person)
    flash(_("%(name)s : c’est gardé.", name=kind.name_of(kept)))
    return redirect(url_for("administration.list_entries", kind=kind.code), 303)


def _form_page(kind: Kind, form: EntryForm, entry: Any | None) -> str:
    return render_template(
        "administration/entry.html",
        kinds=KINDS,
        kind=kind,
        form=form,
        entry=entry,
        members=_members(entry),
        kiosk=_kiosk(entry),
        may_try=kind.code in TRIED and (entry is not None or kind.code == Tried.LADDER),
        address=request.path.removesuffix("/new"),
    )


def _kiosk(entry: Any | None) -> str | None:
    """The address of a place's tablet, as others must write it."""
    token = kiosk.token_of(entry) if isinstance(entry, Site) else None
    return public_url(f"/kiosk/{token}") if token else None


def _members(entry: Any | None) -> list[Any]:
    if not isinstance(entry, Team):
        return []
    return list(db.session.execute(queries.members_of(entry)))


def _chosen(entry: Any) -> dict[str, Any]:
    """What a form offers to choose beside the columns of the entry."""
    return _asking(entry) if isinstance(entry, Skill) else _chosen_teams(entry)


def _asking(skill: Skill) -> dict[str, Any]:
    routing = known_routing()
    return {
        "queues": [each for each, asked in routing.of_queue.items() if skill.id in asked],
        "topics": [each for each, asked in routing.of_topic.items() if skill.id in asked],
    }


def _chosen_teams(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Topic):
        return {}
    names = ("first_team", "second_team", "third_team")
    return dict(zip(names, db.session.scalars(queries.teams_of(entry)), strict=False))
