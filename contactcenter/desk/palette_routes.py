"""Where one can go, by a few letters: views, requests by reference, words or citizen."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import listing
from contactcenter.desk.listing import Asked, Row
from contactcenter.desk.queries import Reader
from contactcenter.desk.views import VIEWS
from contactcenter.desk.words import STATUSES, who
from contactcenter.pages import NAVIGATION
from contactcenter.worklists.queries import views_for

blueprint = Blueprint("palette", __name__)

SEES_EXPERTS = Permission.EDIT_RULES
EXPERTS = (
    ("/referrals/figures", _l("Ce que les experts répondent")),
    ("/coverage", _l("Qui couvre quoi")),
    ("/referrals/pressings", _l("Qui est relancé")),
)
MOST_REQUESTS = 8
SHORTEST = 2


@dataclass(frozen=True)
class Place:
    word: str
    kind: str
    href: str


@blueprint.get("/palette")
@requires(Permission.WORK_TICKETS)
def show_palette() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:200]
    places = _places(words)
    if request.accept_mimetypes.best == "application/json":
        return jsonify([asdict(place) for place in places])
    return render_template("desk/palette.html", words=words, places=places)


def _places(words: str) -> list[Place]:
    fitting = [each for each in _standing() if words.casefold() in each.word.casefold()]
    if len(words) < SHORTEST:
        return fitting
    reader = Reader(g.person, list(listing.own_queues(g.person)))
    rows = listing.page(Asked.read({"q": words}), reader).rows[:MOST_REQUESTS]
    search = Place(
        str(_("Chercher « %(words)s »", words=words)),
        str(_("Recherche")),
        url_for("desk.list_tickets", q=words),
    )
    return [*fitting, *[_request(row) for row in rows], search]


def _standing() -> list[Place]:
    saved = db.session.scalars(views_for(g.person)).all()
    view, page = str(_("Liste de demandes")), str(_("Page"))
    return [
        *[Place(each.name, view, url_for("desk.list_tickets", saved=each.id)) for each in saved],
        *[_view(each.name, str(each.label), view) for each in VIEWS.values()],
        *[Place(str(said), page, path) for may, path, said in NAVIGATION if g.person.may(may)],
        *[Place(str(said), page, path) for path, said in EXPERTS if g.person.may(SEES_EXPERTS)],
        Place(str(_("Mes vues")), page, url_for("views.list_views")),
        Place(str(_("Réponses types")), page, url_for("macros.list_macros")),
        Place(str(_("Mes actions groupées")), page, url_for("bulk.list_bulks")),
        Place(str(_("Mon compte")), page, url_for("account.show_account")),
    ]


def _view(name: str, label: str, kind: str) -> Place:
    return Place(label, kind, url_for("desk.list_tickets", view=name if name != "todo" else None))


def _request(row: Row) -> Place:
    """What is known of it, and its content only where it may be read."""
    ticket: Any = row.ticket
    said = f"{who(row.citizen)}, {ticket.subject}" if row.is_open_to_me else ""
    word = f"{ticket.reference} {said or STATUSES[ticket.status]}"
    return Place(word, str(_("Demande")), url_for("ticket.show_ticket", reference=ticket.reference))
