"""The forms of the page that asks whether it is solved."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from contactcenter.accounts.fields import without_nul
from contactcenter.fields import KeyField


class MissingForm(FlaskForm):
    text = TextAreaField(
        _l("Qu’est-ce qui manque ?"),
        [DataRequired(_l("Écrivez ce qui n’est pas réglé.")), Length(max=5000)],
        filters=[without_nul],
    )
    key = KeyField()
