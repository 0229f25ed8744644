"""The follow-up page: the code is posted, never part of an address, and soon forgotten."""

import secrets

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.errors import ContactCenterError
from contactcenter.fields import whole_number
from contactcenter.intake.follow_up import actions
from contactcenter.intake.follow_up.conversation import conversation
from contactcenter.intake.follow_up.forms import CodeForm, WordsForm
from contactcenter.intake.follow_up.opened import forget, opened, remember
from contactcenter.intake.follow_up.standing import in_the_room, standing
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("follow_up", __name__, url_prefix="/follow-up")

SAID_AT_ONCE, MOST_SAID = 100, 5_000


class NotOpen(ContactCenterError):
    """No request is open in this browser, or not any more: the code is asked for."""


@blueprint.errorhandler(NotOpen)
def ask_code(_error: NotOpen) -> ResponseReturnValue:
    return redirect(url_for("follow_up.show"), 303)


@blueprint.get("")
@requires(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    ticket = opened()
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
    remember(found)
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
    actions.add_words(ticket, form.text.data, key=form.key.data or "", uploads=form.uploads)
    flash(_("C’est ajouté. Un agent le lira."))
    return _back()


@blueprint.post("/resolution")
@requires(Permission.PUBLIC)
def create_resolution() -> ResponseReturnValue:
    actions.say_solved(_ticket(for_change=True), was=request.form.get("was", ""))
    flash(_("Merci de l’avoir dit."))
    return _back()


@blueprint.post("/appointment-cancellation")
@requires(Permission.PUBLIC)
def create_appointment_cancellation() -> ResponseReturnValue:
    ticket = _ticket(for_change=True)
    actions.cancel_appointment(ticket, request.form.get("booking", 0, type=whole_number))
    flash(_("C’est noté : ce rendez-vous n’a pas lieu. Un agent vous dit la suite."))
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
    forget()
    return _back()


def _ticket(*, for_change: bool = False) -> Ticket:
    ticket = opened(for_change=for_change)
    if ticket is None:
        raise NotOpen
    return ticket


def _page(ticket: Ticket, form: WordsForm) -> str:
    form.key.data = form.key.data or secrets.token_hex(16)
    settings = current_app.config["SETTINGS"]
    most = min(max(request.args.get("said", 0, type=whole_number), SAID_AT_ONCE), MOST_SAID)
    words, has_more = conversation(ticket, most)
    return render_template(
        "intake/follow_up/show.html",
        standing=standing(ticket),
        conversation=words,
        earlier=most * 5 if has_more and most < MOST_SAID else None,
        form=form,
        lost_files=any(request.files.getlist("files")),
        most_files=settings.attachment_max_count,
        most_megabytes=settings.attachment_max_bytes // 2**20,
    )


def _code_page(form: CodeForm) -> str:
    return render_template("intake/follow_up/code.html", form=form)


def _back() -> ResponseReturnValue:
    return redirect(url_for("follow_up.show"), 303)
