"""The way in and out, the language of the pages, and the link of an invitation."""

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user

from contactcenter.accounts import actions, queries, workstation
from contactcenter.accounts.addresses import safe_next
from contactcenter.accounts.forms import InvitationForm, SignInForm
from contactcenter.accounts.leaving import leave
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import Scope, db, enter
from contactcenter.errors import Invalid, NotFound, TooMany
from contactcenter.fields import whole_number
from contactcenter.languages import LANGUAGES

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@requires(Permission.PUBLIC)
def show_sign_in() -> ResponseReturnValue:
    known = workstation.emails()
    who = request.args.get("who", type=whole_number, default=0)
    email = known[who] if 0 <= who < len(known) else ""
    return _sign_in_page(SignInForm(formdata=None, email=email, next=request.args.get("next")))


@blueprint.post("/sign-in")
@requires(Permission.PUBLIC)
def create_session() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    try:
        person = actions.check_password(
            form.email.data, form.password.data, workstation.source(form.email.data)
        )
    except TooMany as too_many:
        form.password.errors = [str(too_many)]
        return _sign_in_page(form), too_many.status
    if person is None:
        form.password.errors = [_("Adresse ou mot de passe inexact.")]
        return _sign_in_page(form), 422
    return _enter_as(person, safe_next(form.next.data))


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, known=workstation.emails())


def _enter_as(person: Person, onward: str | None) -> ResponseReturnValue:
    """Open a session of its own; what the browser kept of somebody else's is forgotten."""
    before = session.get("_user_id")
    if not (before and db.session.scalar(queries.session_owner(before)) == person.id):
        session.clear()  # else a form left open by this same person still has its good token
    actions.open_session(person, request.user_agent.string)
    login_user(person)
    response = redirect(onward or "/", 303)
    response.delete_cookie("lang")  # the choice of whoever sat here before
    workstation.remember(response, person.email)
    return response


@blueprint.post("/sign-out")
@requires(Permission.SIGNED_IN)
def delete_session() -> ResponseReturnValue:
    return leave()


@blueprint.post("/switch")
@requires(Permission.SIGNED_IN)
def create_switch() -> ResponseReturnValue:
    """Leave the workstation to the next person, who finds their address on a button."""
    return leave()


@blueprint.post("/language")
@requires(Permission.PUBLIC)
def update_language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    response = redirect(safe_next(request.form.get("next")) or "/", 303)
    if chosen not in LANGUAGES:
        return response
    if g.person:
        g.person.language = chosen
        response.delete_cookie("lang")
    else:
        response.set_cookie("lang", chosen, max_age=365 * 86400, httponly=True, samesite="Lax")
    return response


@blueprint.get("/invitations/<token>")
@requires(Permission.PUBLIC)
def show_invitation(token: str) -> ResponseReturnValue:
    return _invitation_page(_invited(token), InvitationForm())


@blueprint.post("/invitations/<token>")
@requires(Permission.PUBLIC)
def create_password(token: str) -> ResponseReturnValue:
    person = _invited(token)
    form = InvitationForm()
    if not form.validate_on_submit():
        return _invitation_page(person, form), 422
    try:
        actions.accept_invitation(person, form.password.data)
    except Invalid as invalid:
        form.password.errors = [str(invalid)]
        return _invitation_page(person, form), 422
    return _enter_as(person, None)


def _invited(token: str) -> Person:
    person = actions.invited(token)
    if person is None:
        raise NotFound(
            _("Cette invitation a déjà servi ou a plus de trois jours. Demandez-en une autre.")
        )
    enter(Scope(person.centre_id))
    return person


def _invitation_page(person: Person, form: InvitationForm) -> str:
    return render_template("accounts/invitation.html", form=form, invited=person)
