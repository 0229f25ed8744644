"""Saying who someone at the counter is: find them, or note them for the first time."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.likeness import Described, alike
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.queries import matching
from contactcenter.citizens.rules import read_wanted, readable
from contactcenter.citizens.words import same_person
from contactcenter.db import db
from contactcenter.fields import whole_number
from contactcenter.intake.counter import actions, screen
from contactcenter.intake.counter.forms import PersonForm
from contactcenter.intake.counter.place import chosen_place
from contactcenter.intake.counter.routes import blueprint
from contactcenter.queues.models import Visit
from contactcenter.tickets.acquaintance import known


@blueprint.get("/visits/<int:visit_id>/citizen")
@requires(Permission.WORK_COUNTER)
def show_citizen(visit_id: int) -> ResponseReturnValue:
    return _page(_lock(visit_id), PersonForm())


@blueprint.post("/visits/<int:visit_id>/citizen")
@requires(Permission.WORK_COUNTER)
def update_citizen(visit_id: int) -> ResponseReturnValue:
    """Someone already known (`citizen`), someone new (the fields), or nobody (`anonymous`)."""
    visit = _lock(visit_id)
    chosen = request.form.get("citizen", type=whole_number)
    if chosen is not None:
        citizen = known(chosen, g.person, [*_found(request.form.get("who", "")), *_typed_alike()])
        actions.set_citizen(visit, citizen.id, by=g.person)
    elif "anonymous" in request.form:
        actions.set_citizen(visit, None, by=g.person)
    else:
        form = PersonForm()
        if not form.validate() or form.who.is_anonymous:
            return _page(visit, form), 422
        actions.set_citizen(
            visit,
            actions.recognise(form.who, visit.language, is_rehearsal=visit.is_rehearsal).id,
            by=g.person,
        )
    return redirect(url_for("counter.show"), 303)


@blueprint.post("/alike")
@requires(Permission.WORK_COUNTER)
def list_alike() -> ResponseReturnValue:
    """For a form being filled in: nothing is kept. Sent as a form, so that no address holds it."""
    return render_template(
        "intake/counter/_alike.html",
        people=[(each, same_person(each)) for each in alike(_typed(), citizens.country())],
        chosen=request.form.get("citizen", type=whole_number),
    )


def _typed() -> Described:
    sent = request.form
    return Described(
        name=sent.get("name", ""),
        phone=sent.get("phone", ""),
        email=sent.get("email", ""),
        birth_year=_year(sent.get("birth_year", "")),
    )


def _typed_alike() -> list[Citizen]:
    return [each.citizen for each in alike(_typed(), citizens.country())]


def _found(words: str) -> list[Citizen]:
    wanted = read_wanted(words[:200], citizens.country())
    return [] if wanted.is_nothing else list(db.session.scalars(matching(wanted)))


def _year(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None


def _lock(visit_id: int) -> Visit:
    return actions.lock(visit_id, chosen_place(g.person))


def _page(visit: Visit, form: PersonForm) -> str:
    words = request.args.get("who", "")
    return render_template(
        "intake/counter/citizen.html",
        hand=screen.shown(visit, g.person),
        form=form,
        words=words,
        found=_found(words),
        readable=lambda phone: readable(phone, citizens.country()),
    )
