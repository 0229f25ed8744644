"""Permissions to share: recorded, looked for, and what one lets a partner see."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.escalation.events import MandateRecorded
from contactcenter.escalation.models import (
    Mandate,
    MandateKind,
    Referral,
    SharedPaper,
    TicketAccess,
)
from contactcenter.escalation.queries import living_mandate
from contactcenter.events import announce
from contactcenter.tickets.models import Ticket

LONGEST_WITNESS = 200


def record_mandate(
    ticket: Ticket,
    organisation_id: int,
    *,
    kind: MandateKind,
    expires_at: datetime,
    by: Person,
    witness: str = "",
    attachment_id: int | None = None,
) -> Mandate:
    """Write down that the citizen lets us share their data with this organisation until then.

    Raises Invalid without a witness of an oral one, or when it would have ended already.
    """
    now = clock.now()
    if kind is MandateKind.ORAL and not witness.strip():
        raise Invalid(_("Nommez la personne qui a entendu l’accord."), "witness")
    if expires_at <= now:
        raise Invalid(_("Choisissez une date à venir."), "valid_until")
    mandate = Mandate(
        ticket_id=ticket.id,
        organisation_id=organisation_id,
        kind=kind,
        witness=witness.strip()[:LONGEST_WITNESS],
        attachment_id=attachment_id,
        given_at=now,
        expires_at=expires_at,
        recorded_by=by.id,
    )
    db.session.add(mandate)
    db.session.flush()  # referrals and the event name it
    announce(
        MandateRecorded(
            ticket_id=ticket.id,
            mandate_id=mandate.id,
            for_organisation_id=organisation_id,
            person_id=by.id,
        )
    )
    return mandate


def open_ticket_to(ticket: Ticket, organisation_id: int) -> None:
    """Let an organisation see the ticket: what row-level security reads."""
    db.session.execute(
        insert(TicketAccess)
        .values(
            centre_id=ticket.centre_id,
            ticket_id=ticket.id,
            organisation_id=organisation_id,
            granted_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def none_left(mandate: Mandate) -> bool:
    """Whether no other permission for the same ticket and organisation lasts."""
    still = living_mandate(mandate.ticket_id, mandate.organisation_id, clock.now())
    return db.session.scalar(still.limit(1)) is None


def shut_ticket_to(mandate: Mandate) -> None:
    """Take back everything that was shared about the ticket with this organisation, at once."""
    asked = select(Referral.id).where(
        Referral.centre_id == mandate.centre_id,
        Referral.ticket_id == mandate.ticket_id,
        Referral.organisation_id == mandate.organisation_id,
    )
    db.session.execute(
        delete(SharedPaper).where(
            SharedPaper.centre_id == mandate.centre_id, SharedPaper.referral_id.in_(asked)
        )
    )
    db.session.execute(
        delete(TicketAccess).where(
            TicketAccess.centre_id == mandate.centre_id,
            TicketAccess.ticket_id == mandate.ticket_id,
            TicketAccess.organisation_id == mandate.organisation_id,
        )
    )
