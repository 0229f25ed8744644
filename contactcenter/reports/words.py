"""The reasons of a level in sentences with their numbers, and the one thing to do about it."""

from collections.abc import Mapping
from datetime import date, datetime
from math import ceil, sqrt

from babel.dates import format_skeleton, get_day_names
from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter.directory.models import Topic
from contactcenter.languages import clock_time, duration, language
from contactcenter.queues.load import Load
from contactcenter.queues.models import UNHURRIED, PriorityClass, Queue, QueueKind, Source
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.saturation import THIN_SAFETY, Level, Saturation
from contactcenter.queues.tally import Tally
from contactcenter.tickets.models import Channel


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
    numbers = full.numbers
    target = duration(queue.threshold_seconds)
    if full.reason == "nobody_serves":
        return ngettext(
            "%(num)d personne attend et personne ne sert.",
            "%(num)d personnes attendent et personne ne sert.",
            int(numbers["waiting"]),
        )
    if full.reason in ("far_beyond_target", "beyond_target"):
        return _longest(numbers["longest_wait_seconds"], queue, target)
    if full.reason == "long_line":
        return _line(numbers, target)
    if full.reason == "overload":
        return _(
            "Il arrive de quoi occuper %(load)s agents et il y en a %(agents)s : "
            "sans renfort, %(lost)s ne seront pas servis.",
            load=decimal(numbers["load"]),
            agents=decimal(numbers["agents"]),
            lost=percent(numbers["structural_abandonment"]),
        )
    if full.reason == "surge":
        return _(
            "%(came)s personnes sont venues en une heure, %(expected)s sont attendues d’habitude.",
            came=decimal(numbers["came"]),
            expected=decimal(numbers["expected"]),
        )
    if full.reason == "overload_coming":
        return _(
            "D’ici une demi-heure, il faudra d’habitude %(load)s agents et il y en a %(agents)s.",
            load=decimal(numbers["load"]),
            agents=decimal(numbers["agents"]),
        )
    if full.reason == "little_spare":
        return _(
            "Il arrive de quoi occuper %(load)s agents et il y en a %(agents)s : pas de marge.",
            load=decimal(numbers["load"]),
            agents=decimal(numbers["agents"]),
        )
    if numbers["waiting"] and queue.kind in UNHURRIED:
        return _("Rien n’attend depuis plus de %(target)s d’ouverture.", target=target)
    if numbers["waiting"]:
        return _("Chacun est servi dans l’objectif de %(target)s.", target=target)
    return _("Personne n’attend.")


def _longest(seconds: float, queue: Queue, target: str) -> str:
    longest = duration(seconds)
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


def _line(numbers: Mapping[str, float], target: str) -> str:
    """How long who comes next will wait, and by what handling time."""
    told = ngettext(
        "%(num)d personne attend pour %(agents)d : la prochaine attendrait %(wait)s,"
        " l’objectif est de %(target)s.",
        "%(num)d personnes attendent pour %(agents)d : la prochaine attendrait %(wait)s,"
        " l’objectif est de %(target)s.",
        int(numbers["waiting"]),
        agents=int(numbers["agents"]),
        wait=duration(numbers["next_wait_seconds"]),
        target=target,
    )
    if not numbers["is_assumed"]:
        return told
    return _(
        "%(told)s Temps de service supposé : %(handling)s, trop peu sont terminés pour le mesurer.",
        told=told,
        handling=duration(numbers["handling_seconds"]),
    )


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
    return {
        Channel.COUNTER: _("Guichet"),
        Channel.PHONE: _("Téléphone"),
        Channel.EMAIL: _("Courriel"),
        Channel.LETTER: _("Lettre"),
        Channel.WEB: _("Site"),
        Channel.SMS: _("SMS"),
        Channel.API: _("Autres programmes"),
    }


def sources() -> dict[Source, str]:
    """How a visit came into its queue."""
    return {
        Source.NEW: _("Nouvelle"),
        Source.TRANSFER: _("Transférée d’une autre file"),
        Source.OVERFLOW: _("Débordement d’une autre file"),
        Source.CALLBACK: _("Rappel promis"),
        Source.RETURN: _("Revenue après une pause"),
    }


def priorities() -> dict[PriorityClass, str]:
    return {
        PriorityClass.NORMAL: _("Sans priorité"),
        PriorityClass.PRIORITY: _("Prioritaires"),
    }


def languages() -> dict[str, str]:
    return {"fr": _("Français"), "nl": _("Néerlandais"), "en": _("Anglais"), "de": _("Allemand")}


def groupings() -> dict[str, str]:
    """By what a report tells groups apart."""
    return {
        "queue": _("File"),
        "team": _("Équipe"),
        "site": _("Lieu"),
        "channel": _("Canal"),
        "topic": _("Motif"),
        "language": _("Langue"),
        "priority_class": _("Priorité"),
    }


def weekdays() -> dict[int, str]:
    """By the number of ISO 8601: 1 is Monday."""
    names = get_day_names("abbreviated", locale=language())
    return {number: str(names[number - 1]) for number in range(1, 8)}


def columns() -> dict[str, str]:
    """Of a report as a table."""
    return {
        "offered": _("Visites"),
        "answered": _("Servies"),
        "on_time": _("Servies à temps"),
        "owed": _("À qui un service était dû"),
        "gave_up": _("Parties avant"),
        "stayed": _("Servies ou parties"),
        "lost": _("Jamais servies"),
        "mean_wait": _("Attente moyenne en secondes"),
    }


def about(topic: Topic | None, choice: dict[str, str] | None) -> str | None:
    """What a visit is about: its topic, else what was chosen in the menu; None if neither."""
    if topic is not None:
        return topic.label_in(language())
    return (choice or {}).get(language()) or (choice or {}).get("fr")


def outcomes() -> dict[str, str]:
    """The visits of each ending, together."""
    return {
        Outcome.ANSWERED.value: _("Servis"),
        Outcome.ABANDONED.value: _("Partis avant"),
        Outcome.ABANDONED_SHORT.value: _("Partis aussitôt"),
        Outcome.TIMEOUT.value: _("Attente trop longue"),
        Outcome.NO_AGENT.value: _("Personne ne servait"),
        Outcome.FULL.value: _("File pleine"),
        Outcome.DIVERTED.value: _("Envoyés ailleurs"),
        Outcome.CLOSED.value: _("Venus hors des heures"),
        Outcome.KEY_EXIT.value: _("Sortis par une touche"),
        Outcome.CALLBACK.value: _("Ont choisi le rappel"),
        Outcome.MOVED.value: _("Passés dans une autre file"),
        Outcome.ERROR.value: _("Perdus par une panne"),
        Outcome.CALLBACK_UNREACHED.value: _("Rappelés, pas joints"),
        Outcome.CALLBACK_BROKEN.value: _("Rappel promis, pas fait"),
        Outcome.WITHDRAWN.value: _("Retirés par le demandeur"),
    }


def gave_up(figures: Tally) -> str:
    """Who gave up the wait; a question that is taken back has gone nowhere."""
    withdrawn = figures.of(Outcome.WITHDRAWN).visits
    if not withdrawn:
        return _("Partis avant")
    return _("Retirés avant") if withdrawn == figures.gave_up else _("Partis ou retirés avant")


def endings() -> dict[str, str]:
    """How one stay ended."""
    return {
        Outcome.ANSWERED.value: _("Servi"),
        Outcome.ABANDONED.value: _("Parti avant son tour"),
        Outcome.ABANDONED_SHORT.value: _("Parti aussitôt"),
        Outcome.TIMEOUT.value: _("Attente trop longue"),
        Outcome.NO_AGENT.value: _("Personne ne servait"),
        Outcome.FULL.value: _("File pleine"),
        Outcome.DIVERTED.value: _("Envoyé ailleurs"),
        Outcome.CLOSED.value: _("Venu hors des heures"),
        Outcome.KEY_EXIT.value: _("Sorti par une touche"),
        Outcome.CALLBACK.value: _("A choisi le rappel"),
        Outcome.MOVED.value: _("Passé dans une autre file"),
        Outcome.ERROR.value: _("Perdu par une panne"),
        Outcome.CALLBACK_UNREACHED.value: _("Rappelé, pas joint"),
        Outcome.CALLBACK_BROKEN.value: _("Rappel promis, pas fait"),
        Outcome.WITHDRAWN.value: _("Retiré par le demandeur"),
    }


def figures() -> dict[str, str]:
    """The names of the figures whose visits can be opened."""
    by_outcome = {f"outcome-{name}": words for name, words in outcomes().items()}
    return {
        "offered": _("Visites"),
        "arrived": _("Arrivés"),
        "returned": _("De retour"),
        "answered": _("Visites servies"),
        "served": _("Servis"),
        "on_time": _("Servis à temps"),
        "owed": _("À qui un service était dû"),
        "overdue": _("En attente, objectif dépassé"),
        "due": _("À qui un service est dû"),
        "gave_up": _("Partis avant"),
        "stayed": _("Servis ou partis"),
        "left": _("Partis, aussitôt ou plus tard"),
        "ended_well": _("Servis ou partis dans le délai"),
        "decided": _("Servis ou partis, aussitôt ou plus tard"),
        "decided_late": _("Servis ou partis, sans les partis aussitôt"),
        "short": _("Partis aussitôt"),
        "refused": _("Refusés à l’entrée"),
        "lost": _("Jamais servis"),
        "at_risk": _("Visites, sans les partis aussitôt"),
        "waiting": _("En attente"),
        "in_line": _("Entrés dans la file"),
        "handled": _("Service terminé"),
        "ended": _("Visites dont l’issue est connue"),
        "in_20s": _("Servies en 20 secondes"),
        "left_in_20s": _("Parties en 20 secondes"),
        "in_20s_or_left": _("Servies ou parties en 20 secondes"),
        "overdue_20s": _("À qui un service était dû, ou qui attend depuis plus de 20 secondes"),
        "decided_after_20s": _("Servies, ou parties après 20 secondes"),
        "decided_or_refused": _("Servies, parties ou refusées à l’entrée"),
        "stayed_or_short": _("Servies ou parties, les aussitôt comprises"),
        "lost_after_transfer": _("Perdues après un transfert"),
        "no_show": _("Absentes à l’appel"),
        "left_by_themselves": _("Parties d’elles-mêmes"),
        "transferred": _("Transférées"),
        "in_progress": _("En cours de service"),
        "settled": _("Servies jusqu’au bout ici"),
        "held": _("Mises en attente pendant l’appel"),
        **{f"source-{source.value}": words for source, words in sources().items()},
        **by_outcome,
    }
