"""The form of the web door."""

from collections.abc import Iterable
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length

from contactcenter.accounts.fields import choices_of, without_nul
from contactcenter.attachments.actions import Upload
from contactcenter.citizens import rules
from contactcenter.citizens.models import Reach
from contactcenter.intake.files import check_uploads, read_uploads
from contactcenter.languages import NAMES, language

LONGEST_TEXT = 10_000
BY_CODE = "code"
WAYS = {
    Reach.EMAIL: _l("Par courriel"),
    Reach.PHONE: _l("Par téléphone"),
    Reach.SMS: _l("Par SMS"),
    BY_CODE: _l("Je reviens lire la réponse avec mon code de suivi"),
}


class AskForm(FlaskForm):
    topic = SelectField(_l("De quoi s’agit-il ?"), coerce=str, default="")
    text = TextAreaField(
        _l("Votre demande"),
        [
            DataRequired(_l("Écrivez votre demande en quelques phrases.")),
            Length(
                max=LONGEST_TEXT,
                message=_l(
                    "Ce texte est trop long : 10 000 signes au plus. Joignez le reste en fichier."
                ),
            ),
        ],
        filters=[without_nul],
    )
    files = MultipleFileField(
        _l("Photos et documents"),
        render_kw={"accept": "image/*,application/pdf", "multiple": True},
    )
    reach = RadioField(
        _l("Comment voulez-vous recevoir la réponse ?"),
        [DataRequired(_l("Choisissez comment recevoir la réponse."))],
    )
    email = EmailField(_l("Votre adresse électronique"), [Length(max=254)], filters=[without_nul])
    phone = TelField(_l("Votre numéro de téléphone"), [Length(max=40)], filters=[without_nul])
    name = StringField(_l("Votre nom"), [Length(max=120)], filters=[without_nul])
    language = SelectField(
        _l("Langue de la réponse"), choices=choices_of(NAMES), default=lambda: language()
    )
    remarks = StringField(_l("Laissez ce champ vide"), [Length(max=200)])  # programs fill it in
    token = HiddenField()

    def __init__(self, *, topics: Any, ways: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.topic.choices = topics
        self.reach.choices = choices_of({way: WAYS[way] for way in ways})
        self.uploads: list[Upload] = []

    def validate_email(self, field: EmailField) -> None:
        written = (field.data or "").strip()
        if written and not rules.is_email(written):
            raise ValidationError(_("Écrivez une adresse entière, par exemple nom@exemple.fr."))
        if not written and self.reach.data == Reach.EMAIL:
            raise ValidationError(_("Écrivez l’adresse à laquelle répondre."))

    def validate_phone(self, field: TelField) -> None:
        written = (field.data or "").strip()
        if written and rules.e164(written, g.centre.country) is None:
            raise ValidationError(_("Écrivez le numéro entier, par exemple 01 99 00 12 34."))
        if not written and self.reach.data in (Reach.PHONE, Reach.SMS):
            raise ValidationError(_("Écrivez le numéro auquel répondre."))

    def validate_files(self, field: MultipleFileField) -> None:
        self.uploads = read_uploads(field.data)
        check_uploads(self.uploads)
