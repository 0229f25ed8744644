"""The follow-up page: the code is posted, never part of an address, and soon forgotten."""

import secrets
from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import Scope, db, enter
from contactcenter.errors import ContactCenterError
from contactcenter.intake.follow_up import actions
from contactcenter.intake.follow_up.forms import CodeForm, WordsForm
from contactcenter.intake.follow_up.standing import in_the_room, standing
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("follow_up", __name__, url_prefix="/follow-up")

KEPT = "follow_up"  # in the signed session: centre, request, until when
LASTS = timedelta(minutes=30)


class NotOpen(ContactCenterError):
    """No request is open in this browser, or not any more: the code is asked for."""


@blueprint.errorhandler(NotOpen)
def ask_code(_error: NotOpen) -> ResponseReturnValue:
    return redirect(url_for("follow_up.show"), 303)


@blueprint.get("")
@requires(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    ticket = _opened()
    return _page(ticket, WordsForm()) if ticket else _code_page(CodeForm())


@blueprint.post("")
@requires(Permission.PUBLIC)
def create() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    found = actions.find(form.code.data, request.remote_addr or "")
    if found is None:
        form.code.errors = [_("Aucune demande n’a ce code. Relisez-le signe par signe.")]
        return _code_page(form), 422
    centre, ticket = found
    session[KEPT] = [centre.id, ticket.id, (clock.now() + LASTS).timestamp()]
    return _back()


@blueprint.get("/place")
@requires(Permission.PUBLIC)
def show_place() -> ResponseReturnValue:
    return render_template("intake/follow_up/_place.html", line=in_the_room(_ticket()))


@blueprint.get("/messages")
@requires(Permission.PUBLIC)
def show_messages() -> ResponseReturnValue:
    return _back()


@blueprint.post("/messages")
@requires(Permission.PUBLIC)
def create_message() -> ResponseReturnValue:
    ticket = _ticket(for_change=True)
    form = WordsForm()
    if not form.validate_on_submit():
        return _page(ticket, form), 422
    actions.add_words(ticket, form.text.data, key=form.key.data or "")
    flash(_("C’est ajouté. Un agent le lira."))
    return _back()


@blueprint.post("/departure")
@requires(Permission.PUBLIC)
def create_departure() -> ResponseReturnValue:
    actions.give_back_number(_ticket())
    flash(_("Votre numéro est rendu. Merci de l’avoir dit."))
    return _back()


@blueprint.post("/closing")
@requires(Permission.PUBLIC)
def create_closing() -> ResponseReturnValue:
    session.pop(KEPT, None)
    return _back()


def _ticket(*, for_change: bool = False) -> Ticket:
    ticket = _opened(for_change=for_change)
    if ticket is None:
        raise NotOpen
    return ticket


def _opened(*, for_change: bool = False) -> Ticket | None:
    """The request this browser proved the code of; the wall of its centre is entered."""
    centre_id, ticket_id, until = session.get(KEPT, (0, 0, 0))
    if clock.now().timestamp() >= until:
        return None
    centre = db.session.get_one(Centre, centre_id)
    g.centre, g.timezone = centre, centre.timezone
    enter(Scope(centre.id))
    return db.session.get(Ticket, (centre_id, ticket_id), with_for_update=for_change)


def _page(ticket: Ticket, form: WordsForm) -> str:
    form.key.data = secrets.token_hex(16)
    return render_template("intake/follow_up/show.html", standing=standing(ticket), form=form)


def _code_page(form: CodeForm) -> str:
    return render_template("intake/follow_up/code.html", form=form)


def _back() -> ResponseReturnValue:
    return redirect(url_for("follow_up.show"), 303)
