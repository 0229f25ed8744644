"""What we write of an appointment: to the expert without names, to the citizen without detail."""

from datetime import datetime

from flask_babel import gettext as _

from contactcenter.escalation.slot_models import Way
from contactcenter.languages import moment
from contactcenter.notices.letters import Letter


def booked(link: str, at: datetime) -> Letter:
    """To the expert: when, one link, and nothing of the case."""
    return Letter(
        _("Un rendez-vous est pris avec vous"),
        _(
            "Un rendez-vous est pris avec vous : %(moment)s.\n\n"
            "Voir la question et confirmer : %(link)s\n\n"
            "Ce courriel ne dit rien du dossier.\n",
            moment=moment(at),
            link=link,
        ),
    )


def given_up(link: str, at: datetime) -> Letter:
    """To the expert, once it is cancelled or changed by somebody else."""
    return Letter(
        _("Un rendez-vous avec vous n’a plus lieu"),
        _(
            "Le rendez-vous prévu avec vous n’a plus lieu : %(moment)s.\n\n"
            "Voir la question : %(link)s\n",
            moment=moment(at),
            link=link,
        ),
    )


def not_held(link: str, at: datetime) -> Letter:
    """To the agent who booked it."""
    return Letter(
        _("Un rendez-vous avec un expert n’a pas eu lieu"),
        _(
            "Le rendez-vous que vous aviez pris n’a pas eu lieu : %(moment)s."
            " La question reste posée par écrit ; vous pouvez prendre un autre rendez-vous.\n\n"
            "Ouvrir la demande : %(link)s\n",
            moment=moment(at),
            link=link,
        ),
    )


def citizen_booked(reference: str, organisation: str, at: datetime, way: Way) -> Letter:
    return Letter(
        _("Votre rendez-vous pour la demande %(reference)s", reference=reference),
        _(
            "Bonjour,\n\n"
            "Vous avez rendez-vous avec un expert : %(organisation)s, %(moment)s.\n"
            "%(how)s\n\n"
            "Vous ne pouvez pas ? Dites-le sur la page de suivi ou à un agent.\n\n"
            "Numéro de votre demande : %(reference)s\n",
            organisation=organisation,
            moment=moment(at),
            how=how(way),
            reference=reference,
        ),
    )


def citizen_booked_text(reference: str, organisation: str, at: datetime) -> str:
    return _(
        "Demande %(reference)s : rendez-vous avec %(organisation)s, %(moment)s."
        " Empêché ? Dites-le sur la page de suivi ou à un agent.",
        reference=reference,
        organisation=organisation,
        moment=moment(at),
    )


def citizen_ended(reference: str, organisation: str, at: datetime) -> Letter:
    return Letter(
        _("Votre rendez-vous n’a pas lieu, demande %(reference)s", reference=reference),
        _(
            "Bonjour,\n\n"
            "Le rendez-vous avec %(organisation)s n’a pas lieu : %(moment)s."
            " Un agent s’occupe toujours de votre demande et vous dit la suite.\n\n"
            "Numéro de votre demande : %(reference)s\n",
            organisation=organisation,
            moment=moment(at),
            reference=reference,
        ),
    )


def citizen_ended_text(reference: str, organisation: str, at: datetime) -> str:
    return _(
        "Demande %(reference)s : le rendez-vous avec %(organisation)s n’a pas lieu, %(moment)s."
        " Nous vous disons la suite.",
        reference=reference,
        organisation=organisation,
        moment=moment(at),
    )


def how(way: Way) -> str:
    """What the citizen does at that moment."""
    if way is Way.PHONE:
        return _("Nous vous appelons : gardez votre téléphone près de vous.")
    return _("Revenez au guichet à cette heure : l’agent écrit à l’expert avec vous.")
