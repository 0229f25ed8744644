"""Doors that are open to everybody: which centre a stranger stands before."""

from flask import g
from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, enter
from contactcenter.errors import NotFound


def stand_before(code: str) -> Centre:
    """Speak for this centre from now on, in its time zone. Raises NotFound."""
    centre = db.session.scalar(select(Centre).where(Centre.code == code))
    if centre is None:
        raise NotFound(_("Aucun centre n’a cette adresse."))
    g.centre, g.timezone = centre, centre.timezone
    enter(Scope(centre.id))
    return centre
