"""The forms of the directory. A field is named like the column it fills."""

from collections.abc import Iterator
from typing import Any, ClassVar
from zoneinfo import available_timezones

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from phonenumbers import NumberParseException, is_possible_number, parse
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from contactcenter.accounts.fields import choices_of
from contactcenter.administration import choices
from contactcenter.administration.fields import (
    EntryField,
    EurosField,
    HoursField,
    PostcodesField,
    WordListsField,
    WordsField,
)
from contactcenter.citizens.words import IDENTIFIERS, SHAREABLE
from contactcenter.db import Json
from contactcenter.directory.holidays import UnknownCalendar, holidays_of
from contactcenter.directory.models import Silence, SiteKind

NEEDED = DataRequired(_l("Ce champ est nécessaire."))
SHORT = [NEEDED, Length(max=120)]
COUNTRIES = {"FR": _l("France"), "BE": _l("Belgique"), "LU": _l("Luxembourg")}
SITE_KINDS = {
    SiteKind.POST_OFFICE: _l("Bureau de poste"),
    SiteKind.TOWN_HALL: _l("Mairie"),
    SiteKind.CALL_CENTRE: _l("Plateau téléphonique"),
    SiteKind.MAIL_ROOM: _l("Salle du courrier"),
    SiteKind.ITINERANT: _l("Arrêt d’un service itinérant"),
}
SILENCES = {
    Silence.ACCEPTANCE: _l("Demande acceptée"),
    Silence.REJECTION: _l("Demande refusée"),
}
HOURS_HINT = _l(
    "Une ligne par jour ou suite de jours, par exemple lundi-jeudi: 09:00-12:00, 13:30-17:00."
    " Un jour différent s’écrit avec sa date, par exemple 24/12/2026: 09:00-12:00 ou"
    " 02/11/2026: fermé. Les jours fériés sont fermés d’eux-mêmes."
)
YEAR_TO_TRY = 2026
MOST_KEYS = 9
EMPTY_ROWS = 2


class EntryForm(FlaskForm):
    leading: ClassVar[tuple[str, ...]] = ()  # fields that come before inherited ones

    def __iter__(self) -> Iterator[Field]:
        fields = list(super().__iter__())
        return iter(sorted(fields, key=lambda field: field.name not in self.leading))

    def values(self) -> dict[str, Any]:
        """What to write in the columns."""
        return {field.name: field.data for field in self if field.type != "CSRFTokenField"}


class _Kinds(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class OrganisationForm(EntryForm):
    name = StringField(_l("Nom"), SHORT)
    code = StringField(
        _l("Code"),
        [NEEDED, Regexp(r"^[a-z0-9-]{2,40}$", message=_l("Minuscules, chiffres et traits."))],
    )
    pilot_email = EmailField(
        _l("Adresse du pilote"),
        [Length(max=200)],
        description=_l("Prévenu quand l’équipe et son responsable n’ont pas répondu."),
    )
    prefecture_email = EmailField(
        _l("Adresse de la préfecture ou du pilote national"),
        [Length(max=200)],
        description=_l("Le dernier échelon. Vide : la relance va à l’échelon d’avant."),
    )
    identifiers = _Kinds(
        _l("Numéros que ses experts peuvent voir"),
        choices=choices_of(IDENTIFIERS),
        description=_l(
            "Sur demande, avec une raison et l’accord de l’usager ; chaque lecture est inscrite."
        ),
    )


class PlaceForm(EntryForm):
    """What sites and teams share: a calendar of their own."""

    hours = HoursField(
        _l("Heures d’ouverture"),
        description=HOURS_HINT,
        render_kw={"rows": 9, "spellcheck": "false"},
    )
    timezone = StringField(_l("Fuseau horaire"), SHORT, default=lambda: g.centre.timezone)
    country = SelectField(
        _l("Pays des jours fériés"), choices=choices_of(COUNTRIES), default=lambda: g.centre.country
    )
    region = StringField(
        _l("Région des jours fériés"),
        [Optional(), Length(max=10)],
        filters=[lambda text: (text or "").strip() or None],
        description=_l(
            "Seulement si elle en a d’autres : 57 pour la Moselle, 974 pour La Réunion,"
            " Brussels pour Bruxelles."
        ),
    )

    def validate_timezone(self, field: Field) -> None:
        if field.data not in available_timezones():
            raise ValidationError(_("Ce fuseau n’existe pas. Écrire par exemple Europe/Paris."))

    def validate_region(self, field: Field) -> None:
        try:
            holidays_of(self.country.data, field.data, YEAR_TO_TRY)
        except UnknownCalendar as unknown:
            raise ValidationError(_("Aucun jour férié n’est connu pour cette région.")) from unknown


class SiteForm(PlaceForm):
    leading = ("name", "kind", "address")

    name = StringField(_l("Nom"), SHORT)
    kind = SelectField(_l("Sorte de lieu"), choices=choices_of(SITE_KINDS), coerce=SiteKind)
    address = StringField(_l("Adresse"), [Length(max=300)])


class CounterForm(EntryForm):
    site_id = EntryField(_l("Lieu"), offer=choices.sites, validators=[NEEDED])
    name = StringField(_l("Nom"), SHORT, description=_l("Ce qui est écrit dessus, par exemple 3."))


class MenuChoiceForm(Form):
    digit = StringField(_l("Touche"), [Optional(), Regexp(r"^[1-9]$", message=_l("De 1 à 9."))])
    queue_id = EntryField(_l("File"), offer=choices.phone_queues, none=_l("Aucune"))
    topic_id = EntryField(_l("Motif"), offer=choices.topics, none=_l("Aucun"))
    words = WordsField(_l("Mots dits"))

    def __init__(self, *args: Any, label: Json | None = None, **kwargs: Any) -> None:
        super().__init__(*args, words=label, **kwargs)  # a form field has a label of its own

    def as_stored(self) -> dict[str, Any]:
        return {
            "digit": self.digit.data,
            "queue_id": self.queue_id.data,
            "topic_id": self.topic_id.data,
            "label": self.words.data,
        }


class LineForm(EntryForm):
    number = TelField(_l("Numéro"), SHORT, description=_l("Avec l’indicatif : +33199001400."))
    name = StringField(_l("Nom dit à l’appelant"), SHORT)
    site_id = EntryField(_l("Lieu"), offer=choices.sites, validators=[NEEDED])
    queue_id = EntryField(
        _l("File sans choix au menu"), offer=choices.phone_queues, validators=[NEEDED]
    )
    hours = HoursField(
        _l("Heures d’appel"), description=HOURS_HINT, render_kw={"rows": 9, "spellcheck": "false"}
    )
    menu = FieldList(FormField(MenuChoiceForm), _l("Menu"), max_entries=MOST_KEYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            for _row in range(min(EMPTY_ROWS, MOST_KEYS - len(self.menu))):
                self.menu.append_entry()

    def validate_number(self, field: Field) -> None:
        try:
            possible = is_possible_number(parse(field.data, None))
        except NumberParseException:
            possible = False
        if not possible:
            raise ValidationError(_("Écrire le numéro avec son indicatif, comme +33199001400."))
        field.data = field.data.replace(" ", "")

    def validate_menu(self, field: Field) -> None:
        digits = [row.digit.data for row in field if row.digit.data]
        if len(digits) != len(set(digits)):
            raise ValidationError(_("Une touche ne sert qu’une fois."))
        if any(row.digit.data and not row.queue_id.data for row in field):
            raise ValidationError(_("Choisir la file de chaque touche."))
        if any(row.digit.data and not row.words.data.get("fr") for row in field):
            raise ValidationError(_("Écrire au moins en français ce qui est dit de chaque touche."))

    def values(self) -> dict[str, Any]:
        rows = sorted((row for row in self.menu if row.digit.data), key=lambda row: row.digit.data)
        return {**super().values(), "menu": [row.form.as_stored() for row in rows]}


class MailboxForm(EntryForm):
    address = EmailField(_l("Adresse"), SHORT)
    site_id = EntryField(_l("Lieu"), offer=choices.sites, validators=[NEEDED])
    queue_id = EntryField(_l("File"), offer=choices.written_queues, validators=[NEEDED])

    def validate_address(self, field: Field) -> None:
        if field.data.count("@") != 1 or any(sign.isspace() for sign in field.data):
            raise ValidationError(_("Écrire une adresse, par exemple contact@centre.example."))


def _silence(value: Any) -> Silence | None:
    return Silence(value) if value in set(Silence) else None


class TopicForm(EntryForm):
    code = StringField(
        _l("Code"),
        [
            NEEDED,
            Regexp(r"^[a-z0-9.-]{2,60}$", message=_l("Minuscules, chiffres, points, traits.")),
        ],
    )
    label = WordsField(_l("Nom du motif"), [NEEDED])
    organisation_id = EntryField(_l("Organisme"), offer=choices.organisations, validators=[NEEDED])
    papers = WordListsField(_l("Papiers à apporter"), description=_l("Un papier par ligne."))
    synonyms = WordListsField(
        _l("Autres mots"),
        description=_l("Ce que les gens écrivent ou disent, un mot ou une expression par ligne."),
    )
    price_cents = EurosField(_l("Prix en euros"), description=_l("0 si c’est gratuit."))
    target_minutes = IntegerField(
        _l("Réponse attendue, en minutes d’ouverture"),
        [NEEDED, NumberRange(1, 60_000)],
        description=_l("960 font deux jours de huit heures."),
        default=960,
    )
    silence = SelectField(
        _l("Ce que vaut l’absence de réponse"),
        choices=choices_of({"": _l("Pas connu : rien n’en est dit"), **SILENCES}),
        coerce=_silence,
        description=_l("Dit dans l’accusé de réception. À faire vérifier par un juriste."),
    )
    silence_months = IntegerField(
        _l("Au bout de combien de mois"), [Optional(), NumberRange(1, 60)]
    )
    appeal = WordsField(
        _l("Recours et délais"),
        description=_l("Comment contester, ajouté tel quel à l’accusé de réception."),
    )
    queue_id = EntryField(
        _l("File des demandes écrites"),
        offer=choices.written_queues,
        none=_l("Celle de la boîte qui reçoit"),
    )
    first_team = EntryField(_l("Équipe experte"), offer=choices.teams, none=_l("Aucune"))
    second_team = EntryField(_l("Sinon"), offer=choices.teams, none=_l("Aucune"))
    third_team = EntryField(_l("Sinon encore"), offer=choices.teams, none=_l("Aucune"))
    shared = _Kinds(
        _l("Ce que l’expert voit de l’usager"),
        choices=choices_of(SHAREABLE),
        description=_l(
            "Avec l’accord de l’usager, et rien de plus que ce qu’il faut sur ce motif."
            " Rien de coché : la question et les papiers seuls. Un numéro ne se montre qu’à un"
            " organisme qu’il concerne."
        ),
    )
    source_url = URLField(_l("Source"), [Length(max=500)])
    verified_on = DateField(_l("Vérifié le"), [Optional()])
    is_active = BooleanField(_l("Proposé aux agents et aux usagers"), default=True)

    def validate_source_url(self, field: Field) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("Écrire une adresse qui commence par https://."))

    def validate_silence(self, field: Field) -> None:
        if (field.data is None) != (self.silence_months.data is None):
            raise ValidationError(_("Écrire ce que vaut le silence et au bout de combien de mois."))

    @property
    def teams(self) -> list[int]:
        """Ids of the chosen teams, best first."""
        chosen = (self.first_team.data, self.second_team.data, self.third_team.data)
        return list(dict.fromkeys(team for team in chosen if team))

    def values(self) -> dict[str, Any]:
        return {
            name: value for name, value in super().values().items() if not name.endswith("_team")
        }


class TeamForm(PlaceForm):
    leading = (
        "name",
        "organisation_id",
        "email",
        "answer_minutes",
        "consult_seconds",
        "territories",
        "is_fallback",
    )

    name = StringField(_l("Nom"), SHORT)
    organisation_id = EntryField(_l("Organisme"), offer=choices.organisations, validators=[NEEDED])
    email = EmailField(_l("Adresse électronique"), SHORT)
    answer_minutes = IntegerField(
        _l("Réponse attendue, en minutes d’ouverture"),
        [NEEDED, NumberRange(1, 60_000)],
        description=_l("960 font deux jours de huit heures."),
        default=960,
    )
    consult_seconds = IntegerField(
        _l("Question en direct : secondes avant de demander à la personne suivante"),
        [NEEDED, NumberRange(15, 600)],
        default=60,
    )
    territories = PostcodesField(
        _l("Territoire"),
        description=_l("Débuts de codes postaux, par exemple 57, 974 ou 59100. Vide : partout."),
    )
    is_fallback = BooleanField(
        _l("Équipe de recours de son organisme"),
        description=_l(
            "Reçoit ce que personne d’autre ne peut prendre. Celle de votre organisme reçoit ce"
            " qu’aucun partenaire ne prend."
        ),
    )

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=obj, **kwargs)
        self._known_id = obj.id if obj is not None else None

    def validate_is_fallback(self, field: Field) -> None:
        other = choices.fallback_of(self.organisation_id.data, but=self._known_id)
        if field.data and other is not None:
            raise ValidationError(_("L’équipe de recours est déjà %(name)s.", name=other))
