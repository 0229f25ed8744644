"""The forms of giving work out: a skill, and the rule of one queue."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from contactcenter.accounts.fields import choices_of
from contactcenter.administration import choices
from contactcenter.administration.fields import EntriesField, EntryField
from contactcenter.administration.forms import SHORT, EntryForm
from contactcenter.languages import NAMES
from contactcenter.queues.routing_models import RoutingRule

DAY = 86_400
SECONDS = [Optional(), NumberRange(0, DAY, _l("Un nombre de secondes, un jour au plus."))]
LEVELS = {
    "": _l("À tout moment"),
    "busy": _l("Chargée"),
    "full": _l("Saturée"),
    "blocked": _l("Bloquée"),
}


def word_or_none(chosen: str | None) -> str | None:
    """Choosing nothing is None, also where a form shows what is stored."""
    return None if chosen in (None, "", "None") else chosen


class SkillForm(EntryForm):
    name = StringField(_l("Nom"), SHORT)
    language = SelectField(
        _l("Langue parlée"),
        choices=choices_of({"": _l("Ce n’est pas une langue"), **NAMES}),
        coerce=word_or_none,
        description=_l("Les files qui demandent la langue de la personne donnent à qui la parle."),
    )
    queues = EntriesField(_l("Files qui la demandent"), offer=choices.queues)
    topics = EntriesField(_l("Motifs qui la demandent"), offer=choices.topics)

    def values(self) -> dict[str, Any]:
        return {"name": self.name.data, "language": self.language.data}


class RoutingForm(EntryForm):
    """Empty fields leave things as they usually are."""

    asks_language = BooleanField(
        _l("Donner à qui parle la langue de la personne"),
        description=_l("Pour les langues notées parmi les compétences."),
    )
    second_after = IntegerField(
        _l("Niveau 2 appelé après (secondes)"),
        SECONDS,
        description=_l("Vide : tous les niveaux sont appelés en même temps."),
    )
    third_after = IntegerField(_l("Niveau 3 appelé après (secondes)"), SECONDS)
    priority_weight = DecimalField(
        _l("Poids d’une attente prioritaire"),
        [Optional(), NumberRange(1, 100, _l("Un nombre de 1 à 100."))],
        description=_l(
            "Avec 3, une minute d’attente prioritaire en vaut trois. Vide : qui a priorité passe"
            " avant, dans la limite des dépassements."
        ),
    )
    most_overtakes = IntegerField(
        _l("Dépassements au plus"),
        [Optional(), NumberRange(0, 50, _l("Un nombre de 0 à 50."))],
        description=_l("Qui a été dépassé autant de fois passe ensuite le premier. Vide : 2."),
    )
    weight = DecimalField(
        _l("Poids de cette file parmi les autres"),
        [Optional(), NumberRange(0.1, 100, _l("Un nombre de 0,1 à 100."))],
        default=1,
    )
    same_agent_seconds = IntegerField(
        _l("Attendre le même agent (secondes)"),
        SECONDS,
        description=_l("Qui revient attend, aussi longtemps au plus, l’agent qui l’a déjà aidé."),
    )
    rest_seconds = IntegerField(
        _l("Repos avant un écrit (secondes)"),
        SECONDS,
        description=_l("Un écrit n’est donné qu’à un agent libre depuis aussi longtemps."),
    )
    held_seconds = IntegerField(
        _l("Garder une offre (secondes)"),
        SECONDS,
        description=_l("Sans réponse ensuite, elle revient à sa place. Vide : comme d’habitude."),
    )
    callback_after_seconds = IntegerField(
        _l("Proposer un rappel après (secondes)"),
        SECONDS,
        description=_l("Au téléphone, à qui attend ou attendra aussi longtemps. Vide : jamais."),
    )
    overflow_to = EntryField(
        _l("Déborder vers"), offer=choices.queues, none=_l("Aucune autre file")
    )
    overflow_after_seconds = IntegerField(_l("Déborder après (secondes)"), SECONDS)
    overflow_level = SelectField(
        _l("Déborder quand la file est"),
        choices=choices_of(LEVELS),
        coerce=word_or_none,
    )

    @classmethod
    def of(cls, rule: RoutingRule | None) -> Any:
        steps = rule.opens_after if rule else []
        second, third = ([*steps, None, None])[:2]
        return cls(formdata=None, obj=rule, data={"second_after": second, "third_after": third})

    def values(self) -> dict[str, Any]:
        named = {field.name: field.data for field in self if field.type != "CSRFTokenField"}
        steps = [named.pop("second_after"), named.pop("third_after")]
        priority_weight = named["priority_weight"]
        to = named["overflow_to"]
        return named | {
            "opens_after": [each for each in steps if each is not None],
            "weight": float(named["weight"] or 1),
            "priority_weight": None if priority_weight is None else float(priority_weight),
            "same_agent_seconds": named["same_agent_seconds"] or 0,
            "rest_seconds": named["rest_seconds"] or 0,
            "overflow_after_seconds": (named["overflow_after_seconds"] or 0) if to else None,
        }
