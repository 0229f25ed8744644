"""How often suggestions of topics were right, for managers."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration import choices
from contactcenter.db import db
from contactcenter.triage import queries
from contactcenter.triage.suggesting import ENOUGH

blueprint = Blueprint("precision", __name__)

LOOKS_BACK = timedelta(days=90)


@blueprint.get("/rules/suggestions")
@requires(Permission.EDIT_RULES)
def show_precision() -> ResponseReturnValue:
    rows = db.session.execute(queries.precision(clock.now() - LOOKS_BACK)).all()
    learnt = {row.topic_id: row.requests for row in db.session.execute(queries.learnt_topics())}
    return render_template(
        "administration/precision.html",
        rows=sorted(rows, key=lambda row: -row.suggested),
        learnt=learnt,
        topics=choices.all_topics(),
        enough=ENOUGH,
        days=LOOKS_BACK.days,
    )
