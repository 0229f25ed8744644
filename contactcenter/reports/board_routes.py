"""The boards, on a desk and on a wall, and which queues each site shows."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.accounts.recognition import let_go
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.languages import language
from contactcenter.queues import announced
from contactcenter.reports import layouts, queries, saturation_page
from contactcenter.reports.board import Board, Fragment, Fragments
from contactcenter.reports.routes import blueprint, queue_named
from contactcenter.together import shared

fragments = Fragments()
ANNOUNCED_OVER = timedelta(days=28)


@blueprint.get("/board")
@requires(Permission.SEE_BOARDS)
def show_board() -> ResponseReturnValue:
    return render_template(
        "reports/board.html", cards=_cards().html, sites=layouts.sites(), site=_site_id()
    )


@blueprint.get("/board/cards")
@shared
@requires(Permission.SEE_BOARDS)
def show_cards() -> ResponseReturnValue:
    return _answer(_cards())


@blueprint.get("/board/wall")
@requires(Permission.SEE_BOARDS)
def show_wall() -> ResponseReturnValue:
    # A wall is dark, unless whoever put it up wants it otherwise.
    theme = g.person.preferences.get("theme") or "dark"
    return render_template("reports/wall.html", wall=_wall().html, data_theme=theme)


@blueprint.get("/board/wall/cards")
@shared
@requires(Permission.SEE_BOARDS)
def show_wall_cards() -> ResponseReturnValue:
    return _answer(_wall())


@blueprint.get("/board/queues/<int:queue_id>/saturation")
@requires(Permission.SEE_BOARDS)
def show_saturation(queue_id: int) -> ResponseReturnValue:
    shown = saturation_page.look(g.centre, queue_named(queue_id), clock.now())
    return render_template("reports/saturation.html", shown=shown)


@blueprint.get("/board/announced")
@requires(Permission.SEE_BOARDS)
def show_announced() -> ResponseReturnValue:
    since = clock.now() - ANNOUNCED_OVER
    found = announced.accuracy(since, include_rehearsal=g.centre.rehearsing)
    return render_template("reports/announced.html", rows=found, days=ANNOUNCED_OVER.days)


@blueprint.get("/board/layouts/<int:site_id>")
@requires(Permission.ARRANGE_BOARDS)
def show_layout(site_id: int) -> ResponseReturnValue:
    site = layouts.site(site_id)
    return render_template(
        "reports/layout.html",
        site=site,
        chosen=layouts.layout_of(site_id),
        queues=db.session.scalars(queries.queues()).all(),
    )


@blueprint.post("/board/layouts/<int:site_id>")
@requires(Permission.ARRANGE_BOARDS)
def update_layout(site_id: int) -> ResponseReturnValue:
    """Places are numbers beside the queues; a queue without one is not shown."""
    site = layouts.site(site_id)
    places = {
        int(name.removeprefix("place-")): value
        for name, value in request.form.items()
        if name.startswith("place-") and name.removeprefix("place-").isdecimal()
    }
    layouts.arrange(site, places, by=g.person, at=clock.now())
    flash(_("Le tableau de %(site)s est enregistré.", site=site.name))
    return redirect(url_for("reports.show_layout", site_id=site.id), 303)


def _answer(fragment: Fragment) -> Response:
    response = make_response(fragment.html)
    if fragment.is_behind:
        response.headers["HX-Trigger-After-Settle"] = "look-again"
    return response


def _cards() -> Fragment:
    site_id, chosen = _layout()

    def render(board: Board) -> str:
        return render_template("reports/_board.html", board=board.arranged(chosen), site=site_id)

    return fragments.get(g.centre, ("board", language(), f"{site_id}:{chosen}"), render)


def _wall() -> Fragment:
    site_id, chosen = _layout()
    screen = min(99, max(1, request.args.get("screen", 1, type=whole_number)))

    def render(board: Board) -> str:
        return render_template(
            "reports/_wall.html", board=board.arranged(chosen), screen=screen, site=site_id
        )

    shape = ("wall", language(), str(screen), f"{site_id}:{chosen}")
    return fragments.get(g.centre, shape, render)


def _layout() -> tuple[int | None, Sequence[int]]:
    """The site, and its queues in order or none for all; a changed layout shows at once."""
    site_id = _site_id()
    chosen = layouts.layout_of(site_id) if site_id is not None else []
    let_go()
    return site_id, chosen


def _site_id() -> int | None:
    """None for the whole centre."""
    site_id = request.args.get("site", type=whole_number)
    if site_id is not None and not layouts.exists(site_id):
        raise NotFound(_("Ce site n’existe pas."))
    return site_id
