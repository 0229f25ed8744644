"""How a centre begins: its row, the organisation that runs it, and its first administrator."""

from sqlalchemy import select

from contactcenter.accounts import actions
from contactcenter.accounts.models import Centre, Organisation
from contactcenter.accounts.permissions import Role
from contactcenter.accounts.queries import centre_by_code
from contactcenter.db import Scope, db, enter
from contactcenter.errors import Conflict
from contactcenter.languages import LANGUAGES


def found(code: str, name: str, *, country: str, timezone: str, mail_address: str) -> Centre:
    """Make an empty centre. Raises Conflict when there is one of that code."""
    if db.session.scalar(centre_by_code(code)):
        raise Conflict(code)
    centre = Centre(
        code=code,
        name=name,
        country=country,
        timezone=timezone,
        languages=list(LANGUAGES),
        mail_address=mail_address,
    )
    db.session.add(centre)
    db.session.flush()  # its organisation needs centre.id
    enter(Scope(centre.id))
    own_organisation(centre)
    return centre


def own_organisation(centre: Centre) -> Organisation:
    """The organisation that runs the centre, made where it is missing."""
    own: Organisation | None = db.session.scalar(
        select(Organisation).where(Organisation.centre_id == centre.id, Organisation.is_own)
    )
    if own is None:
        own = Organisation(code=centre.code, name=centre.name, is_own=True)
        db.session.add(own)
        db.session.flush()  # who joins it needs own.id
    return own


def invite_administrator(centre: Centre, name: str, email: str) -> str:
    """The token of an invitation for somebody who then invites the others."""
    enter(Scope(centre.id))
    _person, token = actions.invite(
        name=name,
        email=email,
        role=Role.ADMINISTRATOR,
        organisation=own_organisation(centre),
        language=LANGUAGES[0],
        by=None,
    )
    return token
