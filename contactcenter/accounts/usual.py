"""Which centre is meant where nothing says it."""

from flask import current_app

from contactcenter.accounts.models import Centre
from contactcenter.accounts.queries import centre_by_code, centres
from contactcenter.db import db


def usual_centre() -> Centre | None:
    """The centre of DEFAULT_CENTRE, or the only one; None where several may be meant."""
    if wanted := current_app.config["SETTINGS"].default_centre:
        named: Centre | None = db.session.scalar(centre_by_code(wanted))
        return named
    found = db.session.scalars(centres().limit(2)).all()
    return found[0] if len(found) == 1 else None
