"""Triage rules said in words: when each applies, what it does, and what became of it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from contactcenter.administration.rule_forms import names
from contactcenter.triage.models import RuleAct

ACTS = {
    RuleAct.ADDED: _l("ajoutée"),
    RuleAct.FOUND: _l("gardée telle qu’installée"),
    RuleAct.CHANGED: _l("changée"),
    RuleAct.MOVED: _l("déplacée"),
    RuleAct.STARTED: _l("mise en marche"),
    RuleAct.STOPPED: _l("arrêtée"),
    RuleAct.RETURNED: _l("ramenée à une version d’avant"),
    RuleAct.REMOVED: _l("supprimée"),
}
FIELDS = {
    "topic": _l("Motif"),
    "priority": _l("Priorité"),
    "language": _l("Langue"),
    "queue": _l("File"),
    "team": _l("Équipe experte"),
}


def when(rule: Mapping[str, Any]) -> str:
    """Its conditions in one line."""
    parts = [_words(rule["words"])] if rule["words"] else []
    if rule["topic_id"] is not None:
        parts.append(_("motif %(name)s", name=named("topic", rule["topic_id"])))
    if rule["channel"]:
        parts.append(_("arrivée par %(name)s", name=named("channel", rule["channel"])))
    if rule["site_id"] is not None:
        parts.append(_("à %(name)s", name=named("site", rule["site_id"])))
    if rule["language"]:
        parts.append(_("en %(name)s", name=named("language", rule["language"])))
    if rule["sender_domain"]:
        parts.append(_("de %(domain)s", domain=rule["sender_domain"]))
    if rule["citizen_known"] is not None:
        known = rule["citizen_known"]
        parts.append(_("personne déjà venue") if known else _("première demande"))
    return ", ".join(parts) or _("toute demande")


def then(rule: Mapping[str, Any]) -> str:
    """What it does, in one line."""
    said = {
        "topic_id": _("motif %(name)s"),
        "queue_id": _("file %(name)s"),
        "priority": _("priorité %(name)s"),
        "language": _("réponse en %(name)s"),
        "team_id": _("équipe %(name)s"),
    }
    return ", ".join(
        said[what] % {"name": named(what.removesuffix("_id"), value)}
        for what, value in rule["sets"].items()
        if what in said
    )


def named(kind: str, value: Any) -> str:
    """The words for a topic, queue, team, site or choice; what has gone says so."""
    if value in ("", None):
        return _("aucun")
    return str(names()[kind].get(str(value)) or _("(n’existe plus)"))


def _words(words: list[str]) -> str:
    shown = ", ".join(words[:4])
    if len(words) > 4:
        return ngettext(
            "dit « %(words)s » ou %(num)s autre mot",
            "dit « %(words)s » ou %(num)s autres mots",
            len(words) - 4,
            words=shown,
        )
    return _("dit « %(words)s »", words=shown)
