"""The tokens by which other programs act in a person's name; who keeps people sees all of them."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select

from contactcenter import clock
from contactcenter.accounts import actions, queries, workstation
from contactcenter.accounts.models import ApiToken, Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration.paging import Page, page_of
from contactcenter.administration.token_forms import SCOPE_WORDS, TokenForm
from contactcenter.db import db
from contactcenter.errors import NotFound, TooMany

blueprint = Blueprint("tokens", __name__)


@blueprint.get("/tokens")
@requires(Permission.SIGNED_IN)
def list_tokens() -> ResponseReturnValue:
    page = page_of(_visible())
    return render_template(
        "administration/tokens.html", page=page, people=_people(page), words=SCOPE_WORDS
    )


@blueprint.get("/tokens/new")
@requires(Permission.SIGNED_IN)
def show_new_token() -> ResponseReturnValue:
    return render_template("administration/token.html", form=TokenForm(formdata=None))


@blueprint.post("/tokens")
@requires(Permission.SIGNED_IN)
def create_token() -> ResponseReturnValue:
    """The token is shown this once; only its hash is kept."""
    form = TokenForm()
    if not form.validate_on_submit():
        return render_template("administration/token.html", form=form), 422
    if not _is_own(form):
        return render_template("administration/token.html", form=form), 422
    token = actions.make_api_token(
        g.person, form.scopes.data or [], form.name.data or "", int(form.days.data)
    )
    return render_template("administration/token_made.html", name=form.name.data, token=token), 201


@blueprint.post("/tokens/<int:token_id>/revocation")
@requires(Permission.SIGNED_IN)
def revoke_token(token_id: int) -> ResponseReturnValue:
    token: ApiToken | None = db.session.scalar(_visible().where(ApiToken.id == token_id))
    if token is None:
        raise NotFound
    actions.revoke_api_token(token, by=g.person)
    flash(_("Ce jeton n’ouvre plus rien."))
    return redirect(url_for("tokens.list_tokens"), 303)


def _is_own(form: TokenForm) -> bool:
    """Whether the password is that of who asks; else it is said beside the field."""
    password = form.password.data or ""
    source = workstation.source(g.person.email)
    try:
        if actions.check_password(g.person.email, password, source) is not None:
            return True
        form.password.errors = [_("Ce n’est pas votre mot de passe actuel.")]
    except TooMany as too_many:
        form.password.errors = [str(too_many)]
    return False


def _visible() -> Select[Any]:
    """One's own; who keeps the people of the centre sees everybody's."""
    tokens = queries.tokens_of(g.centre.id, clock.now())
    if g.person.may(Permission.MANAGE_PEOPLE):
        return tokens
    return tokens.where(ApiToken.person_id == g.person.id)


def _people(page: Page) -> dict[int, str]:
    ids = {token.person_id for token in page.rows}
    named = select(Person.id, Person.name).where(
        Person.centre_id == g.centre.id, Person.id.in_(ids)
    )
    return {row[0]: row[1] for row in db.session.execute(named)}
