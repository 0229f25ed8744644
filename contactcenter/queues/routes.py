"""What first-line people say of themselves, by the button on every page: ready, away."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.accounts.addresses import safe_next
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus
from contactcenter.queues.queries import presence_of

blueprint = Blueprint("availability", __name__)

# What is said, and the shape that says it again.
WORDS = {
    ChosenStatus.READY: (_l("Disponible"), "fluid"),
    ChosenStatus.BREAK: (_l("En pause"), "away"),
    ChosenStatus.MEETING: (_l("En réunion"), "away"),
    ChosenStatus.OFFLINE: (_l("Indisponible"), "blocked"),
}


@blueprint.post("/desk/availability")
@requires(Permission.WORK_TICKETS)
def update_availability() -> ResponseReturnValue:
    chosen = request.form.get("status", "")
    if chosen not in set(ChosenStatus):
        raise Invalid(_("Choisissez un état de la liste."), "status")
    presence.choose(g.person, ChosenStatus(chosen))
    asked = request.form.get("next") or urlsplit(request.referrer or "").path
    return redirect(safe_next(asked) or "/", 303)


@blueprint.app_context_processor
def show_availability() -> dict[str, Any]:
    """For the frame of a page; whoever takes no work has nothing to say here."""
    person = g.get("person")
    if person is None or not person.may(Permission.WORK_TICKETS):
        return {}
    known = db.session.scalar(presence_of(person))
    status = known.status if known else ChosenStatus.OFFLINE
    word, shape = WORDS[status]
    return {
        "availability": {
            "word": word,
            "shape": shape,
            "choices": [
                {"value": each.value, "label": label, "current": each is status}
                for each, (label, _shape) in WORDS.items()
            ],
        }
    }
