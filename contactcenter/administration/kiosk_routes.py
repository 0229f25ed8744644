"""The tablet of a place: its address is made, made anew, or closed."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration.routes import blueprint
from contactcenter.db import db
from contactcenter.directory import kiosk
from contactcenter.directory.models import Site
from contactcenter.errors import NotFound


@blueprint.post("/directory/sites/<int:site_id>/kiosk")
@requires(Permission.EDIT_DIRECTORY)
def create_kiosk(site_id: int) -> ResponseReturnValue:
    kiosk.make(_site(site_id))
    flash(_("L’adresse de la borne est faite ; celle d’avant ne mène plus ici."))
    return _back(site_id)


@blueprint.post("/directory/sites/<int:site_id>/kiosk/closing")
@requires(Permission.EDIT_DIRECTORY)
def close_kiosk(site_id: int) -> ResponseReturnValue:
    kiosk.close(_site(site_id))
    flash(_("La borne est fermée : son adresse ne mène plus ici."))
    return _back(site_id)


def _site(site_id: int) -> Site:
    site = db.session.get(Site, (g.centre.id, site_id))
    if site is None:
        raise NotFound(_("Ce lieu n’existe pas."))
    return site


def _back(site_id: int) -> ResponseReturnValue:
    return redirect(
        url_for("administration.show_entry", kind="sites", entry_id=site_id, _anchor="kiosk"), 303
    )
