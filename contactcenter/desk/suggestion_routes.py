"""Topics suggested for a request: accepted in one click, refused, or asked for while typing."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk.listing import Asked
from contactcenter.desk.topics import topic_names
from contactcenter.directory.models import Team
from contactcenter.errors import NotFound
from contactcenter.languages import language
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import MessageKind, Ticket
from contactcenter.tickets.queries import timeline
from contactcenter.triage import actions as triage
from contactcenter.triage import queries, suggestions
from contactcenter.triage.models import Field, Suggestion
from contactcenter.triage.suggesting import read, suggested, why

blueprint = Blueprint("suggestions", __name__)

LONGEST = 10_000


def _of(ticket: Ticket) -> list[Suggestion]:
    return list(db.session.scalars(queries.suggestions_of(ticket)))


def _team_named(team_id: str) -> str:
    team = db.session.get(Team, (g.person.centre_id, int(team_id)))
    return team.name if team else ""


# The ticket's page includes the panel and asks for what it shows by itself.
blueprint.app_context_processor(
    lambda: {"suggestions_of": _of, "suggested_because": why, "team_named": _team_named}
)


@blueprint.post("/tickets/<reference>/suggestions")
@requires(Permission.WORK_TICKETS)
def create_suggestions(reference: str) -> ResponseReturnValue:
    """Suggest topics beside the one it has, from all that the citizen wrote."""
    ticket = tickets.lock(reference, person=g.person)
    said = [m.text for m in db.session.scalars(timeline(ticket)) if m.kind is MessageKind.CITIZEN]
    words = "\n".join([ticket.subject, *said])
    suggestions.suggest(ticket, read(words[:LONGEST], ticket.language))
    if not _of(ticket):
        flash(_("Rien dans ce texte ne fait penser à un autre motif."))
    return _back(ticket)


@blueprint.post("/tickets/<reference>/suggestions/choice")
@requires(Permission.WORK_TICKETS)
def create_choice(reference: str) -> ResponseReturnValue:
    """Take one of the suggested topics, or say that none fits."""
    ticket = tickets.lock(reference, person=g.person)
    chosen = request.form.get("topic", "")
    if chosen == "none":
        suggestions.refuse(ticket, by=g.person)
        flash(_("C’est noté : aucun de ces motifs."))
        return _back(ticket)
    if chosen not in {str(each.topic_id) for each in _of(ticket)}:
        raise NotFound(_("Ce motif n’est plus suggéré ici."))
    triage.correct(ticket, Field.TOPIC, chosen, by=g.person)
    flash(_("Motif gardé."))
    return _back(ticket)


@blueprint.post("/suggestions/topics")
@requires(Permission.WORK_TICKETS)
def list_suggestions() -> ResponseReturnValue:
    """For a form being filled in: nothing is kept. Sent as a form, so that no address holds it."""
    text = f"{request.form.get('subject', '')}\n{request.form.get('text', '')}"
    tongue = request.form.get("language") or language()
    return render_template("desk/_suggested_topics.html", **_shown(text[:LONGEST], tongue))


def _shown(text: str, tongue: str) -> dict[str, Any]:
    return {"suggested": suggested(read(text, tongue)), "topics": topic_names().all}


def _back(ticket: Ticket) -> ResponseReturnValue:
    kept = Asked.from_address().kept
    return redirect(url_for("ticket.show_ticket", reference=ticket.reference, **kept), 303)
