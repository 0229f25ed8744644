"""What we write of a permission: a receipt, and that it ended. Neither says what the matter is."""

from flask_babel import gettext as _

from contactcenter.escalation.mandate_page import Receipt
from contactcenter.languages import date_of
from contactcenter.notices.letters import Letter


def given(receipt: Receipt, followed_at: str) -> Letter:
    reference = receipt.ticket.reference
    return Letter(
        _("Reçu : ce que vous avez permis pour la demande %(reference)s", reference=reference),
        _(
            "Bonjour,\n\n"
            "Vous nous permettez de partager votre demande %(reference)s avec :\n%(names)s\n\n"
            "Pour : %(topics)s\n"
            "Jusqu’au : %(until)s\n"
            "Ils voient de vous : %(shares)s\n\n"
            "Vous pouvez reprendre cet accord à tout moment, sans dire pourquoi : répondez à ce"
            " courriel, écrivez sur votre page de suivi (%(page)s), ou dites-le au guichet ou au"
            " téléphone. Le partage s’arrête aussitôt.\n\n"
            "%(centre)s\n",
            reference=reference,
            names=names(receipt),
            topics=topics(receipt),
            until=date_of(receipt.first.expires_at),
            shares=shares(receipt),
            page=followed_at,
            centre=receipt.centre.name,
        ),
    )


def given_text(receipt: Receipt) -> str:
    return _(
        "%(centre)s : reçu. Vous permettez de montrer la demande %(reference)s à %(names)s jusqu’au"
        " %(until)s. Pour reprendre votre accord, répondez à ce SMS ou dites-le à un agent.",
        centre=receipt.centre.name,
        reference=receipt.ticket.reference,
        names=", ".join(organisation.name for _mandate, organisation in receipt.rows),
        until=date_of(receipt.first.expires_at),
    )


def revoked(reference: str, organisation: str, centre: str) -> Letter:
    return Letter(
        _("Accord repris pour la demande %(reference)s", reference=reference),
        _(
            "Bonjour,\n\n"
            "Vous avez repris votre accord : votre demande %(reference)s n’est plus partagée avec"
            " %(organisation)s.\n\n"
            "%(centre)s\n",
            reference=reference,
            organisation=organisation,
            centre=centre,
        ),
    )


def topics(receipt: Receipt) -> str:
    """What the permission is for, in the citizen's language."""
    return ", ".join(receipt.topics) or _("tout motif de cette demande")


def shares(receipt: Receipt) -> str:
    if receipt.is_for_all and receipt.shares:
        return _("selon le motif, au plus : %(details)s", details=receipt.shares)
    if receipt.is_for_all:
        return _("la question et les papiers joints ; le motif décide du reste")
    return receipt.shares or _("rien, seulement la question et les papiers joints")


def names(receipt: Receipt) -> str:
    return "\n".join(f"- {organisation.name}" for _mandate, organisation in receipt.rows)
