"""People who gave up or were turned away, and who calls them back."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens.rules import readable
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.reports import actions, queries, words
from contactcenter.reports.board import UNSERVED_SINCE
from contactcenter.reports.models import CallBackOutcome

MOST = 500

blueprint = Blueprint("unserved", __name__, url_prefix="/unserved")


@blueprint.get("")
@requires(Permission.SEE_UNSERVED)
def show() -> ResponseReturnValue:
    now = clock.now()
    found = db.session.execute(
        queries.never_served(now - UNSERVED_SINCE, include_rehearsal=g.centre.rehearsing).limit(
            MOST
        )
    )
    people = sorted((_shown(row) for row in found), key=lambda one: one["place"])
    return render_template(
        "reports/unserved.html",
        people=people,
        tries=sum(each["tries"] for each in people),
        endings=words.endings(),
        at=now,
    )


@blueprint.post("/<int:visit_id>/call-back")
@requires(Permission.SEE_UNSERVED)
def create_call_back(visit_id: int) -> ResponseReturnValue:
    actions.take(visit_id, by=g.person)
    return redirect(url_for("unserved.show", _anchor=f"visit-{visit_id}"), 303)


@blueprint.post("/call-backs/<int:call_back_id>/outcome")
@requires(Permission.SEE_UNSERVED)
def create_outcome(call_back_id: int) -> ResponseReturnValue:
    try:
        outcome = CallBackOutcome(request.form.get("outcome", ""))
    except ValueError:
        raise Invalid(_("Dites comment le rappel s’est terminé.")) from None
    actions.settle(call_back_id, outcome, by=g.person)
    flash(_SAID[outcome]())
    return redirect(url_for("unserved.show"), 303)


_SAID = {
    CallBackOutcome.REACHED: lambda: _("Rappel noté : la personne a été jointe."),
    CallBackOutcome.NOT_REACHED: lambda: _("Rappel noté : pas jointe, elle reste dans la liste."),
    CallBackOutcome.NOT_NEEDED: lambda: _("Rappel noté : plus nécessaire."),
    CallBackOutcome.GIVEN_BACK: lambda: _("La personne est de nouveau à rappeler."),
}


def _shown(row: Any) -> dict[str, Any]:
    """One person of the list. This page alone shows a number, to those who may call it."""
    visit = row.Visit
    can_be_reached = bool(row.phone or row.Ticket)
    return {
        # One's own first, then who can be called, the last to leave first.
        "place": (row.taker_id != g.person.id, row.taker_id is not None, not can_be_reached),
        "visit": visit,
        "queue": row.queue,
        "topic": words.about(row.Topic, row.choice),
        "ticket": row.Ticket,
        "citizen": row.citizen,
        "phone": row.phone,
        "readable": readable(row.phone, g.centre.country) if row.phone else None,
        "tries": row.tries,
        "waited": (visit.left_at - visit.entered_at).total_seconds(),
        "call_back_id": row.call_back_id,
        "is_mine": row.taker_id == g.person.id,
        "taker": row.taker,
        "tried_at": row.tried_at,
    }
