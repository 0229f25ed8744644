"""The pages of the counter: choose one, then call, receive and see off, or give a number."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.directory.models import Counter, Site
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation.words import REFUSALS
from contactcenter.fields import whole_number
from contactcenter.intake.counter import actions, closing, entry, queries, screen
from contactcenter.intake.counter.forms import DoneForm, PlaceForm, WalkInForm
from contactcenter.intake.counter.place import NoPlace, Place, choose, chosen_place, place_of
from contactcenter.queues import presence
from contactcenter.queues.models import Visit
from contactcenter.queues.outcomes import Outcome

blueprint = Blueprint("counter", __name__, url_prefix="/counter")


@blueprint.errorhandler(NoPlace)
def ask_place(_error: NoPlace) -> ResponseReturnValue:
    return redirect(url_for("counter.show_place"), 303)


@blueprint.before_request
def note_sign_of_life() -> None:
    """Whatever is asked for here comes from someone who is at a counter."""
    if g.person is not None:
        presence.see(g.person)


@blueprint.get("")
@requires(Permission.WORK_COUNTER)
def show() -> ResponseReturnValue:
    place = chosen_place(g.person)
    return _page(place, entry.empty_form(place.queues))


@blueprint.get("/live")
@requires(Permission.WORK_COUNTER)
def show_live() -> ResponseReturnValue:
    return render_template("intake/counter/_live.html", **_shown(chosen_place(g.person)))


@blueprint.post("/presence")
@requires(Permission.WORK_COUNTER)
def create_presence() -> ResponseReturnValue:
    """The page says each minute that it is still open, also while nobody comes."""
    return "", 204


@blueprint.get("/place")
@requires(Permission.WORK_COUNTER)
def show_place() -> ResponseReturnValue:
    return _place_page(PlaceForm())


@blueprint.post("/place")
@requires(Permission.WORK_COUNTER)
def create_place() -> ResponseReturnValue:
    form = PlaceForm()
    form.counter.choices = [(row.Counter.id, row.Counter.name) for row in _counters()]
    if not form.validate_on_submit():
        return _place_page(form), 422
    try:
        choose(g.person, form.counter.data)
    except Invalid as wrong:
        form.counter.errors = [str(wrong)]
        return _place_page(form), 422
    return _back()


@blueprint.post("/visits")
@requires(Permission.WORK_COUNTER)
def create_visit() -> ResponseReturnValue:
    place = chosen_place(g.person)
    form = entry.empty_form(place.queues)
    if not form.validate():
        return _page(place, form), 422
    try:
        visit = entry.admit(form, place, by=g.person)
    except entry.Undecided as question:
        return _page(place, form, undecided=question), 422
    except Invalid as wrong:
        form[wrong.field or "topic"].errors = [str(wrong)]
        return _page(place, form), 422
    if visit.outcome is Outcome.FULL:
        flash(_("La file est pleine : proposez un rendez-vous ou un rappel."), "error")
    elif closing.is_closed(g.person.centre_id, visit.queue_id):
        flash(
            _("Ce lieu est fermé à cette heure : la personne ne sera peut-être pas appelée."),
            "error",
        )
    return redirect(url_for("counter.show", given=visit.id), 303)


@blueprint.post("/calls")
@requires(Permission.WORK_COUNTER)
def create_call() -> ResponseReturnValue:
    """Call the next person; whom one receives is seen off first, in the same action."""
    place = chosen_place(g.person)
    _finish_received(place)
    if actions.call_next(place, by=g.person) is None:
        flash(_("Personne n’attend."))
    return _back()


@blueprint.post("/visits/<int:visit_id>/calls")
@requires(Permission.WORK_COUNTER)
def create_call_of(visit_id: int) -> ResponseReturnValue:
    """Call this one: again if they are called already, else out of turn."""
    place = chosen_place(g.person)
    called = db.session.scalar(queries.called_by(g.person))
    if called is not None and called.id == visit_id:
        actions.call_again(actions.lock(visit_id, place), by=g.person)
    else:
        _finish_received(place)
        actions.call_out_of_turn(visit_id, place, by=g.person)
    return _back()


@blueprint.post("/visits/<int:visit_id>/service")
@requires(Permission.WORK_COUNTER)
def create_service(visit_id: int) -> ResponseReturnValue:
    actions.receive(_lock(visit_id), by=g.person)
    return _back()


@blueprint.post("/visits/<int:visit_id>/end")
@requires(Permission.WORK_COUNTER)
def create_end(visit_id: int) -> ResponseReturnValue:
    is_settled = request.form.get("settled") != "no"
    visit = _lock(visit_id)
    actions.finish(visit, _done().done.data or "", by=g.person, is_settled=is_settled)
    flash(
        _("%(number)s : terminé", number=visit.number)
        if is_settled
        else _("%(number)s : terminé, la demande reste ouverte", number=visit.number)
    )
    return _back()


@blueprint.post("/visits/<int:visit_id>/pause")
@requires(Permission.WORK_COUNTER)
def create_pause(visit_id: int) -> ResponseReturnValue:
    actions.set_aside(_lock(visit_id), _done().done.data or "", by=g.person)
    return _back()


@blueprint.post("/visits/<int:visit_id>/return")
@requires(Permission.WORK_COUNTER)
def create_return(visit_id: int) -> ResponseReturnValue:
    actions.put_back(_lock(visit_id), _done().done.data or "", by=g.person)
    return _back()


@blueprint.post("/visits/<int:visit_id>/departure")
@requires(Permission.WORK_COUNTER)
def create_departure(visit_id: int) -> ResponseReturnValue:
    visit = _lock(visit_id)
    actions.note_departure(visit, by=g.person)
    flash(_("%(number)s : départ noté", number=visit.number))
    return _back()


@blueprint.post("/visits/<int:visit_id>/absence")
@requires(Permission.WORK_COUNTER)
def create_absence(visit_id: int) -> ResponseReturnValue:
    visit = _lock(visit_id)
    actions.note_absence(visit, by=g.person)
    flash(_("%(number)s : ne s’est pas présenté", number=visit.number))
    return _back()


@blueprint.post("/visits/<int:visit_id>/topic")
@requires(Permission.WORK_COUNTER)
def update_topic(visit_id: int) -> ResponseReturnValue:
    visit, place, sent = _lock(visit_id), chosen_place(g.person), request.form
    try:
        topic_id = entry.topic_named(sent.get("topic", ""), sent.get("chosen", ""))
    except entry.Undecided as question:
        return _page(place, entry.empty_form(place.queues), undecided_of=(visit.id, question)), 422
    actions.set_topic(visit, topic_id, by=g.person)
    return _back()


def _lock(visit_id: int) -> Visit:
    return actions.lock(visit_id, chosen_place(g.person))


def _done() -> DoneForm:
    """What was typed. Raises Invalid if it is too long."""
    form = DoneForm()
    if not form.validate():
        raise Invalid(_("Ce texte est trop long : gardez l’essentiel, joignez le reste."), "done")
    return form


def _finish_received(place: Place) -> None:
    """See off whom one receives, with what the form says. Raises Conflict if the page is stale."""
    received = db.session.scalar(queries.received_by(g.person))
    form = _done()
    shown = form.visit.data or ""
    if shown != (str(received.id) if received else ""):
        raise Conflict(_("Votre guichet a changé entre-temps : regardez qui vous recevez."))
    if received is not None:
        visit = actions.lock(received.id, place)
        actions.finish(visit, form.done.data or "", by=g.person, is_settled=True)


def _page(
    place: Place,
    form: WalkInForm,
    *,
    undecided: entry.Undecided | None = None,
    undecided_of: tuple[int, entry.Undecided] | None = None,
) -> str:
    """The counter; with a question where a topic typed names no single one, here or of a visit."""
    form.key.data = secrets.token_hex(16)
    given = request.args.get("given", type=whole_number)
    return render_template(
        "intake/counter/show.html",
        form=form,
        given=entry.given(given, place) if given else None,
        undecided=undecided,
        undecided_of=undecided_of,
        **_shown(place),
    )


def _shown(place: Place) -> dict[str, object]:
    return {
        "screen": screen.look(g.person, place),
        "topics": screen.topic_labels().values(),
        "now": clock.now(),
        "refusal_words": REFUSALS,  # of the experts' panel
    }


def _counters() -> Sequence[Row[Counter, Site]]:
    return db.session.execute(queries.counters_for(g.person)).all()


def _place_page(form: PlaceForm) -> str:
    present = db.session.execute(queries.present_at_counters(g.person.centre_id, clock.now()))
    return render_template(
        "intake/counter/place.html",
        form=form,
        rows=_counters(),
        present={row.counter_id: row.Person.name for row in present},
        chosen=place_of(g.person),
    )


def _back() -> ResponseReturnValue:
    return redirect(url_for("counter.show"), 303)
