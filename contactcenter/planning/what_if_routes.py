"""Rehearse a day otherwise: the form, and what came of it."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import Invalid, NotFound
from contactcenter.planning import queries, what_ifs
from contactcenter.planning.experience import Experience, begins
from contactcenter.planning.models import WhatIf
from contactcenter.planning.routes import asked_day, blueprint, look, queue_of
from contactcenter.planning.staffing_days import StaffingDay
from contactcenter.queues.past_demand import SLOTS

ORDERS: dict[str, int | None] = {"arrival": 0, "bounded": 2, "unbounded": None}
MOST_MORE, MOST_RESERVE, MOST_SEED, MOST_STAYS = 50, 200, 999_999, 240


@blueprint.post("/queues/<int:queue_id>/what-ifs")
@requires(Permission.PLAN_WORK)
def create_what_if(queue_id: int) -> ResponseReturnValue:
    queue, day = queue_of(queue_id), asked_day()
    learnt = Experience(g.centre, queue, day)
    shown = look(learnt, None)
    if shown is None:
        raise NotFound(_("Il n’y a pas encore de prévision pour cette file."))
    try:
        changes, more, seed = _changes(), _number("more", -MOST_MORE, MOST_MORE), _seed()
    except Invalid as problem:
        flash(str(problem), "error")
        where = url_for("planning.show_staffing", queue_id=queue.id, day=day.isoformat())
        return redirect(where, 303)
    content = what_ifs.content_of(shown, learnt.patience, _agents(shown, more), changes)
    asked = what_ifs.begin(shown, content | {"more": more}, seed, by=g.person)
    return redirect(url_for("planning.show_what_if", what_if_id=asked.id), 303)


@blueprint.get("/what-ifs/<int:what_if_id>")
@requires(Permission.PLAN_WORK)
def show_what_if(what_if_id: int) -> ResponseReturnValue:
    asked = _what_if(what_if_id)
    whole = "HX-Request" not in request.headers
    opens, closes = asked.content["opens"], asked.content["closes"]
    return render_template(
        "planning/what_if.html" if whole else "planning/_what_if.html",
        asked=asked,
        opens=begins(asked.day, opens, g.centre.timezone) if opens else None,
        closes=begins(asked.day, closes, g.centre.timezone) if closes < SLOTS else None,
        state=what_ifs.state(asked),
        queue=db.session.scalar(queries.queue(asked.queue_id)),
        bands=what_ifs.bands(asked.results),
        formula=what_ifs.by_formula(asked.content),
        order=next(
            name for name, most in ORDERS.items() if most == asked.content["most_overtakes"]
        ),
    )


@blueprint.post("/what-ifs/<int:what_if_id>/stopping")
@requires(Permission.PLAN_WORK)
def stop_what_if(what_if_id: int) -> ResponseReturnValue:
    what_ifs.stop(_what_if(what_if_id, lock=True))
    return redirect(url_for("planning.show_what_if", what_if_id=what_if_id), 303)


@blueprint.post("/what-ifs/<int:what_if_id>/going-on")
@requires(Permission.PLAN_WORK)
def resume_what_if(what_if_id: int) -> ResponseReturnValue:
    what_ifs.go_on(_what_if(what_if_id, lock=True))
    return redirect(url_for("planning.show_what_if", what_if_id=what_if_id), 303)


def _what_if(what_if_id: int, *, lock: bool = False) -> WhatIf:
    wanted = queries.what_if(what_if_id)
    asked: WhatIf | None = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if asked is None:
        raise NotFound(_("Cet essai n’existe plus : ils sont gardés trente jours."))
    return asked


def _agents(shown: StaffingDay, more: int) -> list[int]:
    """As planned, or needed where nothing is planned, and so many more while anybody works."""
    agents = [0] * SLOTS
    for each in shown.half_hours:
        agents[each.slot] = max(0, (each.agents or 0) + more) if each.agents else 0
    return agents


def _changes() -> dict[str, Any]:
    opens, closes = _slot("opens", 0), _slot("closes", SLOTS)
    if opens >= closes:
        raise Invalid(_("L’ouverture doit être avant la fermeture."))
    return {
        "opens": opens,
        "closes": closes,
        "stays": 60.0 * _number("stays", 0, MOST_STAYS),
        "priority_share": _number("priority", 0, 100) / 100,
        "most_overtakes": ORDERS.get(request.form.get("order", ""), 2),
        "reserve": _number("reserve", 0, MOST_RESERVE),
        "reserve_at": _number("reserve_at", 0, 10_000),
    }


def _seed() -> int:
    return _number("seed", 1, MOST_SEED, otherwise=1)


def _number(name: str, least: int, most: int, *, otherwise: int = 0) -> int:
    written = request.form.get(name, "").strip()
    if not written:
        return otherwise
    try:
        number = int(written)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise Invalid(
            _(
                "« %(text)s » n’est pas un nombre de %(least)s à %(most)s.",
                text=written,
                least=least,
                most=most,
            )
        )
    return number


def _slot(name: str, otherwise: int) -> int:
    """The half-hour of a time like 08:30; empty is the whole day."""
    written = request.form.get(name, "").strip()
    if not written:
        return otherwise
    hour, _colon, minute = written.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise Invalid(_("Écrivez l’heure ainsi : 08:30."))
    return int(hour) * 2 + (int(minute) >= 30)
