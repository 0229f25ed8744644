"""What is said of citizens, in the language of who looks."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.citizens.identifier_rules import IdentifierKind
from contactcenter.citizens.likeness import NAME_LIKE, Likeness
from contactcenter.citizens.shared_rules import Detail

IDENTIFIERS: dict[IdentifierKind, Any] = {
    IdentifierKind.NIR: _l("Numéro de sécurité sociale"),
    IdentifierKind.TAX_FR: _l("Numéro fiscal"),
    IdentifierKind.NATIONAL_BE: _l("Numéro de registre national belge"),
}

DETAILS: dict[Detail, Any] = {
    Detail.FIRST_NAME: _l("Prénom et initiale"),
    Detail.NAME: _l("Nom entier"),
    Detail.BIRTH_YEAR: _l("Année de naissance"),
    Detail.PHONE: _l("Téléphone"),
    Detail.EMAIL: _l("Adresse électronique"),
    Detail.ADDRESS: _l("Adresse postale"),
}

# All that a topic can let its experts see
SHAREABLE: dict[str, Any] = {
    each.value: word for each, word in (*DETAILS.items(), *IDENTIFIERS.items())
}


def same_person(each: Likeness) -> str:
    """Why someone may be the person being noted."""
    reasons = []
    if each.same_phone:
        reasons.append(_("même téléphone"))
    if each.same_email:
        reasons.append(_("même adresse électronique"))
    if each.same_year:
        reasons.append(_("nom proche et même année de naissance"))
    elif each.name_likeness >= NAME_LIKE:
        reasons.append(_("nom proche"))
    return ", ".join(reasons)
