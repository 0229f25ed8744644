"""The words of the figures of time: waits, services, the line, patience, and work."""

from datetime import datetime

from flask_babel import gettext as _

from contactcenter.languages import clock_time
from contactcenter.reports.figure_forms import Figures, Part, Shown, Told, exact, number, rate, time
from contactcenter.reports.words import percent


def parts() -> tuple[Part, ...]:
    return (_waits(), _service(), _line(), _patience(), _work())


def _waits() -> Part:
    words = {
        "0.5": _("La moitié a attendu moins de"),
        "0.8": _("Huit sur dix ont attendu moins de"),
        "0.9": _("Neuf sur dix ont attendu moins de"),
        "0.95": _("Dix-neuf sur vingt ont attendu moins de"),
        "0.99": _("99 sur 100 ont attendu moins de"),
    }
    return Part(
        _("L’attente"),
        (
            Told(
                "asa_s",
                _("Attente moyenne des servies"),
                _("Somme de leurs attentes, divisée par leur nombre."),
                "answered",
                value=time("asa_s"),
            ),
            *(
                Told(
                    "wait_answered_quantiles_s",
                    each,
                    part="answered",
                    value=_quantile(name),
                    key=name,
                )
                for name, each in words.items()
            ),
            Told(
                "longest_wait_answered_s",
                _("La plus longue attente d’une servie"),
                part="answered",
                value=time("longest_wait_answered_s"),
            ),
            Told(
                "longest_wait_any_s",
                _("La plus longue de toutes"),
                part="offered",
                value=time("longest_wait_any_s"),
            ),
            Told(
                "mean_wait_all_s",
                _("Attente moyenne, servies ou non"),
                part="ended",
                value=time("mean_wait_all_s"),
            ),
            Told(
                "mean_wait_per_contact_s",
                _("Attente de bout en bout"),
                _("Toutes files ensemble, par contact : ce que la personne a vécu."),
                "ended",
                value=time("mean_wait_per_contact_s"),
            ),
            Told(
                "mean_wait_abandoned_s",
                _("Attente moyenne avant de partir"),
                _("Ce n’est pas la patience : qui a été servi en avait au moins autant."),
                "left",
                value=time("mean_wait_abandoned_s"),
            ),
        ),
    )


def _quantile(name: str) -> Shown:
    return lambda figures: exact(figures["wait_answered_quantiles_s"][name])


def _service() -> Part:
    return Part(
        _("Le service"),
        (
            Told("answered", _("Servies"), "", "answered", "offered"),
            Told(
                "handled",
                _("Servies jusqu’au bout ici"),
                _("Service terminé, sans envoi vers une autre file."),
                "settled",
                "answered",
            ),
            Told(
                "transferred_out",
                _("Transférées"),
                _("Servies, puis envoyées vers une autre file : elles restent servies ici."),
                "transferred",
                "answered",
            ),
            Told("in_progress", _("En cours de service"), "", "in_progress", "answered"),
            Told(
                "aht_s",
                _("Temps de service moyen"),
                _("Du début à la fin avec l’agent, pour les services terminés."),
                "handled",
                value=time("aht_s"),
            ),
            Told("held", _("Mises en attente pendant l’appel"), "", "held", "handled"),
            Told(
                "hold_s",
                _("Temps de mise en attente moyen"),
                _("Sur tous les services terminés, avec ou sans mise en attente."),
                "handled",
                value=time("hold_s"),
            ),
        ),
    )


def _line() -> Part:
    return Part(
        _("La file"),
        (
            Told(
                "queue_mean_length",
                _("Longueur moyenne"),
                _("Personnes en file à chaque instant de la journée."),
                value=number("queue_mean_length"),
            ),
            Told(
                "queue_max_length", _("Longueur la plus grande"), value=number("queue_max_length")
            ),
            Told("queue_max_first_at", _("Atteinte à"), value=_max_at),
            Told(
                "queue_nonempty_seconds",
                _("Temps avec quelqu’un en file"),
                value=time("queue_nonempty_seconds"),
            ),
            Told(
                "queue_area_call_seconds",
                _("Attente de toutes les personnes ensemble"),
                value=time("queue_area_call_seconds"),
            ),
        ),
    )


def _max_at(figures: Figures) -> str:
    at = figures["queue_max_first_at"]
    return clock_time(datetime.fromisoformat(at)) if at else "–"


def _patience() -> Part:
    after = {"30": 30, "60": 60, "120": 120, "300": 300}
    return Part(
        _("La patience, servis compris"),
        (
            Told(
                "patience_mle_mean_s",
                _("Patience moyenne"),
                _("Attente de tous divisée par le nombre de départs."),
                "left",
                "in_line",
                value=time("patience_mle_mean_s"),
            ),
            Told(
                "patience_km_median_s",
                _("La moitié part avant"),
                _("Courbe de Kaplan et Meier ; un tiret si la moitié n’est jamais partie."),
                "left",
                "in_line",
                value=time("patience_km_median_s"),
            ),
            *(
                Told(
                    "patience_km_S",
                    _("Encore prêts à attendre après %(time)s", time=exact(seconds)),
                    part="left",
                    whole="in_line",
                    value=_survival(name),
                    key=name,
                )
                for name, seconds in after.items()
            ),
        ),
    )


def _survival(name: str) -> Shown:
    return lambda figures: percent(figures["patience_km_S"][name])


def _work() -> Part:
    return Part(
        _("Le travail, tous agents ensemble"),
        (
            Told(
                "occupancy",
                _("Occupation"),
                _("Temps à servir, sur le temps où l’on se disait prêt."),
                "answered",
                value=rate("occupancy"),
            ),
            Told(
                "utilisation",
                _("Utilisation"),
                _("Temps à servir, sur tout le temps de travail, pauses et réunions comprises."),
                "answered",
                value=rate("utilisation"),
            ),
            Told("agent_logged_seconds", _("Temps prêt"), value=time("agent_logged_seconds")),
            Told("agent_paid_seconds", _("Temps de travail"), value=time("agent_paid_seconds")),
            Told(
                "agent_busy_logged_seconds",
                _("Temps à servir, en étant prêt"),
                part="answered",
                value=time("agent_busy_logged_seconds"),
            ),
            Told(
                "agent_busy_after_logout_seconds",
                _("Temps à servir après s’être dit absent"),
                part="answered",
                value=time("agent_busy_after_logout_seconds"),
            ),
            Told(
                "answered_by_agent",
                _("Servies, comptées par agent"),
                _("Leur somme est le nombre de servies ; personne n’est nommé ni classé."),
                "answered",
                value=lambda figures: str(sum(figures["answered_by_agent"].values())),
            ),
        ),
    )
