"""Questions about whose move it was: the moves of requests, and the clocks of their questions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import load_only

from contactcenter.accounts.models import Organisation
from contactcenter.db import current_centre
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


def asked_about(ticket_ids: Sequence[int]) -> Select[Referral]:
    """Their moments alone: a report reads thousands."""
    return (
        select(Referral)
        .where(Referral.centre_id == current_centre(), Referral.ticket_id.in_(ticket_ids))
        .options(
            load_only(
                Referral.ticket_id,
                Referral.disclosed_as,
                Referral.team_id,
                Referral.organisation_id,
                Referral.mandate_id,
                Referral.asked_at,
                Referral.closed_at,
            )
        )
        .order_by(Referral.id)
    )


def teams_named(ids: Iterable[int]) -> Select[Team]:
    return select(Team).where(Team.centre_id == current_centre(), Team.id.in_(ids))


def topics_told(
    ticket_ids: Iterable[int],
) -> Select[int | None, datetime, str | None, str | None]:
    """Each correction of what these requests are about, in order: when, from what, to what."""
    before, after = (EventRecord.detail[each].astext for each in ("before", "after"))
    return (
        select(EventRecord.ticket_id, EventRecord.happened_at, before, after)
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
        .options(
            load_only(
                Mandate.ticket_id,
                Mandate.organisation_id,
                Mandate.given_at,
                Mandate.expires_at,
                Mandate.revoked_at,
                Mandate.topic_ids,
            )
        )
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
        .options(load_only(Ticket.opened_at, Ticket.site_id))
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
