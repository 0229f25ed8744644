"""The mails about a link by which a password is chosen, in the language of whose account it is."""

from collections.abc import Sequence

from flask import current_app, g
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.events import PasswordChosen
from contactcenter.accounts.models import Centre, Person
from contactcenter.db import current_centre, db
from contactcenter.languages import moment
from contactcenter.notices import actions as notices
from contactcenter.notices import queries as notice_queries
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import INVITATION, Means

ABOUT_ACCOUNT = "account"


def leave_by_mail() -> bool:
    """Whether a link can be sent to whose account it is; it is then shown to nobody else."""
    return bool(current_app.config["SETTINGS"].smtp_host)


def send(person: Person, link: str) -> None:
    """Written with the invitation itself: it leaves when that is kept, and not before."""
    with speaking(person.language, g.centre.timezone):
        if person.password_hash is None:
            subject = _("Votre accès au centre %(centre)s", centre=g.centre.name)
            body = _(
                "Bonjour,\n\nVous êtes invité à travailler avec le centre %(centre)s. Ce lien sert"
                " une fois, pendant trois jours, à choisir votre mot de passe :\n\n%(link)s\n",
                centre=g.centre.name,
                link=link,
            )
        else:
            subject = _renewed_subject()
            body = _(
                "Bonjour,\n\n%(who)s a fait un lien pour choisir un autre mot de passe à votre"
                " compte. Il sert une fois, pendant trois jours :\n\n%(link)s\n\nSi vous n’avez"
                " rien demandé, ne l’ouvrez pas : votre mot de passe reste le même. Parlez-en"
                " à cette personne.\n",
                who=g.person.name,
                link=link,
            )
        _write(person, INVITATION, subject, body)


def unreached(people: Sequence[Person]) -> dict[int, str]:
    """Of those who have not entered yet: whose last invitation did not arrive, and why not."""
    waiting = {each.email.lower(): each.id for each in people if each.password_hash is None}
    if not waiting:
        return {}
    lost = db.session.execute(notice_queries.unreached(INVITATION, waiting)).all()
    return {waiting[row.address]: row.failure or "" for row in lost}


def tell_renewed(person: Person) -> None:
    """Where the link is handed over by whoever made it: its owner learns that there is one."""
    with speaking(person.language, g.centre.timezone):
        body = _(
            "Bonjour,\n\n%(who)s a fait un lien pour choisir un autre mot de passe à votre compte"
            " (%(moment)s), et doit vous le remettre. Si vous n’avez rien demandé, parlez-en"
            " à un autre administrateur.\n",
            who=g.person.name,
            moment=moment(clock.now()),
        )
        _write(person, ABOUT_ACCOUNT, _renewed_subject(), body)


def tell_password_chosen(event: PasswordChosen) -> None:
    """Whose account it is learns that a link was used, unless it was the first one."""
    if event.is_first:
        return
    person = db.session.get_one(Person, (current_centre(), event.person_id))
    centre = db.session.get_one(Centre, current_centre())
    with speaking(person.language, centre.timezone):
        body = _(
            "Bonjour,\n\nLe mot de passe de votre compte vient d’être choisi par un lien"
            " (%(moment)s), et vos sessions d’avant sont fermées. Si ce n’est pas vous, dites-le"
            " tout de suite à un administrateur du centre %(centre)s : quelqu’un lit peut-être à"
            " votre place.\n",
            moment=moment(clock.now()),
            centre=centre.name,
        )
        _write(person, ABOUT_ACCOUNT, _("Votre mot de passe a changé"), body)


def _renewed_subject() -> str:
    return _("Un lien pour votre mot de passe")


def _write(person: Person, kind: str, subject: str, body: str) -> None:
    notices.write(
        kind=kind,
        means=Means.EMAIL,
        to_address=person.email,
        subject=subject,
        body=body,
        language=person.language,
    )
