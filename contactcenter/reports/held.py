"""Who held the requests that experts were asked about: percentiles of their bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles

from flask_babel import gettext as _

from contactcenter.db import db
from contactcenter.escalation.held import held_of
from contactcenter.escalation.held_queries import finished_with_experts, organisations_named
from contactcenter.escalation.held_rules import Held
from contactcenter.reports.disclosure import LEAST

MOST = 2_000  # requests, the last finished first


@dataclass(frozen=True)
class Side:
    """Seconds for half and for nine in ten of the requests; None: too few to be shown.

    `cases` is told of partners alone: beside a sum, what is hidden could be had by subtraction.
    """

    name: str
    cases: int | None
    half: float | None
    most: float | None


def sides(begins_at: datetime, ends_at: datetime) -> list[Side]:
    """Of requests finished in between: us, each organisation by name, the citizen, closed hours."""
    finished = db.session.scalars(finished_with_experts(begins_at, ends_at, MOST)).all()
    if not finished:
        return []
    held = list(held_of(finished).values())
    return [
        _side(_("Nous"), [each.us.total_seconds() for each in held]),
        *_partners(held),
        _side(_("L’usager"), [each.citizen.total_seconds() for each in held]),
        _side(
            _("Personne, hors des heures d’ouverture"),
            [each.outside.total_seconds() for each in held],
        ),
    ]


def _partners(held: Sequence[Held]) -> list[Side]:
    times: dict[int, list[float]] = {}
    for each in held:
        for organisation_id, time in each.partners.items():
            times.setdefault(organisation_id, []).append(time.total_seconds())
    named = db.session.execute(organisations_named(times)).all() if times else []
    return [_side(name, times[each], is_counted=True) for each, name in named]


def _side(name: str, seconds: Sequence[float], *, is_counted: bool = False) -> Side:
    if len(seconds) < LEAST:
        return Side(name, None, None, None)
    most = quantiles(seconds, n=10, method="inclusive")[-1]
    return Side(name, len(seconds) if is_counted else None, median(seconds), most)
