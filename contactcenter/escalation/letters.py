"""What we write about a question: to the team without names, to the citizen without detail."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter.escalation.models import Press
from contactcenter.languages import dated
from contactcenter.notices.letters import Letter

LINES = 50  # of a digest


def asked(link: str, due_at: datetime | None) -> Letter:
    """To the people of the team: no name, no subject, one link."""
    return Letter(
        _("Une question attend votre équipe"),
        _(
            "Une question d’un centre de contact attend votre équipe."
            " Réponse attendue avant : %(due)s.\n\n"
            "Ouvrir la question : %(link)s\n\n"
            "Ce courriel ne dit rien du dossier. Répondez dans la page, ou à ce courriel depuis"
            " l’adresse de votre compte.\n",
            due=dated(due_at) if due_at else "-",
            link=link,
        ),
    )


def handed(link: str, due_at: datetime | None) -> Letter:
    """To a colleague: who handed it on and their words are on the page."""
    return Letter(
        _("Une question vous est confiée"),
        _(
            "Une personne de votre équipe vous confie une question."
            " Réponse attendue avant : %(due)s.\n\n"
            "Ouvrir la question : %(link)s\n",
            due=dated(due_at) if due_at else "-",
            link=link,
        ),
    )


def handed_many(many: int, link: str) -> Letter:
    """To a colleague: questions that were handed on in one act, and the list that has them."""
    return Letter(
        ngettext("%(num)d question vous est confiée", "%(num)d questions vous sont confiées", many),
        _(
            "Une personne de votre équipe vous les confie ensemble."
            " Dans la liste, d’abord ce qui doit être commencé le plus tôt.\n\n"
            "Ouvrir vos questions : %(link)s\n",
            link=link,
        ),
    )


def precision_given(link: str) -> Letter:
    return Letter(
        _("Votre précision est arrivée"),
        _(
            "L’agent a répondu à votre demande de précision. Votre temps court de nouveau.\n\n"
            "Ouvrir la question : %(link)s\n",
            link=link,
        ),
    )


def chased(link: str) -> Letter:
    return Letter(
        _("Une question de votre équipe est relancée"),
        _(
            "L’agent qui a posé une question à votre équipe la relance."
            " Le délai, lui, ne change pas.\n\n"
            "Ouvrir la question : %(link)s\n",
            link=link,
        ),
    )


def pressed(press: Press, link: str, due_at: datetime) -> Letter:
    """To whoever is pressed by a step of the ladder."""
    if press is Press.ASKER:
        return Letter(
            _("Une réponse d’expert se fait attendre"),
            _(
                "La réponse attendue avant : %(due)s, n’est pas venue."
                " Le responsable de l’équipe est prévenu selon l’échelle convenue.\n\n"
                "Ouvrir la demande : %(link)s\n",
                due=dated(due_at),
                link=link,
            ),
        )
    return Letter(
        _("Une question attend une réponse de votre équipe"),
        _(
            "Une question posée à votre équipe devait avoir une réponse avant : %(due)s.\n\n"
            "Ouvrir la question : %(link)s\n\n"
            "Ce courriel ne dit rien du dossier. Répondez dans la page, ou à ce courriel depuis"
            " l’adresse de votre compte.\n",
            due=dated(due_at),
            link=link,
        ),
    )


def approval_asked(link: str) -> Letter:
    """To managers: a step of the ladder waits for them."""
    return Letter(
        _("Une relance attend votre accord"),
        _(
            "Une réponse d’expert tarde, et la relance suivante attend votre accord.\n\n"
            "Voir les relances : %(link)s\n",
            link=link,
        ),
    )


def digest(questions: Sequence[tuple[str, datetime]]) -> Letter:
    """What had no notice of its own today: links in the order of what is lost first."""
    lines = [
        _("%(number)d. attendue avant : %(due)s\n   %(link)s", number=n, due=dated(due), link=link)
        for n, (link, due) in enumerate(questions[:LINES], start=1)
    ]
    more = len(questions) - LINES
    if more > 0:
        lines.append(
            ngettext("et %(num)d autre, dans la liste", "et %(num)d autres, dans la liste", more)
        )
    return Letter(
        _("Des questions attendent une réponse de votre équipe"),
        _(
            "Voici ensemble ce qui n’a pas eu de courriel à part aujourd’hui. L’ordre : d’abord ce"
            " qui se perd le plus tôt, un droit de l’usager ou le délai de réponse.\n\n"
            "%(lines)s\n\n"
            "Ce courriel ne dit rien des dossiers. Répondez dans la page, pas à ce courriel.\n",
            lines="\n".join(lines),
        ),
    )


def uncovered(team: str, questions: int, moved_to: str | None, link: str) -> Letter:
    """To managers and administrators: nobody serves a team, and what became of its questions."""
    what = ngettext(
        "%(team)s n’a plus personne, et %(num)d question y attend.",
        "%(team)s n’a plus personne, et %(num)d questions y attendent.",
        questions,
        team=team,
    )
    became = (
        _("Elles sont parties vers l’équipe de recours : %(team)s.", team=moved_to)
        if moved_to
        else _("Aucune équipe de recours ne peut les prendre : elles attendent.")
    )
    see = _("Voir qui couvre quoi : %(link)s", link=link)
    return Letter(_("Une équipe experte n’a plus personne"), f"{what} {became}\n\n{see}\n")


def citizen_asked(reference: str, organisation: str, due_at: datetime) -> Letter:
    return Letter(
        _("Votre demande %(reference)s avance", reference=reference),
        _(
            "Bonjour,\n\n"
            "Pour vous répondre, nous avons posé une question à un expert : %(organisation)s."
            " Nous attendons sa réponse avant : %(due)s.\n\n"
            "Vous n’avez rien à faire. Nous vous écrivons dès que nous avons la réponse.\n\n"
            "Numéro de votre demande : %(reference)s\n",
            organisation=organisation,
            due=dated(due_at),
            reference=reference,
        ),
    )


def citizen_ended(reference: str, organisation: str) -> Letter:
    return Letter(
        _("Votre demande %(reference)s continue autrement", reference=reference),
        _(
            "Bonjour,\n\n"
            "Nous n’attendons plus la réponse de l’expert : %(organisation)s."
            " Un agent s’occupe toujours de votre demande et vous écrit la suite.\n\n"
            "Numéro de votre demande : %(reference)s\n",
            organisation=organisation,
            reference=reference,
        ),
    )


def citizen_answered(reference: str, organisation: str) -> Letter:
    return Letter(
        _("Nous avons une réponse pour votre demande %(reference)s", reference=reference),
        _(
            "Bonjour,\n\n"
            "L’expert a répondu : %(organisation)s."
            " Un agent reprend votre demande et vous explique la suite.\n\n"
            "Numéro de votre demande : %(reference)s\n",
            organisation=organisation,
            reference=reference,
        ),
    )


def solved(reference: str, centre: str, link: str) -> Letter:
    return Letter(
        _("Votre demande %(reference)s : est-ce réglé ?", reference=reference),
        _(
            "Bonjour,\n\n"
            "Il y a quelques semaines, votre demande %(reference)s s’est terminée avec la réponse"
            " d’un expert. Est-ce réglé ?\n\n"
            "Répondre par oui ou non, sans mot de passe : %(link)s\n\n"
            "C’est la seule fois que nous le demandons.\n\n"
            "%(centre)s\n",
            reference=reference,
            link=link,
            centre=centre,
        ),
    )


def solved_text(reference: str, centre: str, link: str) -> str:
    return _(
        "%(centre)s : demande %(reference)s, est-ce réglé ? Répondez oui ou non ici : %(link)s",
        centre=centre,
        reference=reference,
        link=link,
    )


def side_written(link: str) -> Letter:
    return Letter(
        _("Une autre équipe vous écrit"),
        _(
            "Une équipe à qui la même question est posée vous écrit.\n\n"
            "Ouvrir la question : %(link)s\n",
            link=link,
        ),
    )
