"""The lists of requests."""

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.desk import listing
from contactcenter.desk.listing import Asked
from contactcenter.desk.topics import topic_names
from contactcenter.desk.views import MINE, TEAM
from contactcenter.desk.words import speak

blueprint = Blueprint("desk", __name__)
speak(blueprint)


@blueprint.get("/tickets")
@requires(Permission.WORK_TICKETS)
def list_tickets() -> ResponseReturnValue:
    return render_template("desk/list.html", topics=topic_names(), **list_pane())


@blueprint.get("/tickets/views")
@requires(Permission.WORK_TICKETS)
def show_views() -> ResponseReturnValue:
    queue_ids = list(listing.own_queue_ids(g.person))
    return render_template(
        "desk/_views.html",
        asked=Asked.from_address(),
        counts=listing.counted(g.person, queue_ids),
        mine=MINE,
        team=TEAM,
    )


@blueprint.get("/tickets/news")
@requires(Permission.WORK_TICKETS)
def show_news() -> ResponseReturnValue:
    """How many came into this list since its page was made, as a button that shows them."""
    asked, queue_ids = Asked.from_address(), list(listing.own_queue_ids(g.person))
    since = request.args.get("since", type=int) or 0
    return render_template(
        "desk/_news.html",
        asked=asked,
        since=since,
        news=listing.newer(asked, g.person, queue_ids, since),
    )


def list_pane() -> dict[str, Any]:
    """What the panes beside an open request need: views with their counts, and the list."""
    asked, queues = Asked.from_address(), listing.own_queue_ids(g.person)
    page = listing.page(asked, g.person, list(queues))
    return {
        "asked": asked,
        "own_queues": queues,
        "page": page,
        "since": page.newest_id,
        "news": 0,
        "counts": listing.counted(g.person, list(queues)),
        "mine": MINE,
        "team": TEAM,
    }
