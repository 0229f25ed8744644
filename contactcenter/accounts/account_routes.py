"""A person's own account: language and look, keys, password, open sessions."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contactcenter import clock
from contactcenter.accounts import actions, queries, workstation
from contactcenter.accounts.browsers import browser_name
from contactcenter.accounts.forms import AccountForm, PasswordForm, TokensForm
from contactcenter.accounts.keymap import USUAL, WORDS, choose_keys
from contactcenter.accounts.leaving import leave
from contactcenter.accounts.passwords import hash_token
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid

blueprint = Blueprint("account", __name__)
blueprint.add_app_template_filter(browser_name)


@blueprint.get("/account")
@requires(Permission.SIGNED_IN)
def show_account() -> ResponseReturnValue:
    return _page(AccountForm.of(g.person), PasswordForm(formdata=None))


@blueprint.post("/account")
@requires(Permission.SIGNED_IN)
def update_account() -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(form, PasswordForm(formdata=None)), 422
    actions.choose_look(g.person, form.language.data, form.look)
    flash(_("Vos choix sont gardés."))
    response = _back()
    response.delete_cookie("lang")
    return response


@blueprint.post("/account/keys")
@requires(Permission.SIGNED_IN)
def update_keys() -> ResponseReturnValue:
    """Choose other keys; which one cannot be is said, and what was typed stays."""
    try:
        choose_keys(g.person, request.form)
    except Invalid as invalid:
        typed = {does: request.form.get(does, "")[:3] for does in USUAL}
        page = _page(
            AccountForm.of(g.person),
            PasswordForm(formdata=None),
            typed_keys=typed,
            key_problem=(invalid.field, str(invalid)),
        )
        return page, 422
    flash(_("Vos touches sont gardées."))
    return _back()


@blueprint.post("/account/password")
@requires(Permission.SIGNED_IN)
def update_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit() or not _changed(form):
        return _page(AccountForm.of(g.person), form), 422
    flash(_("Votre mot de passe est changé. Vos autres sessions sont fermées."))
    return _back()


def _changed(form: PasswordForm) -> bool:
    """Whether the password was changed; what was wrong stands beside its field."""
    try:
        actions.change_password(
            g.person, form.old.data, form.password.data, workstation.source(g.person.email)
        )
    except Invalid as invalid:
        form[invalid.field or "password"].errors = [str(invalid)]
        return False
    if form.tokens.data:
        actions.revoke_api_tokens_of(g.person, by=g.person)
    return True


@blueprint.post("/account/sessions/<int:session_id>/ending")
@requires(Permission.SIGNED_IN)
def end_session(session_id: int) -> ResponseReturnValue:
    actions.end_own_session(g.person, session_id)
    flash(_("Cette session est fermée."))
    return _back()


@blueprint.post("/sign-out-everywhere")
@requires(Permission.SIGNED_IN)
def delete_sessions() -> ResponseReturnValue:
    actions.sign_out_everywhere(g.person)
    if TokensForm().tokens.data:
        actions.revoke_api_tokens_of(g.person, by=g.person)
    return leave(_("Toutes vos sessions sont fermées."))


def _back() -> Response:
    return redirect(url_for("account.show_account"), 303)


def _page(form: AccountForm, password_form: PasswordForm, **keys: Any) -> str:
    sessions = db.session.scalars(queries.living_sessions(g.person, clock.now())).all()
    mine = hash_token(g.person.session_token)
    return render_template(
        "accounts/account.html",
        form=form,
        password_form=password_form,
        has_tokens=db.session.scalar(queries.own_tokens(g.person, clock.now()).limit(1))
        is not None,
        key_words=WORDS,
        usual_keys=USUAL,
        **keys,
        sessions=sessions,
        current_session_id=next(each.id for each in sessions if each.token_hash == mine),
    )
