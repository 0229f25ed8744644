"""Two requests that are one, and one that is two: the review, the act, and the way back."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import records
from contactcenter.desk.seen import citizen_of, typed_reference, visible
from contactcenter.desk.ticket_routes import back
from contactcenter.desk.topics import topic_names
from contactcenter.desk.words import speak
from contactcenter.errors import Invalid, NotFound
from contactcenter.fields import whole_number
from contactcenter.regrouping import actions, queries
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import MessageKind, Ticket
from contactcenter.tickets.queries import content_is_for, of_citizen, timeline

blueprint = Blueprint("regrouping", __name__)
speak(blueprint)

MOST_OFFERED = 10


@blueprint.get("/tickets/<reference>/merges/new")
@requires(Permission.WORK_TICKETS)
def show_merge(reference: str) -> ResponseReturnValue:
    """What would move, and whose citizen stays. `with` is the reference of the other."""
    return _review(visible(reference), request.args.get("with", ""))


@blueprint.post("/tickets/<reference>/merges")
@requires(Permission.WORK_TICKETS)
def create_merge(reference: str) -> ResponseReturnValue:
    """Let the other request go on in this one."""
    form = request.form
    try:
        with db.session.begin_nested():
            done = actions.merge(
                reference,
                form.get("other", ""),
                by=g.person,
                takes_citizen=form.get("citizen") == "merged",
                is_sure="sure" in form,
            )
    except Invalid as problem:
        return _review(visible(reference), form.get("other", ""), str(problem)), 422
    said: Any = {
        "text": _("Les deux demandes n’en font plus qu’une."),
        "undo": url_for("regrouping.create_parting", reference=reference, merge_id=done.id),
        "undo_word": _("Séparer à nouveau"),
    }
    flash(said)
    return back(reference)


@blueprint.post("/tickets/<reference>/merges/<int:merge_id>/parting")
@requires(Permission.WORK_TICKETS)
def create_parting(reference: str, merge_id: int) -> ResponseReturnValue:
    visible(reference)
    done = actions.part(merge_id, by=g.person)
    flash(
        _(
            "De nouveau deux demandes : %(merged)s a repris ce qui venait d’elle. "
            "Ce qui est arrivé après la réunion reste ici.",
            merged=tickets.get(done.from_id).reference,
        )
    )
    return back(reference)


@blueprint.get("/tickets/<reference>/splits/new")
@requires(Permission.WORK_TICKETS)
def show_split(reference: str) -> ResponseReturnValue:
    return _choice(visible(reference))


@blueprint.post("/tickets/<reference>/splits")
@requires(Permission.WORK_TICKETS)
def create_split(reference: str) -> ResponseReturnValue:
    """Make a request of its own of the words that were chosen."""
    ticket = tickets.lock(reference, person=g.person)
    ids = request.form.getlist("message", type=whole_number)
    try:
        with db.session.begin_nested():
            made = actions.split(ticket, ids, request.form.get("subject", ""), by=g.person)
    except Invalid as problem:
        return _choice(ticket, str(problem)), 422
    flash(_("La nouvelle demande porte le numéro %(reference)s.", reference=made.reference))
    return back(made.reference)


@blueprint.post("/tickets/<reference>/splits/<int:split_id>/undoing")
@requires(Permission.WORK_TICKETS)
def create_undoing(reference: str, split_id: int) -> ResponseReturnValue:
    visible(reference)
    done = actions.unsplit(split_id, by=g.person)
    flash(_("Tout est revenu dans la demande d’origine, et ce qui a suivi aussi."))
    return redirect(
        url_for("ticket.show_ticket", reference=tickets.get(done.from_id).reference), 303
    )


@blueprint.get("/tickets/<reference>/regroupings")
@requires(Permission.WORK_TICKETS)
def list_regroupings(reference: str) -> ResponseReturnValue:
    """What was joined to a request or taken out of it; in its own pane for htmx, else a page."""
    ticket = visible(reference)
    rows = list(db.session.execute(queries.living_of(ticket)))
    names = records.names_of(row[0].done_by for row in rows)
    whole = "HX-Request" not in request.headers
    return render_template(
        "desk/regroupings.html" if whole else "desk/_regroupings.html",
        ticket=ticket,
        rows=rows,
        names={row.id: row.name for row in db.session.execute(names)},
    )


def _review(ticket: Ticket, wanted: str, problem: str = "") -> str:
    other, problem = _other(ticket, wanted, problem)
    kept, other_citizen = citizen_of(ticket), citizen_of(other) if other else None
    return render_template(
        "desk/join.html",
        ticket=ticket,
        other=other,
        others=[] if other else _others(ticket),
        wanted=wanted,
        problem=problem,
        citizens=(kept, other_citizen),
        topics=topic_names().all,
        are_two=bool(kept and other_citizen and kept.id != other_citizen.id),
        moves=db.session.execute(queries.what_moves(other)).one() if other else None,
    )


def _others(ticket: Ticket) -> Sequence[Ticket]:
    """What the same citizen asked besides, as far as this person reads it; the newest first."""
    if ticket.citizen_id is None:
        return []
    asked = of_citizen(g.person, ticket.citizen_id).where(
        content_is_for(g.person), Ticket.id != ticket.id
    )
    return db.session.scalars(asked.limit(MOST_OFFERED)).all()


def _other(ticket: Ticket, wanted: str, problem: str) -> tuple[Ticket | None, str]:
    """The other request by what was typed, as it goes on now; else what is wrong with it."""
    reference = typed_reference(wanted)
    if reference is None:
        return None, problem or (_("Écrivez une référence comme 2026-004512.") if wanted else "")
    try:
        other = tickets.survivor(visible(reference))
    except NotFound as unseen:
        return None, str(unseen)
    if other.id == ticket.id:
        return None, str(_("C’est déjà une seule demande : choisissez-en une autre."))
    return other, problem


def _choice(ticket: Ticket, problem: str = "") -> str:
    messages = db.session.scalars(timeline(ticket)).all()
    names = records.names_of(each.author_id for each in messages if each.author_id)
    return render_template(
        "desk/split.html",
        ticket=ticket,
        messages=messages,
        kinds=MessageKind,
        names={row.id: row.name for row in db.session.execute(names)},
        chosen=set(request.form.getlist("message", type=whole_number)),
        subject=request.form.get("subject", ""),
        problem=problem,
    )
