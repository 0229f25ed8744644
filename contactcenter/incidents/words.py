"""Incidents in people's words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contactcenter.incidents.models import Incident, Way

WAYS = {
    Way.EMAIL: _l("par courriel"),
    Way.SMS: _l("par SMS"),
    Way.LETTER: _l("par lettre à imprimer"),
    Way.CALL: _l("à appeler"),
    Way.NONE: _l("aucune adresse connue"),
    Way.JOINED: _l("avec la demande qui l’a réunie"),
}


def state(incident: Incident) -> str:
    if incident.ended_at:
        return _("Terminé")
    if incident.refused_at:
        return _("Écarté")
    return _("Ouvert") if incident.opened_at else _("Proposé")


def why(incident: Incident) -> str:
    """Why it was proposed, in numbers; nothing for one that a person opened."""
    if incident.came is None or incident.expected is None:
        return ""
    usual = round(incident.expected)
    if usual < 1:
        return ngettext(
            "%(num)d demande en une heure, d’ordinaire presque aucune",
            "%(num)d demandes en une heure, d’ordinaire presque aucune",
            incident.came,
        )
    return ngettext(
        "%(num)d demande en une heure, d’ordinaire %(usual)d",
        "%(num)d demandes en une heure, d’ordinaire %(usual)d",
        incident.came,
        usual=usual,
    )
