"""Forms of the follow-up page."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from contactcenter.accounts.fields import without_nul
from contactcenter.attachments.actions import Upload
from contactcenter.fields import KeyField
from contactcenter.intake.files import check_uploads, read_uploads
from contactcenter.tickets.references import find_reference


class CodeForm(FlaskForm):
    code = StringField(
        _l("Votre code de suivi"),
        [
            DataRequired(_l("Écrivez le code de votre papier, par exemple KQ7M-3XTA.")),
            Length(max=40),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )

    def validate_code(self, field: StringField) -> None:
        if find_reference(field.data or ""):
            raise ValidationError(
                _("C’est le numéro de la demande. Écrivez le code de huit signes, juste à côté.")
            )


class WordsForm(FlaskForm):
    text = TextAreaField(
        _l("Ajouter un mot à votre demande"),
        [DataRequired(_l("Écrivez ce que vous voulez ajouter.")), Length(max=5000)],
        filters=[without_nul],
    )
    files = MultipleFileField(
        _l("Photos et documents"),
        render_kw={"accept": "image/*,application/pdf", "multiple": True},
    )
    key = KeyField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.uploads: list[Upload] = []

    def validate_files(self, field: MultipleFileField) -> None:
        self.uploads = read_uploads(field.data)
        check_uploads(self.uploads)
