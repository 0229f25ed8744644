"""The telephone page: take the call that rings, talk, note what was said, be ready again."""

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.fields import whole_number
from contactcenter.intake.phone import (
    handing,
    offers,
    posts,
    promising,
    queries,
    screen,
    serving,
    targets,
)
from contactcenter.intake.phone.forms import PostForm, SaidForm
from contactcenter.intake.phone.models import Offer, PhoneCall
from contactcenter.languages import clock_time

blueprint = Blueprint("phone", __name__, url_prefix="/phone")


@blueprint.app_context_processor
def tell_missed_call() -> dict[str, Callable[[], Offer | None]]:
    """For pages of other work: the call whose silence made one unavailable, looked up if asked."""
    return {"missed_call": lambda: db.session.scalar(queries.missed_offer(g.person))}


@blueprint.get("")
@requires(Permission.WORK_PHONE)
def show() -> ResponseReturnValue:
    posts.see(g.person)
    return _page()


@blueprint.get("/live")
@requires(Permission.WORK_PHONE)
def show_live() -> ResponseReturnValue:
    """The part that changes. Asking for it is a sign of life: only whoever gives one is rung."""
    posts.see(g.person)
    seen = screen.look(g.person)
    return render_template("intake/phone/_live.html", screen=seen, said=_for_call(seen))


@blueprint.post("/post")
@requires(Permission.WORK_PHONE)
def update_post() -> ResponseReturnValue:
    form = PostForm()
    try:
        posts.set_number(g.person, form.number.data or "")
    except Invalid as wrong:
        form.number.errors = [str(wrong)]
        return _page(post=form), 422
    flash(_("Votre poste est noté."))
    return _back()


@blueprint.post("/offers/<int:visit_id>/acceptance")
@requires(Permission.WORK_PHONE)
def create_acceptance(visit_id: int) -> ResponseReturnValue:
    offers.accept(visit_id, by=g.person)
    return _back()


@blueprint.post("/offers/<int:visit_id>/refusal")
@requires(Permission.WORK_PHONE)
def create_refusal(visit_id: int) -> ResponseReturnValue:
    offers.decline(visit_id, by=g.person)
    flash(_("L’appel sonne chez un collègue. La personne garde sa place."))
    return _back()


@blueprint.post("/calls/<int:call_id>/reached")
@requires(Permission.WORK_PHONE)
def create_reached(call_id: int) -> ResponseReturnValue:
    promising.reach(serving.own(call_id, g.person))
    return _back()


@blueprint.post("/calls/<int:call_id>/unreached")
@requires(Permission.WORK_PHONE)
def create_unreached(call_id: int) -> ResponseReturnValue:
    """A voicemail picked up the call that was promised."""
    call = serving.own(call_id, g.person)
    promising.refuse_voicemail(call)
    flash(
        _(
            "Pas joint : la personne attend toujours d’être rappelée, dès %(time)s.",
            time=_again(call),
        )
        if call.ended_at is None
        else _("Pas joint au dernier essai : l’appel promis est clos.")
    )
    return _back()


@blueprint.post("/calls/<int:call_id>/end")
@requires(Permission.WORK_PHONE)
def create_end(call_id: int) -> ResponseReturnValue:
    """Hang up; what was typed so far is kept with the request."""
    form = SaidForm()
    if not form.validate():
        return _page(said=form), 422
    serving.write_down(call_id, form.text.data or "", by=g.person)
    serving.hang_up(call_id, by=g.person)
    return _back()


@blueprint.post("/calls/<int:call_id>/record")
@requires(Permission.WORK_PHONE)
def create_record(call_id: int) -> ResponseReturnValue:
    form = SaidForm()
    if not form.validate():
        return _page(said=form), 422
    then = request.form.get("then", "")
    if then in ("resolve", "keep"):
        is_settled = then == "resolve"
        serving.wrap_up(call_id, form.text.data or "", by=g.person, is_settled=is_settled)
        flash(
            _("Noté, demande terminée. L’appel suivant peut sonner.")
            if is_settled
            else _("Noté, la demande reste ouverte. L’appel suivant peut sonner.")
        )
    else:
        serving.write_down(call_id, form.text.data or "", by=g.person)
        flash(_("Noté dans la demande."))
    return _back()


@blueprint.post("/calls/<int:call_id>/hold")
@requires(Permission.WORK_PHONE)
def create_hold(call_id: int) -> ResponseReturnValue:
    """Music for the caller; what was typed so far is kept with the request."""
    return _typed(call_id, handing.hold)


@blueprint.post("/calls/<int:call_id>/hold/end")
@requires(Permission.WORK_PHONE)
def end_hold(call_id: int) -> ResponseReturnValue:
    return _typed(call_id, handing.take_back)


@blueprint.post("/calls/<int:call_id>/transfer")
@requires(Permission.WORK_PHONE)
def create_transfer(call_id: int) -> ResponseReturnValue:
    """To a line, a colleague or a team on duty: `to` is one of these with its id."""
    serving.own(call_id, g.person)
    form = SaidForm()
    if not form.validate():
        return _page(said=form), 422
    text, (kind, to_id) = form.text.data or "", _target(request.form.get("to", ""))
    if kind == "queue":
        handing.to_queue(call_id, targets.queue_named(to_id), text, by=g.person)
    elif kind == "person":
        colleague = targets.colleague_named(to_id, by=g.person)
        handing.to_person(call_id, colleague, text, by=g.person)
    else:
        may_share = "may_share" in request.form
        team = targets.team_named(to_id)
        handing.to_team(call_id, team, text, may_share=may_share, by=g.person)
    flash(_("Appel transféré. La personne garde sa place, et sa demande la suit."))
    return _back()


def _again(call: PhoneCall) -> str:
    return clock_time(call.try_after) if call.try_after else ""


def _target(written: str) -> tuple[str, int]:
    """Of what the page offers: `queue`, `person` or `team`, with its id. Raises Invalid."""
    kind, _dash, number = written.partition("-")
    try:
        to_id = whole_number(number)
    except ValueError:
        to_id = 0
    if kind not in ("queue", "person", "team") or not to_id:
        raise Invalid(_("Choisissez à qui transférer l’appel."))
    return kind, to_id


def _typed(call_id: int, act: Callable[..., None]) -> ResponseReturnValue:
    form = SaidForm()
    if not form.validate():
        return _page(said=form), 422
    serving.write_down(call_id, form.text.data or "", by=g.person)
    act(call_id, by=g.person)
    return _back()


def _page(*, said: SaidForm | None = None, post: PostForm | None = None) -> str:
    seen = screen.look(g.person)
    if post is None:
        post = PostForm(formdata=None, number=seen.number or "")
    return render_template(
        "intake/phone/show.html", screen=seen, said=_for_call(seen, said), post=post
    )


def _for_call(seen: screen.Screen, form: SaidForm | None = None) -> SaidForm:
    """The form of this call alone: what was typed for one never stays for the next."""
    form = form or SaidForm(formdata=None)
    if seen.caller is not None:
        form.text.id = f"said-{seen.caller.call.id}"
    return form


def _back() -> ResponseReturnValue:
    return redirect(url_for("phone.show"), 303)
