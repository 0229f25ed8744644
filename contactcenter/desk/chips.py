"""The filters of a list in words, each with the address of the list without it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.desk.filters import READ, Waits
from contactcenter.desk.listing import Asked
from contactcenter.desk.views import Sort
from contactcenter.desk.words import CHANNELS, PRIORITIES, STATUSES, full_date
from contactcenter.languages import NAMES

WAITS = {Waits.US: _l("nous"), Waits.CITIZEN: _l("l’usager"), Waits.EXPERT: _l("un expert")}
SORTS = {
    Sort.DUE: _l("La plus pressée d’abord"),
    Sort.DUE_LAST: _l("La moins pressée d’abord"),
    Sort.OPENED_LAST: _l("La plus ancienne d’abord"),
    Sort.OPENED: _l("La plus récente d’abord"),
    Sort.UPDATED: _l("La dernière changée d’abord"),
    Sort.UPDATED_LAST: _l("La plus longtemps sans changement d’abord"),
}
LABELS = {
    "queue_id": _l("File"),
    "topic_id": _l("Motif"),
    "tag_id": _l("Étiquette"),
    "site_id": _l("Lieu"),
    "organisation_id": _l("Expert consulté"),
    "channel": _l("Arrivée par"),
    "status": _l("État"),
    "priority": _l("Priorité"),
    "language": _l("Langue"),
    "assignee": _l("Qui s’en occupe"),
    "waits": _l("Attend"),
    "snoozed": _l("Remise à plus tard"),
    "opened_from": _l("Arrivée dès le"),
    "opened_to": _l("Arrivée jusqu’au"),
    "updated_from": _l("Changée dès le"),
    "updated_to": _l("Changée jusqu’au"),
    "due_from": _l("Due dès le"),
    "due_to": _l("Due jusqu’au"),
}


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    without: str


def chips(asked: Asked, names: Mapping[str, Mapping[Any, str]]) -> list[Chip]:
    """`names` are those of what the page can name: queues, topics, tags, places, people."""
    return [
        Chip(str(LABELS[field]), _said(field, value, names), asked.but(**{READ[field][0]: None}))
        for field, value in asked.filters.chosen.items()
    ]


def _said(field: str, value: Any, names: Mapping[str, Mapping[Any, str]]) -> str:
    if isinstance(value, date):
        return full_date(value)
    if field == "assignee" and value in ("me", "none"):
        return str(_("moi") if value == "me" else _("personne"))
    if field == "snoozed":
        return str(_("oui") if value == "yes" else _("non"))
    if field in names:
        key = int(value) if field == "assignee" else value
        return names[field].get(key, str(value))
    return str(_WORDS[field](value))


_WORDS: dict[str, Callable[[Any], Any]] = {
    "channel": lambda value: CHANNELS[value],
    "status": lambda value: STATUSES[value],
    "priority": lambda value: PRIORITIES[value],
    "language": lambda value: NAMES[value],
    "waits": lambda value: WAITS[value],
}
