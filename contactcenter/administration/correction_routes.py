"""What refusals say is wrong in the directory: an administrator accepts it, or not."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration.entries import KINDS
from contactcenter.administration.routes import blueprint
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.escalation import chain_queries, corrections

SHOWN = 100


@blueprint.get("/directory/corrections")
@requires(Permission.EDIT_DIRECTORY)
def list_corrections() -> ResponseReturnValue:
    rows = db.session.execute(chain_queries.corrections().limit(SHOWN)).all()
    return render_template(
        "administration/corrections.html",
        kinds=KINDS,
        kind=None,
        proposed=[row for row in rows if row[0].settled_at is None],
        settled=[row for row in rows if row[0].settled_at is not None],
    )


@blueprint.post("/directory/corrections/<int:correction_id>/acceptance")
@requires(Permission.EDIT_DIRECTORY)
def accept_correction(correction_id: int) -> ResponseReturnValue:
    return _settle(correction_id, accept=True)


@blueprint.post("/directory/corrections/<int:correction_id>/refusal")
@requires(Permission.EDIT_DIRECTORY)
def refuse_correction(correction_id: int) -> ResponseReturnValue:
    return _settle(correction_id, accept=False)


def _settle(correction_id: int, *, accept: bool) -> ResponseReturnValue:
    correction = db.session.scalar(chain_queries.correction(correction_id))
    if correction is None:
        raise NotFound
    corrections.settle(correction, accept=accept, by=g.person)
    flash(_("L’annuaire est corrigé.") if accept else _("L’annuaire reste comme il est."))
    return redirect(url_for("administration.list_corrections"), 303)
