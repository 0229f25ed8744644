"""What is known of days to come: tax deadlines, letters sent out, and how much they bring."""

from dataclasses import dataclass, field
from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.languages import zone
from contactcenter.planning import actions, queries
from contactcenter.planning.routes import PATIENCE_OF, blueprint
from contactcenter.queues import demand_rows
from contactcenter.queues.forecast_models import KnownEvent
from contactcenter.queues.past_demand import LOOKS_BACK, LOOKS_BACK_FOR_HOLIDAYS

MOST_TIMES = 20
LONGEST_NAME = 120


@dataclass
class TypedEvent:
    """What came, checked; `wrong` has a sentence by the name of the field."""

    name: str = ""
    begins: str = ""
    ends: str = ""
    times: str = ""
    queue_ids: list[int] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        begins = date.fromisoformat(self.begins)
        return begins, date.fromisoformat(self.ends) if self.ends else begins

    @property
    def factor(self) -> float:
        return float(self.times.replace(",", "."))


@blueprint.get("/events")
@requires(Permission.PLAN_WORK)
def list_events() -> ResponseReturnValue:
    return _page(None, TypedEvent())


@blueprint.get("/events/<int:event_id>")
@requires(Permission.PLAN_WORK)
def show_event(event_id: int) -> ResponseReturnValue:
    event = actions.event_of(event_id)
    return _page(event, _as_typed(event))


@blueprint.post("/events")
@requires(Permission.PLAN_WORK)
def create_event() -> ResponseReturnValue:
    typed = _typed()
    if typed.wrong:
        return _page(None, typed), 422
    actions.add_event(typed.name, *typed.days, typed.factor, typed.queue_ids, by=g.person)
    flash(_("« %(name)s » compte dans les prévisions.", name=typed.name))
    return redirect(url_for("planning.list_events"), 303)


@blueprint.post("/events/<int:event_id>")
@requires(Permission.PLAN_WORK)
def update_event(event_id: int) -> ResponseReturnValue:
    event, typed = actions.event_of(event_id), _typed()
    if typed.wrong:
        return _page(event, typed), 422
    actions.change_event(event, typed.name, *typed.days, typed.factor, typed.queue_ids)
    flash(_("« %(name)s » est corrigé.", name=typed.name))
    return redirect(url_for("planning.list_events"), 303)


@blueprint.post("/events/<int:event_id>/removal")
@requires(Permission.PLAN_WORK)
def create_event_removal(event_id: int) -> ResponseReturnValue:
    event = actions.event_of(event_id)
    actions.remove_event(event)
    flash(_("« %(name)s » ne compte plus.", name=event.name))
    return redirect(url_for("planning.list_events"), 303)


def _page(event: KnownEvent | None, typed: TypedEvent) -> str:
    today = clock.now().astimezone(zone()).date()
    listed = demand_rows.events(today - LOOKS_BACK, today + LOOKS_BACK_FOR_HOLIDAYS)
    return render_template(
        "planning/events.html",
        event=event,
        typed=typed,
        events=db.session.scalars(listed).all(),
        queues={each.id: each.name for each in db.session.scalars(queries.queues(*PATIENCE_OF))},
        today=today,
    )


def _as_typed(event: KnownEvent) -> TypedEvent:
    return TypedEvent(
        event.name,
        event.begins_on.isoformat(),
        event.ends_on.isoformat(),
        f"{event.factor:g}",
        list(event.queue_ids),
    )


def _typed() -> TypedEvent:
    form = request.form
    typed = TypedEvent(
        form.get("name", "").replace("\x00", "").strip(),
        form.get("begins", "").strip(),
        form.get("ends", "").strip(),
        form.get("times", "").strip(),
        [int(each) for each in form.getlist("queues") if each.isdecimal()],
    )
    if not 0 < len(typed.name) <= LONGEST_NAME:
        typed.wrong["name"] = _("Dire ce qui arrive, en %(num)s signes au plus.", num=LONGEST_NAME)
    _check_days(typed)
    _check_factor(typed)
    known = {each.id for each in db.session.scalars(queries.queues(*PATIENCE_OF))}
    if set(typed.queue_ids) - known:
        typed.wrong["queues"] = _("Une de ces files n’existe plus.")
    return typed


def _check_days(typed: TypedEvent) -> None:
    try:
        begins, ends = typed.days
    except ValueError:
        typed.wrong["begins"] = _("Écrivez le jour ainsi : 2026-03-17.")
        return
    if ends < begins:
        typed.wrong["ends"] = _("Le dernier jour est avant le premier.")


def _check_factor(typed: TypedEvent) -> None:
    try:
        factor = typed.factor
    except ValueError:
        factor = 0.0
    if not 0 < factor <= MOST_TIMES:
        typed.wrong["times"] = _("Écrire par combien la demande est multipliée, par exemple 1,5.")
