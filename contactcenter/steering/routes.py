"""Protocols: what may be done, what is in force, who started it and what it changed."""

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import current_centre, db
from contactcenter.errors import Invalid, NotFound
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.queries import all_queues
from contactcenter.steering import actions, forms, queries
from contactcenter.steering.models import Protocol, ProtocolRun

MOST_RUNS = 50
# People are lent, calls announced and written up only where agents are members of the queue.
KINDS = (QueueKind.PHONE, QueueKind.WRITTEN)

blueprint = Blueprint("steering", __name__, url_prefix="/protocols")


@blueprint.get("")
@requires(Permission.STEER)
def show() -> ResponseReturnValue:
    return render_template(
        "steering/show.html",
        protocols=db.session.execute(queries.protocols()).all(),
        runs=db.session.execute(queries.runs().limit(MOST_RUNS)).all(),
        **_choices(),
    )


@blueprint.get("/new")
@requires(Permission.EDIT_DIRECTORY)
def show_new() -> ResponseReturnValue:
    return render_template("steering/edit.html", protocol=None, wrong=None, **_choices())


@blueprint.get("/<int:protocol_id>")
@requires(Permission.EDIT_DIRECTORY)
def show_protocol(protocol_id: int) -> ResponseReturnValue:
    found = _protocol(protocol_id)
    return render_template("steering/edit.html", protocol=found, wrong=None, **_choices())


@blueprint.post("")
@requires(Permission.EDIT_DIRECTORY)
def create_protocol() -> ResponseReturnValue:
    return _save(Protocol())


@blueprint.post("/<int:protocol_id>")
@requires(Permission.EDIT_DIRECTORY)
def update_protocol(protocol_id: int) -> ResponseReturnValue:
    return _save(_protocol(protocol_id))


@blueprint.post("/<int:protocol_id>/runs")
@requires(Permission.STEER)
def create_run(protocol_id: int) -> ResponseReturnValue:
    protocol = _protocol(protocol_id)
    actions.start(protocol, _reason(), by=g.person)
    flash(_("Le protocole « %(name)s » est en cours.", name=protocol.name))
    return redirect(url_for("steering.show"), 303)


@blueprint.post("/runs/<int:run_id>/end")
@requires(Permission.STEER)
def create_end(run_id: int) -> ResponseReturnValue:
    run: ProtocolRun = actions.locked_run(run_id)
    actions.end(run, _reason(), by=g.person)
    flash(_("Le protocole est arrêté, ce qu’il avait changé est rétabli."))
    return redirect(url_for("steering.show"), 303)


def _save(protocol: Protocol) -> ResponseReturnValue:
    allowed = {queue.id for queue in _queues()}
    try:
        with db.session.no_autoflush:
            forms.fill(protocol, request.form, queue_ids=allowed)
            _refuse_second_name(protocol)
    except Invalid as wrong:
        page = render_template("steering/edit.html", protocol=protocol, wrong=wrong, **_choices())
        db.session.expunge_all()  # nothing of it is kept
        return page, 422
    actions.approve(protocol, by=g.person)
    flash(_("Le protocole est approuvé."))
    return redirect(url_for("steering.show"), 303)


def _refuse_second_name(protocol: Protocol) -> None:
    other = db.session.scalar(
        select(Protocol.id).where(
            Protocol.centre_id == current_centre(), Protocol.name == protocol.name
        )
    )
    if other is not None and other != protocol.id:
        raise Invalid(_("Un autre protocole porte déjà ce nom."), "name")


def _protocol(protocol_id: int) -> Protocol:
    found: Protocol | None = db.session.scalar(queries.locked(protocol_id))
    if found is None:
        raise NotFound(_("Ce protocole n’existe pas."))
    return found


def _reason() -> str:
    why = " ".join(request.form.get("why", "").split())[:300]
    if not why:
        raise Invalid(_("Dites pourquoi, en quelques mots."))
    return why


def _queues() -> Sequence[Queue]:
    return db.session.scalars(all_queues(*KINDS)).all()


def _choices() -> dict[str, object]:
    people = db.session.scalars(
        select(Person)
        .where(Person.centre_id == current_centre(), Person.disabled_at.is_(None))
        .order_by(Person.name)
    ).all()
    able = [each for each in people if each.may(Permission.STEER)]
    queues = _queues()
    return {
        "queues": queues,
        "people": able,
        "names": {queue.id: queue.name for queue in queues},
        "person_names": {each.id: each.name for each in people},
        "languages": g.centre.languages,
    }
