"""The form of a token: what it is for, and what it allows."""

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput

from contactcenter.accounts.actions import TOKEN_DAYS
from contactcenter.accounts.fields import choices_of, without_nul
from contactcenter.accounts.passwords import LONGEST
from contactcenter.accounts.scopes import SCOPES, roles_for

SCOPE_WORDS = {
    "tickets:read": _l("Lire les demandes"),
    "tickets:write": _l("Ouvrir des demandes et y écrire"),
    "referrals:write": _l("Demander à un expert"),
    "queues:read": _l("Voir les files"),
    "queues:write": _l("Donner des numéros"),
    "metrics:read": _l("Lire les chiffres"),
}
LASTS = {
    "30": _l("Un mois"),
    "90": _l("Trois mois"),
    str(TOKEN_DAYS): _l("Un an"),
    "1095": _l("Trois ans"),
}


class ScopesField(SelectMultipleField):
    """Boxes to tick: what the person who asks may let a program do."""

    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        offered = [scope for scope in SCOPES if g.person.role in roles_for(scope)]
        words = {scope: SCOPE_WORDS[scope] for scope in offered}
        super().__init__(*args, choices=choices_of(words), **kwargs)


class TokenForm(FlaskForm):
    name = StringField(
        _l("À quoi il sert"),
        [DataRequired(_l("Ce champ est nécessaire.")), Length(max=120)],
        filters=[without_nul],
        description=_l("Par exemple le nom du programme qui s’en servira."),
    )
    scopes = ScopesField(
        _l("Ce qu’il permet"),
        [DataRequired(_l("Choisissez au moins un droit."))],
        description=_l("Jamais plus que ce que vous pouvez vous-même."),
    )
    days = SelectField(_l("Valable pendant"), choices=choices_of(LASTS), default=str(TOKEN_DAYS))
    password = PasswordField(
        _l("Mot de passe actuel"),
        [DataRequired(_l("Écrivez votre mot de passe actuel.")), Length(max=LONGEST)],
        description=_l("Un jeton sert sans vous : il faut que ce soit bien vous qui le fassiez."),
        render_kw={"autocomplete": "current-password"},
    )
