"""The words of the figures of time: waits, services, the line, patience, and work."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from contactcenter.languages import clock_time
from contactcenter.reports.figure_forms import (
    Figures,
    Part,
    Shown,
    Told,
    Words,
    exact,
    number,
    rate,
    time,
)
from contactcenter.reports.words import percent


def _timed(
    name: str,
    words: Words,
    meaning: Words = "",
    part: str | None = None,
    whole: str | None = None,
) -> Told:
    """A figure in seconds."""
    return Told(name, words, meaning, part, whole, value=time(name))


def _quantile(share: str, words: Words) -> Told:
    """What this share of the served waited at most."""
    name = "wait_answered_quantiles_s"
    return Told(name, words, part="answered", value=_keyed(name, share, exact), key=share)


def _still_there(seconds: str, words: Words) -> Told:
    name = "patience_km_S"
    return Told(name, words, "", "left", "in_line", _keyed(name, seconds, percent), seconds)


def _keyed(name: str, key: str, form: Shown) -> Shown:
    return lambda figures: form(figures[name][key])


def _max_at(figures: Figures) -> str:
    at = figures["queue_max_first_at"]
    return clock_time(datetime.fromisoformat(at)) if at else "–"


def _by_agents(figures: Figures) -> str:
    return str(sum(figures["answered_by_agent"].values()))


WAITS = (
    _timed(
        "asa_s",
        _l("Attente moyenne des servies"),
        _l("Somme de leurs attentes, divisée par leur nombre."),
        "answered",
    ),
    _quantile("0.5", _l("La moitié a attendu moins de")),
    _quantile("0.8", _l("Huit sur dix ont attendu moins de")),
    _quantile("0.9", _l("Neuf sur dix ont attendu moins de")),
    _quantile("0.95", _l("Dix-neuf sur vingt ont attendu moins de")),
    _quantile("0.99", _l("99 sur 100 ont attendu moins de")),
    _timed("longest_wait_answered_s", _l("La plus longue attente d’une servie"), "", "answered"),
    _timed("longest_wait_any_s", _l("La plus longue de toutes"), "", "offered"),
    _timed("mean_wait_all_s", _l("Attente moyenne, servies ou non"), "", "ended"),
    _timed(
        "mean_wait_per_contact_s",
        _l("Attente de bout en bout"),
        _l("Toutes files ensemble, par contact : ce que la personne a vécu."),
        "ended",
    ),
    _timed(
        "mean_wait_abandoned_s",
        _l("Attente moyenne avant de partir"),
        _l("Ce n’est pas la patience : qui a été servi en avait au moins autant."),
        "left",
    ),
)
SERVICE = (
    Told("answered", _l("Servies"), "", "answered", "offered"),
    Told(
        "handled",
        _l("Servies jusqu’au bout ici"),
        _l("Service terminé, sans envoi vers une autre file."),
        "settled",
        "answered",
    ),
    Told(
        "transferred_out",
        _l("Transférées"),
        _l("Servies, puis envoyées vers une autre file : elles restent servies ici."),
        "transferred",
        "answered",
    ),
    Told("in_progress", _l("En cours de service"), "", "in_progress", "answered"),
    _timed(
        "aht_s",
        _l("Temps de service moyen"),
        _l("Du début à la fin avec l’agent, pour les services terminés."),
        "handled",
    ),
    Told("held", _l("Mises en attente pendant l’appel"), "", "held", "handled"),
    _timed(
        "hold_s",
        _l("Temps de mise en attente moyen"),
        _l("Sur tous les services terminés, avec ou sans mise en attente."),
        "handled",
    ),
)
LINE = (
    Told(
        "queue_mean_length",
        _l("Longueur moyenne"),
        _l("Personnes en file à chaque instant de la journée."),
        value=number("queue_mean_length"),
    ),
    Told("queue_max_length", _l("Longueur la plus grande"), value=number("queue_max_length")),
    Told("queue_max_first_at", _l("Atteinte à"), value=_max_at),
    _timed("queue_nonempty_seconds", _l("Temps avec quelqu’un en file")),
    _timed("queue_area_call_seconds", _l("Attente de toutes les personnes ensemble")),
)
PATIENCE = (
    _timed(
        "patience_mle_mean_s",
        _l("Patience moyenne"),
        _l("Attente de tous divisée par le nombre de départs."),
        "left",
        "in_line",
    ),
    _timed(
        "patience_km_median_s",
        _l("La moitié part avant"),
        _l("Courbe de Kaplan et Meier ; un tiret si la moitié n’est jamais partie."),
        "left",
        "in_line",
    ),
    _still_there("30", _l("Encore prêts à attendre après 30 secondes")),
    _still_there("60", _l("Encore prêts à attendre après une minute")),
    _still_there("120", _l("Encore prêts à attendre après deux minutes")),
    _still_there("300", _l("Encore prêts à attendre après cinq minutes")),
)
WORK = (
    Told(
        "occupancy",
        _l("Occupation"),
        _l("Temps à servir, sur le temps où l’on se disait prêt."),
        "answered",
        value=rate("occupancy"),
    ),
    Told(
        "utilisation",
        _l("Utilisation"),
        _l("Temps à servir, sur tout le temps de travail, pauses et réunions comprises."),
        "answered",
        value=rate("utilisation"),
    ),
    _timed("agent_logged_seconds", _l("Temps prêt")),
    _timed("agent_paid_seconds", _l("Temps de travail")),
    _timed("agent_busy_logged_seconds", _l("Temps à servir, en étant prêt"), "", "answered"),
    _timed(
        "agent_busy_after_logout_seconds",
        _l("Temps à servir après s’être dit absent"),
        "",
        "answered",
    ),
    Told(
        "answered_by_agent",
        _l("Servies, comptées par agent"),
        _l("Leur somme est le nombre de servies ; personne n’est nommé ni classé."),
        "answered",
        value=_by_agents,
    ),
)

PARTS = (
    Part(_l("L’attente"), WAITS),
    Part(_l("Le service"), SERVICE),
    Part(_l("La file"), LINE),
    Part(_l("La patience, servis compris"), PATIENCE),
    Part(_l("Le travail, tous agents ensemble"), WORK),
)
