"""The address of a place's tablet: signed, and void once another is made or it is closed."""

import secrets

from flask import current_app
from itsdangerous import BadSignature, Signer
from sqlalchemy import select

from contactcenter.db import Scope, db, enter
from contactcenter.directory.models import Site


def make(site: Site) -> None:
    """A new address; one that was made before leads nowhere any more."""
    site.kiosk_key = secrets.token_hex(8)


def close(site: Site) -> None:
    site.kiosk_key = None


def token_of(site: Site) -> str | None:
    """What stands in the address; None for a place without a tablet."""
    if site.kiosk_key is None:
        return None
    return _signer().sign(f"{site.centre_id}.{site.id}.{site.kiosk_key}").decode()


def site_of(token: str) -> Site | None:
    """The place of a token, whose centre is entered; None for one that leads nowhere."""
    try:
        centre_id, site_id, key = _signer().unsign(token).decode().split(".")
    except (BadSignature, ValueError):
        return None
    enter(Scope(int(centre_id)))
    return db.session.scalar(
        select(Site).where(
            Site.centre_id == int(centre_id), Site.id == int(site_id), Site.kiosk_key == key
        )
    )


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="tablet of a place")
