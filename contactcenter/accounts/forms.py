"""Forms of the way in and of a person's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, SelectField
from wtforms.validators import DataRequired, Length

from contactcenter.accounts.actions import LOOKS
from contactcenter.accounts.fields import choices_of
from contactcenter.accounts.models import Person
from contactcenter.accounts.passwords import LONGEST, SHORTEST
from contactcenter.db import Json
from contactcenter.languages import NAMES

_NEW_PASSWORD = {"autocomplete": "new-password", "minlength": SHORTEST}
_NEW_PASSWORD_HINT = _l("Au moins 12 caractères : quelques mots sans rapport se retiennent bien.")


class SignInForm(FlaskForm):
    next = HiddenField()
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
        [DataRequired(_l("Écrivez votre mot de passe.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class InvitationForm(FlaskForm):
    password = PasswordField(
        _l("Choisir un mot de passe"),
        [DataRequired(_l("Écrivez un mot de passe.")), Length(max=LONGEST)],
        description=_NEW_PASSWORD_HINT,
        render_kw=_NEW_PASSWORD,
    )


class TokensForm(FlaskForm):
    """What else ends with one's sessions or one's password: ticked unless somebody thinks of it."""

    tokens = BooleanField(_l("Retirer aussi mes jetons pour d’autres programmes"), default=True)


class PasswordForm(TokensForm):
    old = PasswordField(
        _l("Mot de passe actuel"),
        [DataRequired(_l("Écrivez votre mot de passe actuel.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("Nouveau mot de passe"),
        [DataRequired(_l("Écrivez un mot de passe.")), Length(max=LONGEST)],
        description=_NEW_PASSWORD_HINT,
        render_kw=_NEW_PASSWORD,
    )


class AccountForm(FlaskForm):
    """Language and look; a look of "" is the usual one and is not stored."""

    language = SelectField(_l("Langue"), choices=choices_of(NAMES))
    theme = RadioField(
        _l("Couleurs"),
        choices=choices_of(
            {"": _l("Comme l’appareil"), "light": _l("Claires"), "dark": _l("Sombres")}
        ),
    )
    density = RadioField(
        _l("Densité des listes"), choices=choices_of({"": _l("Aérée"), "compact": _l("Serrée")})
    )
    font = RadioField(
        _l("Caractères"), choices=choices_of({"": _l("Ordinaires"), "legible": _l("Plus lisibles")})
    )
    keys = RadioField(
        _l("Touches d’une seule lettre"),
        choices=choices_of({"": _l("Actives"), "off": _l("Coupées")}),
    )
    undo = RadioField(
        _l("Temps pour annuler un envoi"),
        choices=choices_of(
            {
                "": _l("Celui du centre"),
                "0": _l("Aucun, la réponse part aussitôt"),
                "5": _l("5 secondes"),
                "10": _l("10 secondes"),
                "20": _l("20 secondes"),
            }
        ),
    )

    @classmethod
    def of(cls, person: Person) -> "AccountForm":
        chosen = {name: person.preferences.get(name, "") for name in LOOKS}
        return cls(formdata=None, language=person.language, **chosen)

    @property
    def look(self) -> Json:
        return {name: self[name].data for name in LOOKS if self[name].data}
