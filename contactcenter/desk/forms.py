"""Forms of a request."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange
from wtforms.validators import Optional as MayBeEmpty

from contactcenter.languages import LANGUAGES, NAMES
from contactcenter.tickets.actions import LONGEST_TEXT


class ReplyForm(FlaskForm):
    """What leaves for the citizen, or was said to them."""

    text = TextAreaField(
        _l("Votre réponse"),
        [
            DataRequired(_l("Écrivez votre réponse avant de l’envoyer.")),
            Length(max=LONGEST_TEXT, message=_l("Ce texte est trop long : joignez-le.")),
        ],
    )
    seen = HiddenField()
    then = HiddenField()


class NoteForm(FlaskForm):
    """What stays inside the house. It has its own address: a note is never sent by mistake."""

    text = TextAreaField(
        _l("Votre note interne"),
        [
            DataRequired(_l("Écrivez la note avant de la garder.")),
            Length(max=LONGEST_TEXT, message=_l("Ce texte est trop long : joignez-le.")),
        ],
    )


class ReadingForm(FlaskForm):
    reason = StringField(
        _l("Pourquoi l’ouvrez-vous ?"),
        [Length(max=500)],
        description=_l(
            "Par exemple : la personne est à mon guichet et demande où en est son dossier."
        ),
    )


class CitizenForm(FlaskForm):
    name = StringField(_l("Nom"), [Length(max=120)])
    birth_year = IntegerField(
        _l("Année de naissance"),
        [
            MayBeEmpty(),
            NumberRange(1900, 2100, _l("Écrivez l’année avec quatre chiffres, par exemple 1958.")),
        ],
    )
    phone = StringField(_l("Téléphone"), [Length(max=40)])
    email = StringField(_l("Adresse électronique"), [Length(max=254)])
    address = TextAreaField(_l("Adresse postale"), [Length(max=500)])
    language = SelectField(
        _l("Langue"), choices=[SelectChoice(each, NAMES[each]) for each in LANGUAGES]
    )
    reach = SelectField(
        _l("Préfère être joint"),
        choices=[
            SelectChoice("", _l("Sans préférence")),
            SelectChoice("email", _l("Par courriel")),
            SelectChoice("phone", _l("Par téléphone")),
            SelectChoice("sms", _l("Par SMS")),
            SelectChoice("letter", _l("Par lettre")),
            SelectChoice("counter", _l("Au guichet")),
        ],
    )
