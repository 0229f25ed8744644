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
from contactcenter.fields import whole_number
from contactcenter.notices.models import Means
from contactcenter.reports import actions, queries, words
from contactcenter.reports.board import UNSERVED_SINCE
from contactcenter.reports.models import CallBackOutcome

MOST = 500
MOST_PAGES = 1000

blueprint = Blueprint("unserved", __name__, url_prefix="/unserved")


@blueprint.get("")
@requires(Permission.SEE_UNSERVED)
def show() -> ResponseReturnValue:
    now, number = clock.now(), min(request.args.get("page", 1, type=whole_number) or 1, MOST_PAGES)
    lost = queries.never_served(now - UNSERVED_SINCE, include_rehearsal=g.centre.rehearsing)
    found = db.session.execute(lost.limit(MOST + 1).offset((number - 1) * MOST)).all()
    everyone = sorted((_shown(row) for row in found[:MOST]), key=lambda one: one["place"])
    people = [one for one in everyone if _is_asked_for(one)]
    return render_template(
        "reports/unserved.html",
        people=people,
        everyone=len(everyone),
        queues=sorted({one["queue"] for one in everyone}),
        asked=request.args,
        tries=sum(each["tries"] for each in people),
        endings=words.endings(),
        at=now,
        pages={
            "previous": _page_address(number - 1) if number > 1 else None,
            "next": _page_address(number + 1) if len(found) > MOST else None,
        },
    )


def _page_address(number: int) -> str:
    asked: dict[str, Any] = {**request.args, "page": number}
    return url_for("unserved.show", **asked)


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


@blueprint.post("/call-backs/<int:call_back_id>/message")
@requires(Permission.SEE_UNSERVED)
def create_message(call_back_id: int) -> ResponseReturnValue:
    means = actions.write_to(call_back_id, request.form.get("text", "").strip(), by=g.person)
    flash(_("Le courriel part.") if means is Means.EMAIL else _("Le SMS part."))
    return redirect(url_for("unserved.show"), 303)


def _is_asked_for(one: dict[str, Any]) -> bool:
    queue, who = request.args.get("queue"), request.args.get("who")
    fits = {"free": one["taker"] is None, "taken": one["taker"] is not None, "mine": one["is_mine"]}
    return (not queue or one["queue"] == queue) and fits.get(who or "", True)


_SAID = {
    CallBackOutcome.REACHED: lambda: _("Rappel noté : la personne a été jointe."),
    CallBackOutcome.NOT_REACHED: lambda: _("Rappel noté : pas jointe, elle reste dans la liste."),
    CallBackOutcome.WRITTEN: lambda: _("Noté : la personne a reçu un message."),
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
        "can_be_written_to": bool(row.phone or row.email),
        "readable": readable(row.phone, g.centre.country) if row.phone else None,
        "tries": row.tries,
        "waited": (visit.left_at - visit.entered_at).total_seconds(),
        "call_back_id": row.call_back_id,
        "is_mine": row.taker_id == g.person.id,
        "taker": row.taker,
        "tried_at": row.tried_at,
    }
