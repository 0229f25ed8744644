"""The form of the centre itself: what it does whatever the channel."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange, Optional

from contactcenter.administration.forms import EntryForm


class CentreForm(EntryForm):
    """What the centre itself does, whatever the channel."""

    acknowledges = BooleanField(
        _l("Dire par courriel ou SMS que la demande est reçue"),
        description=_l(
            "Une fois par demande écrite, à la personne seule et jamais à une machine. En France,"
            " la loi demande cet accusé de réception."
        ),
    )
    publishes_quality = BooleanField(
        _l("Montrer à tous la qualité du service"),
        description=_l(
            "Une page publique dit, par file et par mois, combien de personnes sont venues, combien"
            " ont été servies et à temps. Les petits nombres n’y sont jamais."
        ),
    )
    asks_solved = BooleanField(
        _l("Demander plus tard si c’est réglé"),
        description=_l(
            "Une seule fois, à l’usager dont la demande s’est terminée avec la réponse d’un expert."
            " Qui préfère une lettre ou n’a pas d’adresse est à appeler."
        ),
    )
    solved_after_days = IntegerField(
        _l("Combien de jours après"),
        [Optional(), NumberRange(7, 180)],
        default=30,
        filters=[lambda days: days or 30],
    )
