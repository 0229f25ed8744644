"""Why an agent was given this one, and why nobody is given that one, in sentences."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter.db import Json
from contactcenter.languages import duration
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.rules import Reason, Refusal
from contactcenter.queues.unfit import Unfit


def why_given(why: Json | None) -> list[str]:
    """What spoke for giving it to whom it was given; nothing where that was not kept."""
    if not why:
        return []
    said = [_reason(why)]
    if names := skill_names(why.get("needs", ())):
        said.append(_("Il fallait : %(skills)s.", skills=names))
    if why.get("level", 1) > 1:
        said.append(_("Appelé en renfort, au niveau %(level)d.", level=why["level"]))
    if why.get("idle"):
        said.append(_("Libre depuis le plus longtemps : %(time)s.", time=duration(why["idle"])))
    return said


def _reason(why: Json) -> str:
    waited = duration(why.get("waited", 0))
    if why["reason"] == Reason.WANTED:
        return _("Le même agent que la fois d’avant.")
    if why["reason"] == Reason.DUE:
        return ngettext(
            "Dépassée %(num)d fois, c’est son tour : elle attend depuis %(time)s.",
            "Dépassée %(num)d fois, c’est son tour : elle attend depuis %(time)s.",
            why.get("overtaken", 0),
            time=waited,
        )
    reasons = {
        Reason.PRIORITY: _("Passe avant : sa priorité, et %(time)s d’attente.", time=waited),
        Reason.WEIGHT: _("Son attente compte davantage : %(time)s.", time=waited),
        Reason.LONGEST: _("L’attente la plus longue des files servies : %(time)s.", time=waited),
        Reason.ONLY: _("La seule à attendre dans les files servies : %(time)s.", time=waited),
    }
    return reasons.get(why["reason"], _("Choisie hors tour."))


def why_none(refusal: Refusal | None) -> str:
    """Why an agent who asks for written work is given none."""
    if refusal is Refusal.LIVE:
        return _("Quelqu’un attend au guichet ou au téléphone : cette personne passe d’abord.")
    if refusal is Refusal.ENOUGH:
        return _("Vous avez déjà autant de demandes en main que prévu : terminez-en une.")
    if refusal is Refusal.REST:
        return _(
            "Un appel peut encore venir : la prochaine demande vous est donnée un peu plus tard."
        )
    return _("Aucune demande de vos files n’attend d’être prise.")


def why_unfit(unfit: Unfit) -> str:
    """Why nobody is offered these."""
    waiting = ngettext("%(num)d attend", "%(num)d attendent", unfit.waiting)
    skills = skill_names(unfit.needs)
    if not unfit.able:
        return _(
            "%(waiting)s : personne de cette file n’a ce qu’il faut (%(skills)s).",
            waiting=waiting,
            skills=skills,
        )
    return ngettext(
        "%(waiting)s : %(skills)s. %(num)d personne peut le faire, mais ne sert pas.",
        "%(waiting)s : %(skills)s. %(num)d personnes peuvent le faire, mais aucune ne sert.",
        unfit.able,
        waiting=waiting,
        skills=skills,
    )


def skill_names(skill_ids: Sequence[int]) -> str:
    names = known_routing().names
    return ", ".join(names[each] for each in skill_ids if each in names)
