"""Whom to call and ask whether it is solved: citizens whom no link can reach."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens.rules import readable
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.escalation import solved
from contactcenter.escalation.solved_models import SolvedQuestion
from contactcenter.escalation.solved_queries import to_call
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("to_ask", __name__)

SHOWN = 50


@blueprint.get("/tickets/solved")
@requires(Permission.WORK_TICKETS)
def list_to_ask() -> ResponseReturnValue:
    rows = db.session.execute(to_call(g.person).limit(SHOWN + 1)).all()
    return render_template(
        "desk/solved.html", rows=rows[:SHOWN], more=len(rows) > SHOWN, readable=_readable
    )


def _readable(phone: str) -> str:
    return readable(phone, g.centre.country)


@blueprint.post("/tickets/<reference>/solved")
@requires(Permission.WORK_TICKETS)
def create_said(reference: str) -> ResponseReturnValue:
    """Note what the citizen said on the phone or at the counter."""
    wanted = to_call(g.person).where(Ticket.reference == reference)
    row = db.session.execute(wanted.with_for_update(of=SolvedQuestion)).one_or_none()
    if row is None:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    if (said := request.form.get("solved")) in ("yes", "no"):
        solved.say(row.SolvedQuestion, is_solved=said == "yes", by=g.person)
        flash(_("C’est noté."))
    return redirect(url_for("to_ask.list_to_ask"), 303)
