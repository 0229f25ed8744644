"""The lists of requests."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import listing, playing, searching
from contactcenter.desk.box_help import examples
from contactcenter.desk.chips import LABELS, SORTS, WAITS, chips
from contactcenter.desk.choices import choices
from contactcenter.desk.facts import WORDS, facts_of
from contactcenter.desk.filters import number
from contactcenter.desk.listing import Asked, Page, Shown
from contactcenter.desk.queries import PAGE, Reader
from contactcenter.desk.tags import on_tickets
from contactcenter.desk.topics import topic_names
from contactcenter.desk.view_routes import own_sites
from contactcenter.desk.views import MINE, TEAM
from contactcenter.desk.walks import LOOKED_THROUGH
from contactcenter.desk.words import speak
from contactcenter.escalation.solved_queries import said_no_count
from contactcenter.fields import whole_number
from contactcenter.languages import NAMES
from contactcenter.queues.why_words import why_given, why_none
from contactcenter.teamwork.queries import nudge_count
from contactcenter.triage import taking
from contactcenter.worklists.queries import views_for

blueprint = Blueprint("desk", __name__)
speak(blueprint)
blueprint.app_context_processor(lambda: {"search_examples": examples})


@blueprint.get("/tickets")
@requires(Permission.WORK_TICKETS)
def list_tickets() -> ResponseReturnValue:
    """A form sends its empty fields too: the address that one keeps or sends on is without them."""
    said = [each for each in request.args.items(multi=True) if each[1]]
    if len(said) < len(list(request.args.items(multi=True))):
        return redirect(f"{request.path}?{urlencode(said)}", 303)
    pane = list_pane()
    offered = choices(g.person, pane["own_queues"])
    return render_template(
        "desk/list.html",
        **pane,
        choices=offered,
        labels=LABELS,
        waits=WAITS,
        tongues=NAMES,
        own_sites=own_sites(),
    )


@blueprint.get("/tickets/views")
@requires(Permission.WORK_TICKETS)
def show_views() -> ResponseReturnValue:
    counts, _newest_id = listing.counted(_reader())
    return render_template(
        "desk/_views.html",
        asked=Asked.from_address(),
        counts=counts,
        **_own_counts(),
        mine=MINE,
        team=TEAM,
        saved_views=db.session.scalars(views_for(g.person)).all(),
    )


@blueprint.get("/tickets/news")
@requires(Permission.WORK_TICKETS)
def show_news() -> ResponseReturnValue:
    """How many came into this list since its page was made, as a button that shows them."""
    asked = Asked.from_address()
    had = Shown(
        _ids(), request.args.get("upto", ""), request.args.get("since", 0, type=whole_number)
    )
    return render_template(
        "desk/_news.html", asked=asked, had=had, news=listing.newer(asked, _reader(), had)
    )


@blueprint.get("/tickets/rows")
@requires(Permission.WORK_TICKETS)
def show_rows() -> ResponseReturnValue:
    """The rows of a list that is open somewhere, as they are now, in the order they have there."""
    asked, queues = Asked.from_address(), listing.own_queues(g.person)
    page = listing.again(asked, Reader(g.person, list(queues)), _ids())
    return render_template(
        "desk/_rows.html",
        **_row_words(asked, queues, page),
        page=page,
        opened=request.args.get("open", ""),
    )


@blueprint.get("/tickets/next")
@requires(Permission.WORK_TICKETS)
def show_next() -> ResponseReturnValue:
    """The next request of a list, for who works it off one after the other; else the list again."""
    asked = Asked.from_address()
    ticket = playing.following(asked, _reader())
    if ticket is None and "HX-Request" in request.headers:  # the page itself will say so
        return "", 204
    if ticket is None:
        flash(_("C’était la dernière de « %(view)s ».", view=asked.title))
        return redirect(asked.address(), 303)
    kept = playing.turned_to(asked, ticket).kept
    return redirect(url_for("ticket.show_ticket", reference=ticket.reference, **kept), 303)


@blueprint.post("/tickets/next")
@requires(Permission.WORK_TICKETS)
def create_work() -> ResponseReturnValue:
    """Be given the written request whose turn it is, as calls and people are given."""
    taken = taking.take_next(g.person)
    if taken.ticket is None:
        flash(why_none(taken.refusal))
        return redirect(url_for("desk.list_tickets"), 303)
    flash(" ".join(why_given(taken.why)))
    return redirect(url_for("ticket.show_ticket", reference=taken.ticket.reference), 303)


@blueprint.get("/tickets/found")
@requires(Permission.WORK_TICKETS)
def show_found() -> ResponseReturnValue:
    """How many requests a search finds, up to a bound: asked for once its page is there."""
    asked = Asked.from_address()
    found, more = searching.count(asked.words, asked.filters, g.person)
    return render_template("desk/_found.html", asked=asked, found=found, more=more)


def list_pane() -> dict[str, Any]:
    """What the panes beside an open request need: views with their counts, and the list."""
    asked, queues = Asked.from_address(), listing.own_queues(g.person)
    reader = Reader(g.person, list(queues))
    counts, newest_id = listing.counted(reader)
    page = listing.page(asked, reader)
    chosen = choices(g.person, queues).names if asked.is_narrowed else {}
    return {
        **_row_words(asked, queues, page),
        "chips": chips(asked, chosen),
        "fact_words": WORDS,
        "saved_views": db.session.scalars(views_for(g.person)).all(),
        "sorts": SORTS,
        "looked_through": LOOKED_THROUGH,
        "page": page,
        "had": Shown.of(page, asked, newest_id),
        "news": 0,
        "counts": counts,
        **_own_counts(),
        "mine": MINE,
        "team": TEAM,
    }


def _row_words(asked: Asked, queues: dict[int, str], page: Page) -> dict[str, Any]:
    """What each row of a list is told with."""
    return {
        "asked": asked,
        "facts": asked.facts or facts_of(g.person),
        "topics": topic_names(),
        "tags_on": on_tickets([row.ticket.id for row in page.rows if row.is_open_to_me]),
        "own_queues": queues,
    }


def _ids() -> list[int]:
    """Of the requests that a page had, as its address gives them."""
    written = map(number, request.args.getlist("row"))
    return [each for each in written if each is not None][:PAGE]


def _reader() -> Reader:
    return Reader(g.person, list(listing.own_queues(g.person)))


def _own_counts() -> dict[str, int]:
    """The lines of one's own list, and the citizens who said that it is not solved."""
    asked = {
        "nudges": nudge_count(g.person, clock.now()).scalar_subquery(),
        "said_no": said_no_count(g.person).scalar_subquery(),
    }
    counted = db.session.execute(db.select(*asked.values())).one()
    return dict(zip(asked, counted, strict=True))
