"""Permissions to share: recorded, looked for, and what one lets a partner see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Invalid
from contactcenter.escalation import hidden
from contactcenter.escalation.events import MandateReceiptGiven, MandateRecorded
from contactcenter.escalation.mandate_queries import (
    any_living,
    living_mandate,
    open_with,
    under_permission,
)
from contactcenter.escalation.models import (
    Mandate,
    MandateKind,
    Referral,
    SharedPaper,
    TicketAccess,
)
from contactcenter.events import announce
from contactcenter.tickets.events import TicketCorrected
from contactcenter.tickets.models import Ticket

LONGEST_WITNESS = 200


@dataclass(frozen=True)
class Given:
    """How a permission was given, until when, and for which topics; for all if none is named."""

    kind: MandateKind
    expires_at: datetime
    witness: str = ""
    attachment_id: int | None = None
    topic_ids: Collection[int] = ()


def record_all(
    ticket: Ticket, organisation_ids: Sequence[int], given: Given, *, by: Person
) -> list[Mandate]:
    """Several organisations that the citizen allowed in one breath: one receipt tells them all.

    What is sent twice is the first. Hold the ticket's lock.
    """
    if twice := _the_same(ticket, set(organisation_ids), given, by):
        return twice
    first = _record(ticket, organisation_ids[0], given, by=by)
    others = [
        _record(ticket, each, given, by=by, given_with=first.id)
        for each in dict.fromkeys(organisation_ids[1:])
        if each != organisation_ids[0]
    ]
    return [first, *others]


def record_mandate(
    ticket: Ticket,
    organisation_id: int,
    *,
    kind: MandateKind,
    expires_at: datetime,
    by: Person,
    witness: str = "",
    attachment_id: int | None = None,
    topic_ids: Collection[int] = (),
) -> Mandate:
    """Write down that the citizen lets us share their data with this organisation until then.

    Raises Invalid without a witness of an oral one, or when it would have ended already.
    """
    given = Given(kind, expires_at, witness, attachment_id, topic_ids)
    return record_all(ticket, [organisation_id], given, by=by)[0]


def _the_same(
    ticket: Ticket, organisation_ids: set[int], given: Given, by: Person
) -> list[Mandate]:
    """Exactly this was written down already, by the same person, and lasts; it goes on."""
    alike = select(Mandate).where(
        Mandate.centre_id == ticket.centre_id,
        Mandate.ticket_id == ticket.id,
        Mandate.recorded_by == by.id,
        Mandate.revoked_at.is_(None),
        Mandate.kind == given.kind,
        Mandate.witness == given.witness.strip()[:LONGEST_WITNESS],
        Mandate.attachment_id.is_not_distinct_from(given.attachment_id),
        Mandate.expires_at == given.expires_at,
        Mandate.expires_at > clock.now(),
        Mandate.topic_ids == sorted(set(given.topic_ids)),
    )
    breaths: dict[int, list[Mandate]] = {}
    for mandate in db.session.scalars(alike.order_by(Mandate.id)):
        breaths.setdefault(mandate.given_with or mandate.id, []).append(mandate)
    for breath in breaths.values():
        if {mandate.organisation_id for mandate in breath} == organisation_ids:
            for mandate in breath:
                _go_on_under(mandate, ticket)
            return breath
    return []


def _record(
    ticket: Ticket, organisation_id: int, given: Given, *, by: Person, given_with: int | None = None
) -> Mandate:
    now = clock.now()
    if given.kind is MandateKind.ORAL and not given.witness.strip():
        raise Invalid(_("Nommez la personne qui a entendu l’accord."), "witness")
    if given.expires_at <= now:
        raise Invalid(_("Choisissez une date à venir."), "valid_until")
    mandate = Mandate(
        ticket_id=ticket.id,
        organisation_id=organisation_id,
        kind=given.kind,
        witness=given.witness.strip()[:LONGEST_WITNESS],
        attachment_id=given.attachment_id,
        given_at=now,
        expires_at=given.expires_at,
        recorded_by=by.id,
        topic_ids=sorted(set(given.topic_ids)),
        given_with=given_with,
    )
    db.session.add(mandate)
    db.session.flush()  # referrals and the event name it
    _go_on_under(mandate, ticket)
    announce(
        MandateRecorded(
            ticket_id=ticket.id,
            mandate_id=mandate.id,
            for_organisation_id=organisation_id,
            person_id=by.id,
        )
    )
    return mandate


def _go_on_under(mandate: Mandate, ticket: Ticket) -> None:
    """What is about a topic that its own permission is not for is shown again under this one."""
    if not mandate.covers(ticket.topic_id):
        return
    asked = open_with(ticket, mandate.organisation_id).with_for_update(of=Referral)
    for referral, before in db.session.execute(asked).all():
        if not before.covers(ticket.topic_id):
            team = db.session.get_one(Team, (referral.centre_id, referral.team_id))
            _move(referral, ticket, team, mandate)


def go_on(referral: Referral, team: Team) -> Mandate | None:
    """Let a question go on under another permission that lasts and is for what it is about.

    None if the citizen gave no such one. Hold the lock of the question's row.
    """
    ticket = db.session.get_one(Ticket, (referral.centre_id, referral.shown_ticket_id))
    lasting = living_mandate(ticket, referral.organisation_id, clock.now())
    other: Mandate | None = db.session.scalar(lasting.limit(1))
    if other is not None:
        _move(referral, ticket, team, other)
    return other


def follow_topic(event: TicketCorrected) -> None:
    """The request is about something else: what is allowed for that is shown again."""
    if event.field != "topic":
        return
    before, after = hidden.topic_told(event.before), hidden.topic_told(event.after)
    for referral, mandate, team in db.session.execute(under_permission(event.ticket_id)).all():
        if not (mandate.lasts(clock.now()) and mandate.covers(after)):
            go_on(referral, team)
        elif not mandate.covers(before):
            hidden.show(referral, team, mandate)


def _move(referral: Referral, ticket: Ticket, team: Team, to: Mandate) -> None:
    hidden.show(referral, team, to)
    referral.mandate_id = to.id
    open_ticket_to(ticket, to)


def give_receipt(mandate: Mandate, means: str, *, by: Person | None) -> None:
    """The citizen has on paper, or by mail, what they allowed: it is in the history."""
    announce(
        MandateReceiptGiven(
            ticket_id=mandate.ticket_id,
            mandate_id=mandate.id,
            means=means,
            person_id=by.id if by else None,
        )
    )


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


def shows(referral: Referral) -> bool:
    """Whether the question's experts may know of it now, so that they may be written to."""
    if referral.mandate_id is None:
        return True
    mandate = db.session.get_one(Mandate, (referral.centre_id, referral.mandate_id))
    ticket = db.session.get_one(Ticket, (referral.centre_id, referral.shown_ticket_id))
    return mandate.lasts(clock.now()) and mandate.covers(ticket.topic_id)


def take_back(mandate: Mandate) -> None:
    """Share no longer than the other permissions for the ticket and organisation last, if any."""
    still = any_living(mandate.ticket_id, mandate.organisation_id, clock.now())
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
