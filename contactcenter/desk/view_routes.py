"""Kept lists: keep the present one, name, share, order and take away; and how lists look."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.accounts.queries import site_ids
from contactcenter.db import db
from contactcenter.desk import listing
from contactcenter.desk.facts import choose_facts, facts_in
from contactcenter.desk.filters import number
from contactcenter.desk.listing import Asked
from contactcenter.desk.queries import Reader
from contactcenter.directory.models import Site
from contactcenter.worklists import view_actions
from contactcenter.worklists.models import Shared
from contactcenter.worklists.queries import views_for

blueprint = Blueprint("views", __name__)


@blueprint.get("/views")
@requires(Permission.WORK_TICKETS)
def list_views() -> ResponseReturnValue:
    views = db.session.scalars(views_for(g.person)).all()
    return render_template("desk/views.html", views=views, own_sites=own_sites())


@blueprint.post("/views")
@requires(Permission.WORK_TICKETS)
def create_view() -> ResponseReturnValue:
    """Keep what the list asks for now; it is sent along as the address wrote it."""
    wanted = Asked.read(request.form)
    address = {name: str(value) for name, value in wanted.plain.items()}
    view = view_actions.keep(request.form.get("name", ""), address, **_sharing(), by=g.person)
    flash(_("Vue « %(name)s » gardée.", name=view.name))
    return redirect(url_for("desk.list_tickets", saved=view.id), 303)


@blueprint.post("/views/<int:view_id>")
@requires(Permission.WORK_TICKETS)
def update_view(view_id: int) -> ResponseReturnValue:
    view = view_actions.own_view(view_id, person=g.person)
    view_actions.change(view, request.form.get("name", ""), **_sharing(), by=g.person)
    flash(_("Vue « %(name)s » changée.", name=view.name))
    return _back()


@blueprint.post("/views/<int:view_id>/place")
@requires(Permission.WORK_TICKETS)
def update_place(view_id: int) -> ResponseReturnValue:
    view = view_actions.own_view(view_id, person=g.person)
    view_actions.move(view, -1 if request.form.get("step") == "up" else 1, by=g.person)
    return _back()


@blueprint.post("/views/<int:view_id>/deletion")
@requires(Permission.WORK_TICKETS)
def delete_view(view_id: int) -> ResponseReturnValue:
    view = view_actions.own_view(view_id, person=g.person)
    view_actions.delete(view)
    flash(_("Vue « %(name)s » ôtée. Les demandes n’ont pas changé.", name=view.name))
    return _back()


@blueprint.post("/views/look")
@requires(Permission.WORK_TICKETS)
def update_look() -> ResponseReturnValue:
    """What lines of lists say, and how close they stand; kept with the person."""
    choose_facts(g.person, facts_in(".".join(request.form.getlist("facts"))))
    look = {name: kept for name, kept in g.person.preferences.items() if name != "density"}
    is_close = request.form.get("density") == "compact"
    g.person.preferences = look | ({"density": "compact"} if is_close else {})
    return redirect(Asked.read(request.form).but(), 303)


@blueprint.get("/views/counts")
@requires(Permission.WORK_TICKETS)
def show_counts() -> ResponseReturnValue:
    """The kept lists with their lengths; they are counted after the page, which need not wait."""
    views = db.session.scalars(views_for(g.person)).all()
    reader = Reader(g.person, list(listing.own_queues(g.person)))
    lengths = {view.id: listing.length(Asked.read(view.address), reader) for view in views}
    return render_template(
        "desk/_saved_views.html", asked=Asked.from_address(), saved_views=views, lengths=lengths
    )


def own_sites() -> dict[int, str]:
    sites = db.session.scalars(
        db.select(Site)
        .where(Site.centre_id == g.person.centre_id, Site.id.in_(site_ids(g.person)))
        .order_by(Site.name)
    )
    return {site.id: site.name for site in sites}


def _sharing() -> Mapping[str, Any]:
    kind, _colon, site = request.form.get("shared", "").partition(":")
    return {"shared": Shared(kind) if kind in set(Shared) else Shared.OWN, "site_id": number(site)}


def _back() -> ResponseReturnValue:
    return redirect(url_for("views.list_views"), 303)
