"""Whom to call about what was finished: who said it is not solved, and whom no link reaches."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Row, Select

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.rules import readable
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.escalation import solved
from contactcenter.escalation.solved_models import SolvedQuestion
from contactcenter.escalation.solved_queries import to_call, to_call_back
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("to_ask", __name__)

SHOWN = 50

Found = Row[Ticket, SolvedQuestion, Citizen]


@blueprint.get("/tickets/solved")
@requires(Permission.WORK_TICKETS)
def list_to_ask() -> ResponseReturnValue:
    rows = db.session.execute(to_call(g.person).limit(SHOWN + 1)).all()
    said_no = db.session.execute(to_call_back(g.person).limit(SHOWN + 1)).all()
    return render_template(
        "desk/solved.html",
        rows=rows[:SHOWN],
        said_no=said_no[:SHOWN],
        more=max(len(rows), len(said_no)) > SHOWN,
        readable=_readable,
    )


def _readable(phone: str) -> str:
    return readable(phone, g.centre.country)


@blueprint.post("/tickets/<reference>/solved")
@requires(Permission.WORK_TICKETS)
def create_said(reference: str) -> ResponseReturnValue:
    """Note what the citizen said on the phone or at the counter."""
    found = _locked(to_call(g.person), reference)
    if (said := request.form.get("solved")) in ("yes", "no"):
        solved.say(found.SolvedQuestion, is_solved=said == "yes", by=g.person)
        flash(_("C’est noté."))
    return redirect(url_for("to_ask.list_to_ask"), 303)


@blueprint.post("/tickets/<reference>/solved/reopening")
@requires(Permission.WORK_TICKETS)
def create_solved_reopening(reference: str) -> ResponseReturnValue:
    """It is not solved, so it goes on: the request is open again, and one is in it."""
    ticket = tickets.lock(reference, person=g.person)
    found = _locked(to_call_back(g.person), reference)
    solved.settle(found.SolvedQuestion, by=g.person)
    tickets.reopen(ticket, by=g.person, reason=_("La personne dit que ce n’est pas réglé"))
    return redirect(f"/tickets/{ticket.reference}", 303)


@blueprint.post("/tickets/<reference>/solved/call-back")
@requires(Permission.WORK_TICKETS)
def create_called_back(reference: str) -> ResponseReturnValue:
    """They were called, and nothing is left to do."""
    found = _locked(to_call_back(g.person), reference)
    solved.settle(found.SolvedQuestion, by=g.person)
    flash(_("C’est noté."))
    return redirect(url_for("to_ask.list_to_ask"), 303)


def _locked(wanted: Select[Ticket, SolvedQuestion, Citizen], reference: str) -> Found:
    """Raises NotFound once it is no longer on the list."""
    row = db.session.execute(
        wanted.where(Ticket.reference == reference).with_for_update(of=SolvedQuestion)
    ).one_or_none()
    if row is None:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    return row
