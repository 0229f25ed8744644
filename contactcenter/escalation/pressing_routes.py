"""For managers: steps of the ladder that wait for approval, and who is under pressure."""

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import current_centre, db
from contactcenter.errors import NotFound
from contactcenter.escalation import chain_queries, pressings, sweep_queries, words

blueprint = Blueprint("pressings", __name__)

SHOWN = 100


@blueprint.get("/referrals/pressings")
@requires(Permission.EDIT_RULES)
def list_pressings() -> ResponseReturnValue:
    """No case is shown: teams, steps and times only."""
    return render_template(
        "escalation/pressings.html",
        waiting=db.session.execute(sweep_queries.to_approve().limit(SHOWN)).all(),
        pressed=db.session.execute(sweep_queries.under_pressure().limit(SHOWN)).all(),
        who=words.PRESSED,
        why=words.REASONS,
    )


@blueprint.post("/referrals/pressings/<int:pressing_id>/approval")
@requires(Permission.EDIT_RULES)
def approve_pressing(pressing_id: int) -> ResponseReturnValue:
    pressings.approve(pressings.lock(pressing_id), by=g.person)
    flash(_("La relance est partie."))
    return redirect("/referrals/pressings", 303)


@blueprint.post("/referrals/pressings/<int:pressing_id>/end")
@requires(Permission.EDIT_RULES)
def end_pressing(pressing_id: int) -> ResponseReturnValue:
    pressing = pressings.lock(pressing_id)
    referral = db.session.scalar(chain_queries.locked(pressing.referral_id))
    if referral is None or referral.centre_id != current_centre():
        raise NotFound
    pressings.call_off(referral, request.form.get("text", ""), by=g.person)
    flash(_("On ne relance plus pour cette question ; son délai ne change pas."))
    return redirect("/referrals/pressings", 303)
