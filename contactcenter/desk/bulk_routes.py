"""Acts on many requests: choose what to do, follow it, and take it back."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import listing, queries, records
from contactcenter.desk.choices import choices
from contactcenter.desk.listing import Asked
from contactcenter.desk.queries import Reader
from contactcenter.desk.tags import tags
from contactcenter.desk.topics import topic_names
from contactcenter.desk.words import speak
from contactcenter.errors import Invalid
from contactcenter.fields import whole_number
from contactcenter.languages import zone
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import known_to
from contactcenter.worklists import actions, tallies
from contactcenter.worklists.models import Act, BulkAct, Outcome, Refusal
from contactcenter.worklists.queries import acts_of, rows_of
from contactcenter.worklists.words import ON_REQUESTS

blueprint = Blueprint("bulk", __name__)
speak(blueprint)

SHOWN = 50
REFUSALS = {
    Refusal.UNSEEN: _l("n’est pas, ou plus, à vous"),
    Refusal.STATUS: _l("son état ne le permet pas"),
    Refusal.UNFIT: _l("cette valeur ne lui convient pas"),
    Refusal.CHANGED_SINCE: _l("quelqu’un l’a changée depuis"),
}


@blueprint.get("/bulk/new")
@requires(Permission.WORK_TICKETS)
def show_new_bulk() -> ResponseReturnValue:
    """What to do with the requests that were ticked, or with all of the list."""
    asked, names = Asked.from_address(), request.args.getlist("id")
    wants_all = "all" in request.args and not asked.words
    total = len(_every_id(asked)) if wants_all else len(_ids(names))
    return render_template(
        "desk/bulk_new.html",
        asked=asked,
        names=[] if wants_all else names,
        wants_all=wants_all,
        total=min(total, actions.MOST),
        has_more=total > actions.MOST,
        most=actions.MOST,
        choices=choices(g.person, listing.own_queues(g.person)),
        queues=records.queues_for_requests(),
        topics=topic_names(),
        tags=tags(),
    )


@blueprint.get("/bulk")
@requires(Permission.WORK_TICKETS)
def list_bulks() -> ResponseReturnValue:
    latest = (
        acts_of(g.person, ON_REQUESTS)
        .order_by(BulkAct.begun_at.desc(), BulkAct.id.desc())
        .limit(20)
    )
    return render_template(
        "desk/bulks.html", bulks=db.session.scalars(latest).all(), acts=ON_REQUESTS
    )


@blueprint.post("/bulk")
@requires(Permission.WORK_TICKETS)
def create_bulk() -> ResponseReturnValue:
    act = Act(request.form["act"]) if request.form.get("act") in ON_REQUESTS else None
    if act is None:
        raise Invalid("", "act")
    names = request.form.getlist("id")
    ids = _every_id(_asked_again()) if "all" in request.form else _ids(names)
    reason = request.form.get("reason", "")
    bulk = actions.begin(act, _value(act, g.person), ids, by=g.person, reason=reason)
    return redirect(url_for("bulk.show_bulk", bulk_id=bulk.id), 303)


@blueprint.get("/bulk/<int:bulk_id>")
@requires(Permission.WORK_TICKETS)
def show_bulk(bulk_id: int) -> ResponseReturnValue:
    bulk = actions.own_act(bulk_id, person=g.person, among=ON_REQUESTS)
    fragment = request.headers.get("HX-Request")
    return render_template("desk/_bulk.html" if fragment else "desk/bulk.html", **_shown(bulk))


@blueprint.post("/bulk/<int:bulk_id>/undoing")
@requires(Permission.WORK_TICKETS)
def create_undoing(bulk_id: int) -> ResponseReturnValue:
    back = actions.undo(actions.own_act(bulk_id, person=g.person, among=ON_REQUESTS), by=g.person)
    return redirect(url_for("bulk.show_bulk", bulk_id=back.id), 303)


def _shown(bulk: BulkAct) -> dict[str, Any]:
    after = request.args.get("after", 0, type=whole_number)
    refused = db.session.execute(rows_of(bulk, Outcome.REFUSED, after, SHOWN + 1)).all()
    return {
        "bulk": bulk,
        "word": ON_REQUESTS[bulk.act],
        "tally": tallies.tally_of(bulk),
        "refused": refused[:SHOWN],
        "next_after": refused[SHOWN - 1][0].id if len(refused) > SHOWN else None,
        "may_undo": actions.may_undo(bulk),
        "undo_minutes": round(actions.UNDO_WITHIN.total_seconds() / 60),
        "refusals": REFUSALS,
    }


def _asked_again() -> Asked:
    """The list, as one field: its filters have the names of what can be changed."""
    return Asked.read(dict(parse_qsl(request.form["all"])))


def _every_id(asked: Asked) -> list[int]:
    reader = Reader(g.person, list(listing.own_queues(g.person)))
    return queries.every_id(asked.wanted, reader, actions.MOST)


def _ids(names: list[str]) -> list[int]:
    """Of the references that were ticked; what is not known here is none."""
    wanted = known_to(g.person).where(Ticket.reference.in_(names[: actions.MOST]))
    return list(db.session.scalars(wanted.with_only_columns(Ticket.id)))


def _value(act: Act, person: Person) -> str:
    written = request.form.get(act.value, "").strip()[:40]
    if act is Act.ASSIGN and written == "me":
        return str(person.id)
    if act is Act.SNOOZE:
        return _moment(written)
    return "" if act in (Act.WAIT, Act.RESOLVE, Act.CLOSE) else written


def _moment(written: str) -> str:
    """On the centre's clock; what is no moment is refused by the act."""
    local = listing.moment(written)
    return local.replace(tzinfo=zone()).isoformat() if local else ""
