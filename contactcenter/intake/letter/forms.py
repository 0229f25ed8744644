"""The form of a letter that came."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, EmailField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from contactcenter import clock
from contactcenter.citizens.actions import country
from contactcenter.citizens.rules import e164, is_email
from contactcenter.fields import KeyField
from contactcenter.languages import LANGUAGES, NAMES, zone
from contactcenter.tickets.actions import LONGEST_SUBJECT
from contactcenter.tickets.messages import LONGEST_TEXT

OLDEST = timedelta(days=365)


class LetterForm(FlaskForm):
    token = KeyField()
    received_on = DateField(
        _l("Reçue le"),
        [DataRequired(_l("Écrivez le jour où la lettre est arrivée, pas celui d’aujourd’hui."))],
        description=_l("Le jour où elle est arrivée, même s’il y a longtemps."),
    )
    citizen_name = StringField(_l("Qui écrit"), [Length(max=120)])
    citizen_address = TextAreaField(
        _l("Son adresse"), [Length(max=500)], description=_l("Là où la réponse sera postée.")
    )
    citizen_phone = StringField(_l("Son téléphone"), [Length(max=40)])
    citizen_email = EmailField(
        _l("Son adresse électronique"),
        [Length(max=254)],
        description=_l("Si la lettre en donne une, l’accusé de réception y part."),
    )
    subject = StringField(
        _l("Objet"),
        [
            DataRequired(_l("Dites en quelques mots de quoi il s’agit.")),
            Length(max=LONGEST_SUBJECT),
        ],
    )
    text = TextAreaField(
        _l("Ce que dit la lettre"),
        [DataRequired(_l("Recopiez la lettre, ou résumez-la.")), Length(max=LONGEST_TEXT)],
    )
    language = SelectField(
        _l("Langue de la lettre"), choices=[SelectChoice(each, NAMES[each]) for each in LANGUAGES]
    )
    topic = SelectField(_l("Motif"), validate_choice=True)
    suggested_topic = StringField()  # one of those shown while typing
    scan = FileField(_l("La lettre numérisée"))

    def validate_citizen_email(self, field: EmailField) -> None:
        if field.data and not is_email(field.data.strip()):
            raise ValidationError(_("Écrivez une adresse entière, par exemple nom@exemple.fr."))

    def validate_citizen_phone(self, field: StringField) -> None:
        if (field.data or "").strip() and e164(field.data, country()) is None:
            raise ValidationError(_("Écrivez le numéro entier, par exemple 01 99 00 12 34."))

    def validate_received_on(self, field: DateField) -> None:
        today = clock.now().astimezone(zone()).date()
        if field.data and field.data > today:
            raise ValidationError(_("Ce jour n’est pas encore venu. Vérifiez la date."))
        if field.data and field.data < today - OLDEST:
            raise ValidationError(_("Cette date a plus d’un an. Vérifiez l’année."))
