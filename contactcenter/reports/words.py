"""The reasons of a level in sentences with their numbers, and the one thing to do about it."""

from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from math import ceil, sqrt
from typing import TypeVar

from babel.dates import format_skeleton, get_day_names
from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from contactcenter.directory.models import Topic
from contactcenter.languages import clock_time, duration, language
from contactcenter.queues.load import Load
from contactcenter.queues.models import UNHURRIED, PriorityClass, Queue, QueueKind, Source
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.saturation import THIN_SAFETY, Level, Saturation
from contactcenter.queues.tally import Tally
from contactcenter.reports.name_words import (
    CHANNELS,
    COLUMNS,
    ENDINGS,
    FIGURES,
    GROUPINGS,
    LANGUAGES,
    MENU_CALLS,
    OUTCOMES,
    PRIORITIES,
    SOURCES,
)
from contactcenter.tickets.models import Channel

Numbers = Mapping[str, float]
Key = TypeVar("Key", bound=Hashable)


def percent(share: float | None) -> str:
    """57 %, or a dash where there is nothing to divide by."""
    return "–" if share is None else str(format_percent(share, locale=language()))


def month(day: date) -> str:
    """October 2026."""
    return str(format_skeleton("yMMMM", day, locale=language()))


def decimal(value: float) -> str:
    return str(format_decimal(value, "0.#", locale=language()))


def why(full: Saturation, queue: Queue) -> str:
    """The reason of the level as it is computed now."""
    told = _WHY.get(full.reason)
    if told is not None:
        return _with_other_queues(told(full.numbers, queue), full.numbers)
    target = duration(queue.threshold_seconds)
    if full.numbers["waiting"] and queue.kind in UNHURRIED:
        return _("Rien n’attend depuis plus de %(target)s d’ouverture.", target=target)
    if full.numbers["waiting"]:
        return _("Chacun est servi dans l’objectif de %(target)s.", target=target)
    return _("Personne n’attend.")


def _with_other_queues(told: str, numbers: Numbers) -> str:
    """Says how much of a load is that of other queues of the same agents."""
    elsewhere = decimal(numbers.get("load_elsewhere", 0.0))
    if elsewhere == decimal(0):
        return told
    return _(
        "%(told)s Les autres files de ces agents y comptent pour %(load)s.",
        told=told,
        load=elsewhere,
    )


def _nobody_serves(numbers: Numbers, _queue: Queue) -> str:
    return ngettext(
        "%(num)d personne attend et personne ne sert.",
        "%(num)d personnes attendent et personne ne sert.",
        int(numbers["waiting"]),
    )


def _overload(numbers: Numbers, _queue: Queue) -> str:
    return _(
        "Il arrive de quoi occuper %(load)s agents et il y en a %(agents)s : "
        "sans renfort, %(lost)s ne seront pas servis.",
        load=decimal(numbers["load"]),
        agents=decimal(numbers["agents"]),
        lost=percent(numbers["structural_abandonment"]),
    )


def _surge(numbers: Numbers, _queue: Queue) -> str:
    if decimal(numbers["expected"]) == decimal(0):
        return _(
            "%(came)s personnes sont venues en une heure ; d’habitude il n’en vient aucune.",
            came=decimal(numbers["came"]),
        )
    return _(
        "%(came)s personnes sont venues en une heure, %(expected)s sont attendues d’habitude.",
        came=decimal(numbers["came"]),
        expected=decimal(numbers["expected"]),
    )


def _overload_coming(numbers: Numbers, _queue: Queue) -> str:
    return _(
        "D’ici une demi-heure, il faudra d’habitude %(load)s agents et il y en a %(agents)s.",
        load=decimal(numbers["load"]),
        agents=decimal(numbers["agents"]),
    )


def _little_spare(numbers: Numbers, _queue: Queue) -> str:
    return _(
        "Il arrive de quoi occuper %(load)s agents et il y en a %(agents)s : pas de marge.",
        load=decimal(numbers["load"]),
        agents=decimal(numbers["agents"]),
    )


def _longest(numbers: Numbers, queue: Queue) -> str:
    longest, target = (
        duration(each) for each in (numbers["longest_wait_seconds"], queue.threshold_seconds)
    )
    if queue.kind in UNHURRIED:
        return _(
            "La plus ancienne attend depuis %(longest)s d’ouverture, l’objectif est de %(target)s.",
            longest=longest,
            target=target,
        )
    return _(
        "La plus longue attente est de %(longest)s, l’objectif de %(target)s.",
        longest=longest,
        target=target,
    )


def _line(numbers: Numbers, queue: Queue) -> str:
    """How long who comes next will wait, and by what handling time."""
    told = ngettext(
        "%(num)d personne attend pour %(agents)d : la prochaine attendrait %(wait)s,"
        " l’objectif est de %(target)s.",
        "%(num)d personnes attendent pour %(agents)d : la prochaine attendrait %(wait)s,"
        " l’objectif est de %(target)s.",
        int(numbers["waiting"]),
        agents=int(numbers["agents"]),
        wait=duration(numbers["next_wait_seconds"]),
        target=duration(queue.threshold_seconds),
    )
    elsewhere = int(numbers["waiting_elsewhere"])
    if elsewhere:
        told = ngettext(
            "%(told)s Les mêmes agents servent aussi d’autres files, où %(num)d personne attend.",
            "%(told)s Les mêmes agents servent aussi d’autres files, où %(num)d personnes"
            " attendent.",
            elsewhere,
            told=told,
        )
    if not numbers["is_assumed"]:
        return told
    return _(
        "%(told)s Temps de service supposé : %(handling)s, trop peu sont terminés pour le mesurer.",
        told=told,
        handling=duration(numbers["handling_seconds"]),
    )


_WHY: dict[str, Callable[[Numbers, Queue], str]] = {
    "nobody_serves": _nobody_serves,
    "far_beyond_target": _longest,
    "beyond_target": _longest,
    "long_line": _line,
    "overload": _overload,
    "surge": _surge,
    "overload_coming": _overload_coming,
    "little_spare": _little_spare,
}


def change(shown: Level, computed: Level, until: datetime | None) -> str:
    """What is about to change, or why a level is still shown; it moves after 2 minutes up."""
    if computed > shown:
        return _("Se charge, à confirmer en 2 minutes.")
    if until is None:
        return ""
    at = clock_time(until)
    if shown is Level.BLOCKED:
        return _("Reste bloquée jusqu’à %(at)s : il n’y avait personne pour recevoir.", at=at)
    if shown is Level.FULL:
        return _("Reste saturée jusqu’à %(at)s : il y avait trop à faire.", at=at)
    return _("Reste chargée jusqu’à %(at)s : il y avait de l’attente ou peu de marge.", at=at)


def keep_on(shown: Level, queue: Queue) -> str:
    """What to do while a level is only held."""
    if queue.kind in UNHURRIED:
        return _("Continuer par les plus anciennes")
    if shown is Level.BLOCKED:
        return _("Garder qui vient d’arriver, le temps de recevoir")
    return _("Garder tout le monde, le temps que cela se confirme")


def advice(full: Saturation, queue: Queue, load: Load) -> str:
    if full.reason == "nobody_serves":
        return _nobody(queue)
    if full.reason == "calm":
        return _calm(load)
    if queue.kind in UNHURRIED:
        return _("Prendre les plus anciennes d’abord")
    if full.reason == "surge":
        return _("Prévenir qui peut venir renforcer : l’affluence dépasse l’habitude")
    if full.reason == "little_spare":
        return _("Garder tout le monde : une pause à la fois")
    more = missing(full, load)
    if queue.kind is QueueKind.COUNTER:
        return ngettext("Ouvrir %(num)d guichet de plus", "Ouvrir %(num)d guichets de plus", more)
    return ngettext("Faire venir %(num)d agent", "Faire venir %(num)d agents", more)


def missing(full: Saturation, load: Load) -> int:
    """Agents to add so that a small peak makes no queue; at least one."""
    demand = max(full.load or 0.0, full.coming_load or 0.0)
    return max(1, ceil(demand + THIN_SAFETY * sqrt(demand)) - load.agents)


def _nobody(queue: Queue) -> str:
    if queue.kind is QueueKind.COUNTER:
        return _("Ouvrir un guichet, ou dire quand il ouvrira")
    if queue.kind is QueueKind.CONSULT:
        return _("Appeler l’expert d’astreinte")
    return _("Faire répondre un agent")


def _calm(load: Load) -> str:
    if not load.ready:
        return _("Rien à faire")
    return ngettext(
        "Rien à faire, %(num)d agent est libre",
        "Rien à faire, %(num)d agents sont libres",
        load.ready,
    )


def channels() -> dict[Channel, str]:
    return _said(CHANNELS)


def sources() -> dict[Source, str]:
    """How a visit came into its queue."""
    return _said(SOURCES)


def priorities() -> dict[PriorityClass, str]:
    return _said(PRIORITIES)


def languages() -> dict[str, str]:
    return _said(LANGUAGES)


def groupings() -> dict[str, str]:
    """By what a report tells groups apart."""
    return _said(GROUPINGS)


def weekdays() -> dict[int, str]:
    """By the number of ISO 8601: 1 is Monday."""
    names = get_day_names("abbreviated", locale=language())
    return {number: str(names[number - 1]) for number in range(1, 8)}


def columns() -> dict[str, str]:
    """Of a report as a table."""
    return _said(COLUMNS)


def menu_calls() -> dict[str, str]:
    """Of the calls that came: what became of them before any queue."""
    return _said(MENU_CALLS)


def about(topic: Topic | None, choice: dict[str, str] | None) -> str | None:
    """What a visit is about: its topic, else what was chosen in the menu; None if neither."""
    if topic is not None:
        return topic.label_in(language())
    return (choice or {}).get(language()) or (choice or {}).get("fr")


def outcomes() -> dict[str, str]:
    """The visits of each ending, together."""
    return _said(OUTCOMES)


def gave_up(figures: Tally) -> str:
    """Who gave up the wait; a question that is taken back has gone nowhere."""
    withdrawn = figures.of(Outcome.WITHDRAWN).visits
    if not withdrawn:
        return _("Partis avant")
    return _("Retirés avant") if withdrawn == figures.gave_up else _("Partis ou retirés avant")


def endings() -> dict[str, str]:
    """How one stay ended."""
    return _said(ENDINGS)


def figures() -> dict[str, str]:
    """The names of the figures whose visits can be opened."""
    return _said(FIGURES)


def _said(names: Mapping[Key, LazyString]) -> dict[Key, str]:
    return {key: str(words) for key, words in names.items()}
