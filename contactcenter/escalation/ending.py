"""Permissions that end before their time, and with them what was shared and asked under them."""

from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.escalation import actions, consent, mandates
from contactcenter.escalation.events import MandateRevoked
from contactcenter.escalation.mandate_queries import lasting_of, open_under
from contactcenter.escalation.models import Mandate
from contactcenter.events import announce
from contactcenter.tickets.events import TicketCorrected
from contactcenter.tickets.models import Ticket


def revoke(mandate: Mandate, *, by: Person, reason: str = "") -> None:
    """The citizen takes the permission back: sharing stops, open questions are withdrawn."""
    if mandate.revoked_at is None:
        _end_sharing(mandate, _("L’usager a repris son accord."), by)
        announce(
            MandateRevoked(
                **_of(mandate, by), reason=reason.strip()[: actions.LONGEST_LINE] or None
            )
        )


def end_former(event: TicketCorrected) -> None:
    """The request is another person's: what the former one allowed ends, and is asked anew.

    Who was nobody known is the one who was there.
    """
    if event.field != "citizen" or event.before is None:
        return
    by = db.session.get(Person, (current_centre(), event.person_id)) if event.person_id else None
    ticket = db.session.get_one(Ticket, (current_centre(), event.ticket_id))
    reason = _("La demande est celle d’une autre personne.")
    consent.withdraw(ticket)
    for mandate in db.session.scalars(lasting_of(ticket, clock.now())).all():
        _end_sharing(mandate, reason, by)
        announce(MandateRevoked(**_of(mandate, by), reason=reason, is_of_former=True))


def _end_sharing(mandate: Mandate, words: str, by: Person | None) -> None:
    mandate.revoked_at = clock.now()
    db.session.flush()  # what is asked next looks for permissions that last
    for referral in db.session.scalars(open_under(mandate).with_for_update()).all():
        actions.withdraw(referral, words, by=by)
    mandates.take_back(mandate)


def _of(mandate: Mandate, by: Person | None) -> dict[str, Any]:
    return {
        "ticket_id": mandate.ticket_id,
        "mandate_id": mandate.id,
        "for_organisation_id": mandate.organisation_id,
        "person_id": by.id if by else None,
    }
