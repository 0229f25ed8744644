"""Forms of appointments: what an expert offers, what an agent books."""

from collections.abc import Sequence

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from contactcenter import clock
from contactcenter.citizens.rules import e164
from contactcenter.directory.models import Team
from contactcenter.escalation.actions import LONGEST_TEXT
from contactcenter.escalation.slot_models import Way
from contactcenter.escalation.slots import FURTHEST, LENGTHS, USUAL_LENGTH
from contactcenter.languages import zone

WAYS = {
    Way.PHONE: _l("Par téléphone : l’expert et la personne sont appelés à l’heure dite"),
    Way.CHAT: _l("Par écrit : la personne revient au guichet, l’agent écrit à l’expert"),
}


class _OfferForm(FlaskForm):
    minutes = SelectField(_l("Durée de chaque créneau"), coerce=int, default=USUAL_LENGTH)
    telephone = StringField(
        _l("Numéro où vous joindre"),
        [Length(max=40)],
        description=_l("Vide : par écrit seulement. La personne ne voit jamais ce numéro."),
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.minutes.choices = [
            (each, ngettext("%(num)d minute", "%(num)d minutes", each)) for each in LENGTHS
        ]

    def validate_telephone(self, field: StringField) -> None:
        if (field.data or "").strip() and not e164(field.data, g.centre.country):
            raise ValidationError(_("Ce numéro n’est pas complet. Relisez-le."))

    @property
    def number(self) -> str:
        return e164(self.telephone.data or "", g.centre.country) or ""


class DutyForm(_OfferForm):
    """The whole of one's own duty, for two weeks; on the page of the other form."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, prefix="duty", **more)


class OfferForm(_OfferForm):
    team = SelectField(_l("Équipe"), coerce=int)
    on = DateField(_l("Jour"), [InputRequired(_l("Choisissez un jour."))])
    start = TimeField(_l("De"), [InputRequired(_l("Donnez une heure."))])
    end = TimeField(_l("À"), [InputRequired(_l("Donnez une heure."))])

    def offer(self, teams: Sequence[Team]) -> None:
        self.team.choices = [(team.id, team.name) for team in teams]

    def validate_on(self, field: DateField) -> None:
        today = clock.now().astimezone(zone()).date()
        if not today <= field.data <= today + FURTHEST:
            raise ValidationError(_("Choisissez un jour à venir, dans les quatre mois."))

    def validate_end(self, field: TimeField) -> None:
        if self.start.data and field.data and field.data <= self.start.data:
            raise ValidationError(_("La fin vient après le début."))


class BookingForm(FlaskForm):
    slot = IntegerField(validators=[InputRequired(_l("Choisissez un créneau."))])
    way = RadioField(_l("Comment"), default=Way.PHONE)
    question = TextAreaField(
        _l("Votre question"),
        [DataRequired(_l("Écrivez la question.")), Length(max=LONGEST_TEXT)],
        description=_l("L’expert la lit avant le rendez-vous."),
    )
    consent = BooleanField(
        _l("L’usager, présent, accepte le partage de son dossier"),
        description=_l("Sans son accord, la question part sans son identité."),
    )

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.way.choices = [(way.value, str(label)) for way, label in WAYS.items()]


class RebookingForm(BookingForm):
    """Another slot for a question that was asked already."""

    question = TextAreaField(validators=[Optional()])
