"""The forms of what colleagues go by: whom to press when late, who is on duty, words to sort by."""

from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import TimeInput

from contactcenter.accounts.fields import choices_of
from contactcenter.administration import choices
from contactcenter.administration.fields import EntryField
from contactcenter.administration.forms import NEEDED, EntryForm
from contactcenter.db import db
from contactcenter.escalation.models import Press
from contactcenter.escalation.words import PRESSED
from contactcenter.languages import language
from contactcenter.teamwork.models import Colour
from contactcenter.teamwork.queries import all_tags

ENTERED = InputRequired(_l("Ce champ est nécessaire."))
A_MONTH_OF_OFFICE = 10_000  # minutes


def weekdays() -> dict[int, str]:
    """The days by their number, from Monday on."""
    names = get_day_names("wide", locale=language())
    return {day: str(names[day]) for day in range(7)}


def clock_words(minute: int) -> str:
    """As a time field has it: 09:30, and 24:00 for the end of the day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


class MinuteField(StringField):
    """A time of the day; its data is in minutes since midnight."""

    widget = TimeInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else clock_words(self.data % (24 * 60))

    def process_formdata(self, valuelist: list[str]) -> None:
        hours, _colon, minutes = (valuelist[0] if valuelist else "").partition(":")
        if not (hours.isdecimal() and minutes[:2].isdecimal()) or int(hours) > 23:
            raise ValueError(_("Écrire une heure, par exemple 09:00."))
        self.data = int(hours) * 60 + min(int(minutes[:2]), 59)


class LadderForm(EntryForm):
    organisation_id = EntryField(
        _l("Organisme"), offer=choices.partners, none=_l("Tous ceux qui n’en ont pas d’autres")
    )
    topic_id = EntryField(_l("Motif"), offer=choices.topics, none=_l("Tous les motifs"))
    after_minutes = IntegerField(
        _l("Minutes d’ouverture après l’échéance"),
        [ENTERED, NumberRange(-A_MONTH_OF_OFFICE, A_MONTH_OF_OFFICE)],
        description=_l("Un nombre négatif relance avant : -120 font deux heures avant l’échéance."),
        default=0,
    )
    press = SelectField(_l("Relancer"), choices=choices_of(PRESSED), coerce=Press)
    needs_approval = BooleanField(
        _l("Demander d’abord l’accord d’un responsable"),
        description=_l("Rien ne part avant ; les relances suivantes n’attendent pas."),
    )


class AbsenceForm(EntryForm):
    person_id = EntryField(_l("Référent"), offer=choices.referents, validators=[NEEDED])
    from_on = DateField(_l("Premier jour"), [ENTERED])
    to_on = DateField(_l("Dernier jour"), [ENTERED])
    substitute_id = EntryField(
        _l("Remplacé par"), offer=choices.referents, none=_l("Personne en particulier")
    )

    def validate_to_on(self, field: Field) -> None:
        if self.from_on.data is not None and field.data < self.from_on.data:
            raise ValidationError(_("Écrire une fin après le début."))

    def validate_substitute_id(self, field: Field) -> None:
        if not choices.may_stand_in(field.data, self.person_id.data):
            raise ValidationError(_("Choisir une autre personne du même organisme."))


class DutyForm(EntryForm):
    team_id = EntryField(_l("Équipe"), offer=choices.teams, validators=[NEEDED])
    person_id = EntryField(_l("Référent"), offer=choices.referents, validators=[NEEDED])
    weekday = SelectField(_l("Jour"), coerce=int)
    from_minute = MinuteField(_l("De"), [ENTERED])
    to_minute = MinuteField(
        _l("À"), [ENTERED], description=_l("À l’heure de l’équipe ; 00:00 est la fin du jour.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekday.choices = list(weekdays().items())

    def validate_person_id(self, field: Field) -> None:
        if self.team_id.data and not choices.is_in_team(field.data, self.team_id.data):
            raise ValidationError(_("Cette personne n’est pas de cette équipe."))

    def validate_to_minute(self, field: Field) -> None:
        field.data = field.data or 24 * 60
        if self.from_minute.data is not None and field.data <= self.from_minute.data:
            raise ValidationError(_("Écrire une fin après le début."))


COLOURS = {
    Colour.GREY: _l("Gris"),
    Colour.BLUE: _l("Bleu"),
    Colour.GREEN: _l("Vert"),
    Colour.AMBER: _l("Ambre"),
    Colour.RED: _l("Rouge"),
    Colour.VIOLET: _l("Violet"),
}
MOST_TAGS = 100


class TagForm(EntryForm):
    name = StringField(_l("Nom"), [NEEDED, Length(max=40)])
    colour = SelectField(_l("Couleur"), choices=choices_of(COLOURS))
    is_active = BooleanField(_l("Proposée aux agents"), default=True)

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        self.is_new = obj is None

    def validate_name(self, field: Field) -> None:
        if self.is_new and len(db.session.scalars(all_tags()).all()) >= MOST_TAGS:
            raise ValidationError(
                _("Le centre a déjà %(num)d étiquettes : reprenez-en une.", num=MOST_TAGS)
            )
        field.data = " ".join(field.data.split())
