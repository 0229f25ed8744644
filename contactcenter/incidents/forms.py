"""Forms of incidents: the same few words in each language of the centre, and what is asked."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from contactcenter.incidents.actions import LONGEST_SUMMARY

LARGEST = 2**31 - 1


def texts(sent: Mapping[str, str], name: str, languages: Sequence[str]) -> dict[str, str]:
    """What was written in the fields `name-fr`, `name-nl`, ... of the centre's languages."""
    return {code: sent.get(f"{name}-{code}", "").replace("\x00", " ") for code in languages}


class NewForm(FlaskForm):
    topic = SelectField(_l("Motif"), [InputRequired(_l("Choisissez un motif."))], coerce=int)
    hours = IntegerField(
        _l("Depuis combien d’heures"),
        [InputRequired(_l("Écrivez un nombre d’heures.")), NumberRange(0, 72)],
        default=4,
        description=_l("Les demandes ouvertes depuis ce moment sont rattachées."),
    )


class QuestionForm(FlaskForm):
    team = SelectField(_l("Équipe"), [InputRequired(_l("Choisissez une équipe."))], coerce=int)
    question = TextAreaField(
        _l("Votre question"),
        [
            DataRequired(_l("Écrivez la question.")),
            Length(max=2000, message=_l("Restez au-dessous de 2 000 caractères.")),
        ],
        description=_l("Une seule pour toutes les demandes. Sans nom : elle part sans identité."),
    )


class SendForm(FlaskForm):
    seen = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST)])


class AttachForm(FlaskForm):
    reference = StringField(
        _l("Numéro de la demande"),
        [DataRequired(_l("Écrivez le numéro de la demande.")), Length(max=40)],
    )


class EndForm(FlaskForm):
    summary = TextAreaField(
        _l("Ce qui s’est passé, et ce qui a été fait"),
        [
            DataRequired(_l("Dites en quelques phrases ce qui s’est passé.")),
            Length(max=LONGEST_SUMMARY, message=_l("Restez au-dessous de 2 000 caractères.")),
        ],
    )
