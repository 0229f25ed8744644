"""Forms of the way in and of accounts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, Length


class SignInForm(FlaskForm):
    email = EmailField(
        _l("Adresse électronique"),
        [
            DataRequired(_l("Écrivez votre adresse, par exemple prenom@centre.example.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Mot de passe"),
        [DataRequired(_l("Écrivez votre mot de passe.")), Length(max=256)],
        render_kw={"autocomplete": "current-password"},
    )
