"""The mail that brings an invitation to the person it is for, in their language."""

from flask import g
from flask_babel import force_locale
from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.notices import actions as notices
from contactcenter.notices.models import INVITATION, Means


def send(person: Person, link: str) -> None:
    """Written with the invitation itself: it leaves when that is kept, and not before."""
    with force_locale(person.language):
        notices.write(
            kind=INVITATION,
            means=Means.EMAIL,
            to_address=person.email,
            subject=_("Votre accès au centre %(centre)s", centre=g.centre.name),
            body=_(
                "Bonjour,\n\nVous êtes invité à travailler avec le centre %(centre)s. Ce lien sert"
                " une fois, pendant trois jours, à choisir votre mot de passe :\n\n%(link)s\n",
                centre=g.centre.name,
                link=link,
            ),
            language=person.language,
        )
