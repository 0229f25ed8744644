"""Working on a request together: put away, remind, follow, tick, link; and one’s own list."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import teamwork
from contactcenter.desk.listing import Asked
from contactcenter.desk.queries import Place
from contactcenter.desk.records import names_of
from contactcenter.desk.seen import typed_reference, visible
from contactcenter.desk.ticket_routes import back, onward
from contactcenter.desk.words import speak
from contactcenter.errors import Invalid
from contactcenter.fields import whole_number
from contactcenter.languages import moment, zone
from contactcenter.spreadsheets import as_csv
from contactcenter.teamwork import actions, queries
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("teamwork", __name__)
speak(blueprint)


@blueprint.get("/tickets/<reference>/work")
@requires(Permission.WORK_TICKETS)
def show_work(reference: str) -> ResponseReturnValue:
    """Fetched into the page of the request; a page of its own without scripts."""
    return _work(visible(reference), "desk/_work.html" if _in_page() else "desk/work.html")


@blueprint.get("/tickets/<reference>/held.csv")
@requires(Permission.WORK_TICKETS)
def show_held_csv(reference: str) -> ResponseReturnValue:
    """The bar of the page, in seconds: the same numbers, to take away."""
    header = [_("Demande"), _("Côté"), _("Qui"), _("Secondes"), _("Pour cent")]
    rows = (
        (reference, part.holder.value, part.label, int(part.time.total_seconds()), part.share)
        for part in teamwork.bar(visible(reference))
    )
    return as_csv(f"held-{reference}", header, rows)


@blueprint.post("/tickets/<reference>/snooze")
@requires(Permission.WORK_TICKETS)
def create_snooze(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    until = _moment(ticket)
    actions.snooze(ticket, until, by=g.person)
    said: Any = {
        "text": _("Remise à plus tard : elle revient %(when)s.", when=moment(until)),
        "undo": url_for("teamwork.create_waking", reference=reference),
    }
    flash(said)
    return onward(reference)


@blueprint.post("/tickets/<reference>/waking")
@requires(Permission.WORK_TICKETS)
def create_waking(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    if actions.wake(ticket.id, by_id=g.person.id):
        flash(_("La demande est de nouveau à faire."))
    return back(reference)


@blueprint.post("/tickets/<reference>/reminders")
@requires(Permission.WORK_TICKETS)
def create_reminder(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    at = _moment(ticket)
    actions.remind(ticket, at, request.form.get("text", ""), by=g.person)
    return _onward(ticket, _("Rappel noté pour %(when)s, pour vous seul.", when=moment(at)))


@blueprint.post("/tickets/<reference>/followers")
@requires(Permission.WORK_TICKETS)
def create_follower(reference: str) -> ResponseReturnValue:
    """Follow a request, or no longer."""
    ticket = tickets.lock(reference, person=g.person)
    if request.form.get("follow") == "no":
        actions.unfollow(ticket, by=g.person)
    else:
        actions.follow(ticket, by=g.person)
    return _onward(ticket)


@blueprint.post("/tickets/<reference>/checklist")
@requires(Permission.WORK_TICKETS)
def create_check_item(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    actions.add_item(ticket, request.form.get("item", ""), by=g.person)
    return _onward(ticket)


@blueprint.post("/tickets/<reference>/checklist/<int:item_id>")
@requires(Permission.WORK_TICKETS)
def update_check_item(reference: str, item_id: int) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    if request.form.get("drop"):
        actions.drop_item(ticket, item_id, by=g.person)
    else:
        actions.tick(ticket, item_id, by=g.person)
    return _onward(ticket)


@blueprint.post("/tickets/<reference>/links")
@requires(Permission.WORK_TICKETS)
def create_link(reference: str) -> ResponseReturnValue:
    """Link another request, or part them again."""
    ticket = tickets.lock(reference, person=g.person)
    if other := request.form.get("part", type=whole_number):
        actions.unlink(ticket, other, by=g.person)
    else:
        typed = request.form.get("other", "")
        actions.link(ticket, typed_reference(typed) or typed, by=g.person)
    return _onward(ticket)


@blueprint.post("/tickets/<reference>/tags")
@requires(Permission.WORK_TICKETS)
def update_tags(reference: str) -> ResponseReturnValue:
    """Set a tag, or take one off."""
    ticket = tickets.lock(reference, person=g.person)
    if dropped := request.form.get("drop", type=whole_number):
        actions.untag(ticket, dropped, by=g.person)
    else:
        actions.tag(ticket, request.form.get("tag", 0, type=whole_number), by=g.person)
    return back(reference)


@blueprint.get("/nudges")
@requires(Permission.WORK_TICKETS)
def list_nudges() -> ResponseReturnValue:
    """One's own list, in pages: mentions, followed requests, reminders."""
    after = Place.parse(request.args.get("after", ""))
    begun = (after.at, after.id) if after else None
    rows = db.session.execute(queries.open_nudges(g.person, clock.now(), after=begun)).all()
    shown, is_more = rows[: queries.PAGE], len(rows) > queries.PAGE
    return render_template(
        "desk/nudges.html",
        rows=shown,
        names=dict(
            db.session.execute(names_of(row.Nudge.by_id for row in shown if row.Nudge.by_id)).all()
        ),
        goes_on=Place(shown[-1].Nudge.due_at, shown[-1].Nudge.id) if is_more else None,
        is_first=after is None,
    )


@blueprint.post("/nudges/<int:nudge_id>/settling")
@requires(Permission.WORK_TICKETS)
def create_settling(nudge_id: int) -> ResponseReturnValue:
    actions.settle(nudge_id, by=g.person)
    return redirect(url_for("teamwork.list_nudges"), 303)


def _in_page() -> bool:
    """Asked for by the page of the request, which puts the answer where the old part stood."""
    return "HX-Request" in request.headers


def _work(ticket: Ticket, template: str = "desk/_work.html") -> str:
    db.session.flush()  # what was just done is read again
    work, asked = teamwork.gather(ticket, g.person), Asked.from_address()
    return render_template(template, ticket=ticket, work=work, asked=asked)


def _onward(ticket: Ticket, said: str = "") -> ResponseReturnValue:
    """The part that changed, where it stands; without scripts the whole request, and words."""
    if _in_page():
        return _work(ticket)
    if said:
        flash(said)
    return back(ticket.reference)


def _moment(ticket: Ticket) -> datetime:
    """The moment chosen: one that is offered, or a day and an hour on the centre's clock."""
    offered = teamwork.later(ticket, request.form.get("until", ""))
    if offered is not None:
        return offered
    try:
        local = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        raise Invalid(_("Choisissez un jour et une heure."), "at") from None
    return local.replace(tzinfo=zone()) if local.tzinfo is None else local
