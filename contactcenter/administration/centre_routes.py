"""The page of the centre itself: what it does by itself, whatever the channel."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.models import Centre
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration.centre_forms import CentreForm
from contactcenter.administration.entries import KINDS
from contactcenter.administration.routes import blueprint
from contactcenter.db import current_centre, db
from contactcenter.directory import actions


@blueprint.get("/directory/centre")
@requires(Permission.EDIT_DIRECTORY)
def show_centre() -> ResponseReturnValue:
    return _page(CentreForm(formdata=None, obj=_centre()))


@blueprint.post("/directory/centre")
@requires(Permission.EDIT_DIRECTORY)
def update_centre() -> ResponseReturnValue:
    form = CentreForm()
    if not form.validate_on_submit():
        return _page(form), 422
    actions.keep(_centre(), form.values(), kind="centre", by=g.person)
    flash(_("C’est gardé."))
    return redirect(url_for("administration.show_centre"), 303)


def _centre() -> Centre:
    return db.session.get_one(Centre, current_centre())


def _page(form: CentreForm) -> str:
    return render_template("administration/centre.html", kinds=KINDS, kind=None, form=form)
