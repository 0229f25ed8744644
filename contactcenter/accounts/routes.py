"""The way in and out, and a person's own account."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from contactcenter.accounts import actions
from contactcenter.accounts.forms import SignInForm
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.languages import LANGUAGES

blueprint = Blueprint("accounts", __name__)

LAST_EMAIL = "last"  # cookie: who used this shared workstation last, to come back in 5 seconds


@blueprint.get("/sign-in")
@requires(Permission.PUBLIC)
def show_sign_in() -> ResponseReturnValue:
    form = SignInForm(email=request.cookies.get(LAST_EMAIL, ""))
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/sign-in")
@requires(Permission.PUBLIC)
def create_session() -> ResponseReturnValue:
    form = SignInForm()
    person = None
    if form.validate_on_submit():
        person = actions.check_password(
            form.email.data or "", form.password.data or "", request.remote_addr or ""
        )
        if person is None:
            form.password.errors = [_("Adresse ou mot de passe inexact.")]
    if person is None:
        return render_template("accounts/sign_in.html", form=form), 422
    actions.open_session(person, request.user_agent.string)
    login_user(person)
    response = redirect(_safe_next(request.form.get("next")) or "/", 303)
    response.set_cookie(LAST_EMAIL, person.email, max_age=12 * 3600, httponly=True, samesite="Lax")
    return response


@blueprint.post("/sign-out")
@requires(Permission.SIGNED_IN)
def delete_session() -> ResponseReturnValue:
    actions.close_session(g.person.session_token)
    logout_user()
    response = redirect(url_for("accounts.show_sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.post("/sign-out-everywhere")
@requires(Permission.SIGNED_IN)
def delete_sessions() -> ResponseReturnValue:
    actions.sign_out_everywhere(g.person)
    logout_user()
    flash(_("Toutes vos sessions sont fermées."))
    return redirect(url_for("accounts.show_sign_in"), 303)


@blueprint.post("/language")
@requires(Permission.PUBLIC)
def update_language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    response = redirect(_safe_next(request.form.get("next")) or "/", 303)
    if chosen in LANGUAGES:
        response.set_cookie("lang", chosen, max_age=365 * 86400, samesite="Lax")
    return response


def _safe_next(target: str | None) -> str | None:
    """A path of this site or nothing: never another host, however it is spelt."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\") or "\\" in target:
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
