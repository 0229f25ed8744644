"""The public form: one page that works without JavaScript, one request however often it is sent."""

from http import HTTPStatus

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

from contactcenter.accounts.doors import stand_before
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens.models import Reach
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.intake.follow_up.opened import opened, remember
from contactcenter.intake.web import actions, limits, queries, topics
from contactcenter.intake.web.actions import Asked
from contactcenter.intake.web.forms import BY_CODE, WAYS, AskForm
from contactcenter.intake.web.sent import sent
from contactcenter.intake.web.tokens import FormToken, new_token, read_token, token_again
from contactcenter.pages import error_page

blueprint = Blueprint("web", __name__, url_prefix="/ask")

QUICKEST_SECONDS = 3  # a program sends a form sooner than anyone can read it


@blueprint.get("")
@requires(Permission.PUBLIC)
def show() -> ResponseReturnValue:
    """The form of the only centre, or of the one this installation is for; else the choice."""
    centres = list(db.session.scalars(queries.centres()))
    usual = current_app.config["SETTINGS"].default_centre
    for centre in centres:
        if len(centres) == 1 or centre.code == usual:
            return redirect(url_for("web.show_form", code=centre.code), 303)
    return render_template("intake/web/centres.html", centres=centres)


@blueprint.get("/<code>")
@requires(Permission.PUBLIC)
def show_form(code: str) -> ResponseReturnValue:
    stand_before(code)
    form = _form(formdata=None)
    form.topic.data = _id_of(request.args.get("topic"))
    return _page(form)


@blueprint.get("/<code>/topic")
@requires(Permission.PUBLIC)
def show_topic(code: str) -> ResponseReturnValue:
    stand_before(code)
    chosen = topics.chosen(request.args.get("topic"))
    if request.headers.get("HX-Request") != "true":
        topic_id = chosen.id if chosen else None
        return redirect(url_for("web.show_form", code=code, topic=topic_id), 303)
    return render_template("intake/web/_topic.html", leaflet=topics.leaflet(chosen))


@blueprint.post("/<code>")
@requires(Permission.PUBLIC)
def create(code: str) -> ResponseReturnValue:
    stand_before(code)
    form = _form()
    if "look" in request.form:  # the button of who has no JavaScript: what to know of the topic
        return _page(form)
    token, address = read_token(form.token.data or ""), request.remote_addr or ""
    if form.remarks.data:
        actions.refuse_trapped(address)
        form.remarks.errors = [_("Ce champ doit rester vide.")]
        return _page_again(form), 422
    if not limits.may_send(address, open_seconds=token.open_seconds if token else 0):
        actions.refuse_many(address)  # before anything that was sent is read into memory
        return _page_again(form, problem=_too_many()), 429
    if not form.validate_on_submit():
        return _page_again(form), 422
    if token is None or (not token.is_again and token.open_seconds < QUICKEST_SECONDS):
        return _page_again(form, problem=_("Relisez votre demande, puis envoyez-la.")), 422
    return _send(form, token)


@blueprint.get("/<code>/receipt")
@requires(Permission.PUBLIC)
def show_receipt(code: str) -> ResponseReturnValue:
    """What to keep of a request that was just sent: its number, its code, what comes next."""
    ticket = opened()
    receipt = sent(ticket) if ticket and g.centre.code == code else None
    if receipt is None:
        return redirect(url_for("web.show_form", code=code), 303)
    return render_template("intake/web/receipt.html", receipt=receipt)


@blueprint.errorhandler(CSRFError)
def show_again(_error: CSRFError) -> ResponseReturnValue:
    """A form that was open too long, or a browser without cookies: nothing typed is lost."""
    try:
        stand_before((request.view_args or {}).get("code", ""))
    except NotFound as unknown:
        return error_page(unknown.status, str(unknown))
    told = _(
        "Votre navigateur ne nous a pas reconnu. Acceptez les cookies de ce site, puis envoyez de"
        " nouveau : votre texte est encore là."
    )
    return _page_again(_form(), problem=told), 400


@blueprint.errorhandler(RequestEntityTooLarge)
def say_too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """It was not read, so that it cannot be shown again: the browser's way back still has it."""
    page = render_template("intake/web/too_large.html", **_bounds())
    return page, HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def _send(form: AskForm, token: FormToken) -> ResponseReturnValue:
    chosen = topics.chosen(form.topic.data)
    ticket = actions.ask(
        Asked(
            nonce=token.nonce,
            text=form.text.data or "",
            language=form.language.data,
            topic_id=chosen.id if chosen else None,
            reach=Reach(form.reach.data) if form.reach.data != BY_CODE else None,
            name=form.name.data or "",
            email=form.email.data or "",
            phone=form.phone.data or "",
            uploads=form.uploads,
        )
    )
    limits.note_sent(request.remote_addr or "")
    remember(ticket)
    return redirect(url_for("web.show_receipt", code=g.centre.code), 303)


def _form(**kwargs: None) -> AskForm:
    has_line = db.session.scalar(queries.a_line()) is not None
    ways = [way for way in WAYS if way != Reach.SMS or has_line]
    return AskForm(topics=topics.choices(), ways=ways, **kwargs)


def _page_again(form: AskForm, problem: str = "") -> str:
    """With what is to correct; sent again, it is not judged by how quickly."""
    form.token.data = token_again(form.token.data or "")
    return _page(form, problem)


def _page(form: AskForm, problem: str = "") -> str:
    if read_token(form.token.data or "") is None:
        form.token.data = new_token()
    return render_template(
        "intake/web/form.html",
        form=form,
        problem=problem,
        leaflet=topics.leaflet(topics.chosen(form.topic.data)),
        lost_files=any(request.files.getlist("files")),
        **_bounds(),
    )


def _bounds() -> dict[str, int]:
    settings = current_app.config["SETTINGS"]
    return {
        "most_files": settings.attachment_max_count,
        "most_megabytes": settings.attachment_max_bytes // 2**20,
    }


def _too_many() -> str:
    return _(
        "Beaucoup de demandes viennent de votre connexion en ce moment. La vôtre n’est pas encore"
        " envoyée : attendez une minute, puis envoyez-la de nouveau."
    )


def _id_of(written: str | None) -> str:
    chosen = topics.chosen(written)
    return str(chosen.id) if chosen else ""
