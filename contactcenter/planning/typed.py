"""What a manager typed on the pages of planning, checked; what is wrong stays as it was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from contactcenter.errors import Invalid
from contactcenter.queues.past_demand import SLOTS
from contactcenter.queues.staffing import Goals

MOST_AGENTS_TYPED = 999
GOALS = ("max_abandonment", "min_service_level", "max_occupancy")


@dataclass
class TypedPlan:
    """`wrong` has a sentence by the name of the field; `as_typed` the fields as they came."""

    agents: dict[int, int] = field(default_factory=dict)
    goals: Goals = field(default_factory=Goals)
    wrong: dict[str, str] = field(default_factory=dict)
    as_typed: Mapping[str, str] = field(default_factory=dict)


def typed_plan(form: Mapping[str, str]) -> TypedPlan:
    plan = TypedPlan(as_typed=form)
    for slot in range(SLOTS):
        written = form.get(f"agents-{slot}", "").strip()
        if not written:
            continue
        if written.isdecimal() and int(written) <= MOST_AGENTS_TYPED:
            plan.agents[slot] = int(written)
        else:
            plan.wrong[f"agents-{slot}"] = _("Écrire un nombre entier d’agents, de 0 à 999.")
    goals: dict[str, Any] = {}
    for name in GOALS:
        written = form.get(name, "").strip().removesuffix("%").strip().replace(",", ".")
        if not written:
            continue
        share = _share(written)
        if share is None:
            plan.wrong[name] = _("Écrire un pourcentage de 0 à 100.")
        else:
            goals[name] = share
    plan.goals = Goals(**goals)
    return plan


def _share(written: str) -> float | None:
    try:
        share = float(written) / 100
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def typed_day(written: str, otherwise: date) -> date:
    """Raise Invalid when it is no date, or too far to say anything about."""
    try:
        day = date.fromisoformat(written) if written else otherwise
    except ValueError:
        raise Invalid(_("Écrivez le jour ainsi : 2026-03-17.")) from None
    if abs((day - otherwise).days) > 366:
        raise Invalid(_("Choisissez un jour à moins d’un an d’aujourd’hui."))
    return day
