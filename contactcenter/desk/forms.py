"""Forms of a request."""

from collections.abc import Mapping
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Regexp
from wtforms.validators import Optional as MayBeEmpty

from contactcenter.desk.tags import Tagging
from contactcenter.fields import CheckboxesField
from contactcenter.languages import LANGUAGES, NAMES
from contactcenter.replies.macro_actions import LONGEST_NAME
from contactcenter.replies.models import Macro, Then
from contactcenter.tickets.messages import LONGEST_TEXT
from contactcenter.tickets.models import Priority

LONGEST_READY = 10_000


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
    macro_id = HiddenField()


class NoteForm(FlaskForm):
    """What stays inside the house. It has its own address: a note is never sent by mistake."""

    text = TextAreaField(
        _l("Votre note interne"),
        [
            DataRequired(_l("Écrivez la note avant de la garder.")),
            Length(max=LONGEST_TEXT, message=_l("Ce texte est trop long : joignez-le.")),
        ],
    )
    seen = HiddenField()  # the id of the last words when the form was shown


class ReadingForm(FlaskForm):
    reason = StringField(
        _l("Pourquoi l’ouvrez-vous ?"),
        [Length(max=500)],
        description=_l(
            "Par exemple : la personne est à mon guichet et demande où en est son dossier."
        ),
    )


def _ready_text() -> TextAreaField:
    too_long = _l("Ce texte est trop long pour une réponse type.")
    return TextAreaField(
        _l("Texte"), [Length(max=LONGEST_READY, message=too_long)], render_kw={"rows": 5}
    )


class MacroForm(FlaskForm):
    """A ready-made reply in up to four languages, and what follows from using it."""

    name = StringField(
        _l("Nom"),
        [
            DataRequired(_l("Donnez un nom à cette réponse, par exemple « Dossier reçu ».")),
            Length(max=LONGEST_NAME),
        ],
    )
    key = StringField(
        _l("Clé"),
        [
            MayBeEmpty(),
            Regexp(
                r"^[\w-]{1,20}$", message=_l("Un mot court, sans espace, par exemple « recu ».")
            ),
        ],
        description=_l("Un mot court pour l’appeler sans la chercher, par exemple « recu »."),
    )
    is_shared = BooleanField(_l("Pour tout le centre"))
    text_fr = _ready_text()
    text_nl = _ready_text()
    text_en = _ready_text()
    text_de = _ready_text()
    topic = SelectField(_l("Motif"), default="", choices=[], validate_choice=False)
    priority = SelectField(
        _l("Priorité"),
        default="",
        choices=[
            SelectChoice("", _l("Inchangée")),
            SelectChoice("normal", _l("Ordinaire")),
            SelectChoice("high", _l("Passe avant")),
        ],
    )
    tags = CheckboxesField(_l("Étiquettes à poser"), [MayBeEmpty()], choices=[])
    then = SelectField(
        _l("Ensuite"),
        default="",
        choices=[
            SelectChoice("", _l("Rien de plus")),
            SelectChoice("resolve", _l("Terminer la demande")),
            SelectChoice("wait", _l("Attendre l’usager")),
        ],
    )

    @classmethod
    def of(cls, macro: Macro) -> "MacroForm":
        texts = {f"text_{each}": macro.texts.get(each, "") for each in LANGUAGES}
        return cls(
            formdata=None,
            name=macro.name,
            key=macro.key,
            is_shared=macro.owner_id is None,
            topic=str(macro.topic_id or ""),
            priority=macro.priority.value if macro.priority else "",
            tags=[str(each) for each in macro.tag_ids],
            then=macro.then.value if macro.then else "",
            **texts,
        )

    def offering(self, tags: Mapping[int, Tagging]) -> Self:
        """The tags that can be set, and those it sets already."""
        ticked = self.tags.data or []
        offered = [tag for tag in tags.values() if tag.is_active or str(tag.id) in ticked]
        self.tags.choices = [(str(tag.id), tag.name) for tag in offered]
        return self

    def values(self) -> dict[str, Any]:
        topic = self.topic.data or ""
        return {
            "name": self.name.data,
            "key": self.key.data or "",
            "is_shared": self.is_shared.data,
            "texts": {each: self[f"text_{each}"].data or "" for each in LANGUAGES},
            "topic_id": int(topic) if topic.isdecimal() and len(topic) < 19 else None,
            "priority": Priority(self.priority.data) if self.priority.data else None,
            "then": Then(self.then.data) if self.then.data else None,
            "tag_ids": [int(each) for each in self.tags.data or []],
        }


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
