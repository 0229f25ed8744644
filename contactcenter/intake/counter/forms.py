"""Forms of the counter. Each keeps what was typed and says what to do."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from contactcenter.citizens import actions as citizens
from contactcenter.citizens import rules
from contactcenter.fields import KeyField
from contactcenter.intake.counter.actions import Who
from contactcenter.intake.counter.words import PRIORITIES
from contactcenter.languages import NAMES
from contactcenter.queues.models import Queue


class PlaceForm(FlaskForm):
    counter = RadioField(
        _l("Guichet"), [InputRequired(_l("Choisissez votre guichet."))], coerce=int
    )


class PersonForm(FlaskForm):
    """Who someone is; every field may stay empty."""

    name = StringField(_l("Nom"), [Length(max=120)], render_kw={"autocomplete": "off"})
    phone = TelField(_l("Téléphone"), [Length(max=40)], render_kw={"autocomplete": "off"})
    email = EmailField(_l("Courriel"), [Length(max=254)], render_kw={"autocomplete": "off"})
    birth_year = IntegerField(
        _l("Année de naissance"),
        [Optional(), NumberRange(1900, 2100, _l("Quatre chiffres, par exemple 1958."))],
        render_kw={"inputmode": "numeric"},
    )

    def validate_phone(self, field: TelField) -> None:
        if field.data and not rules.e164(field.data, citizens.country()):
            raise ValidationError(_("Écrivez le numéro entier, par exemple 01 99 00 12 34."))

    def validate_email(self, field: EmailField) -> None:
        if field.data and not rules.is_email(field.data.strip()):
            raise ValidationError(_("Écrivez une adresse entière, par exemple nom@exemple.fr."))

    @property
    def who(self) -> Who:
        return Who(
            name=self.name.data or "",
            phone=self.phone.data or "",
            email=(self.email.data or "").strip(),
            birth_year=self.birth_year.data,
        )


class WalkInForm(PersonForm):
    topic = StringField(_l("Motif"), [Length(max=200)])
    chosen = StringField()  # of the topics proposed: a button each
    priority = SelectField(_l("Passe avant"))
    language = SelectField(_l("Langue"))
    queue = SelectField(_l("File"), coerce=int)
    citizen = IntegerField(
        validators=[Optional(), NumberRange(1, 2**62)]
    )  # of the persons proposed
    key = KeyField()

    def offer(self, queues: Sequence[Queue], first_language: str) -> None:
        """Fill in the choices of this place."""
        reasons = [(code, words) for code, (_icon, words) in PRIORITIES.items()]
        self.priority.choices = [("", _l("Non, à son tour")), *reasons]
        self.language.choices = list(NAMES.items())
        self.queue.choices = [(queue.id, queue.name) for queue in queues]
        for field, usual in (
            (self.priority, ""),
            (self.language, first_language),
            (self.queue, queues[0].id),
        ):
            if field.data is None:
                field.data = usual


class DoneForm(FlaskForm):
    """What was done with someone, and whether that settles it."""

    done = TextAreaField(_l("Ce qui a été fait"), [Length(max=10_000)])
    visit = HiddenField()
