"""Permissions to share: recorded, looked for, and what one lets a partner see."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
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


def open_ticket_to(ticket: Ticket, mandate: Mandate) -> None:
    """Let an organisation see the ticket while its permission lasts, in PostgreSQL's eyes too."""
    opened = insert(TicketAccess).values(
        centre_id=ticket.centre_id,
        ticket_id=ticket.id,
        organisation_id=mandate.organisation_id,
        granted_at=clock.now(),
        valid_until=mandate.expires_at,
    )
    longest = func.greatest(TicketAccess.valid_until, opened.excluded.valid_until)
    db.session.execute(
        opened.on_conflict_do_update(
            index_elements=["centre_id", "ticket_id", "organisation_id"],
            set_={"valid_until": longest},
        )
    )


def take_back(mandate: Mandate) -> None:
    """Share no longer than the other permissions for the ticket and organisation last, if any."""
    still = living_mandate(mandate.ticket_id, mandate.organisation_id, clock.now())
    other: Mandate | None = db.session.scalar(still.limit(1))
    if other is None:
        _shut_ticket_to(mandate)
        return
    db.session.execute(
        update(TicketAccess)
        .where(
            TicketAccess.centre_id == mandate.centre_id,
            TicketAccess.ticket_id == mandate.ticket_id,
            TicketAccess.organisation_id == mandate.organisation_id,
        )
        .values(valid_until=other.expires_at)
    )


def _shut_ticket_to(mandate: Mandate) -> None:
    """Take back everything that was shared about the ticket with this organisation, at once."""
    asked = select(Referral.id).where(
        Referral.centre_id == mandate.centre_id,
        func.coalesce(Referral.disclosed_as, Referral.ticket_id) == mandate.ticket_id,
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
