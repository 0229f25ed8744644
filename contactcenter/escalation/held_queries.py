"""Questions about whose move it was: the moves of requests, and the clocks of their questions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, exists, select

from contactcenter.accounts.models import Organisation
from contactcenter.db import Json, current_centre
from contactcenter.directory.models import Site, Team
from contactcenter.escalation.models import Mandate, Referral
from contactcenter.events import EventRecord
from contactcenter.tickets.models import Ticket

MOVES = ("CitizenWrote", "CitizenAwaited", "TicketReopened", "TicketResolved")


def moves_of(ticket_ids: Sequence[int]) -> Select[int | None, str, datetime]:
    """What moved each request from one side to the other, in order."""
    return (
        select(EventRecord.ticket_id, EventRecord.kind, EventRecord.happened_at)
        .where(
            EventRecord.centre_id == current_centre(),
            EventRecord.ticket_id.in_(ticket_ids),
            EventRecord.kind.in_(MOVES),
        )
        .order_by(EventRecord.id)
    )


def asked_about(ticket_ids: Sequence[int]) -> Select[Referral, Team]:
    return (
        select(Referral, Team)
        .join(Team, and_(Team.centre_id == Referral.centre_id, Team.id == Referral.team_id))
        .where(Referral.centre_id == current_centre(), Referral.ticket_id.in_(ticket_ids))
        .order_by(Referral.id)
    )


def topics_told(ticket_ids: Iterable[int]) -> Select[int | None, datetime, Json]:
    """Each correction of what these requests are about, in order."""
    return (
        select(EventRecord.ticket_id, EventRecord.happened_at, EventRecord.detail)
        .where(
            EventRecord.centre_id == current_centre(),
            EventRecord.ticket_id.in_(ticket_ids),
            EventRecord.kind == "TicketCorrected",
            EventRecord.detail["field"].astext == "topic",
        )
        .order_by(EventRecord.id)
    )


def given_for(ticket_ids: Iterable[int]) -> Select[Mandate]:
    return (
        select(Mandate)
        .where(Mandate.centre_id == current_centre(), Mandate.ticket_id.in_(ticket_ids))
        .order_by(Mandate.id)
    )


def organisations_named(ids: Iterable[int]) -> Select[int, str]:
    return (
        select(Organisation.id, Organisation.name)
        .where(Organisation.centre_id == current_centre(), Organisation.id.in_(ids))
        .order_by(Organisation.name)
    )


def sites_of(site_ids: Sequence[int]) -> Select[Site]:
    return select(Site).where(Site.centre_id == current_centre(), Site.id.in_(site_ids))


def finished_with_experts(begins_at: datetime, ends_at: datetime, most: int) -> Select[Ticket]:
    """Requests finished in between about which an expert was asked, the last finished first."""
    asked = exists().where(Referral.centre_id == Ticket.centre_id, Referral.ticket_id == Ticket.id)
    return (
        select(Ticket)
        .where(
            Ticket.centre_id == current_centre(),
            Ticket.resolved_at >= begins_at,
            Ticket.resolved_at < ends_at,
            Ticket.merged_into.is_(None),
            ~Ticket.is_rehearsal,
            asked,
        )
        .order_by(Ticket.resolved_at.desc(), Ticket.id.desc())
        .limit(most)
    )
