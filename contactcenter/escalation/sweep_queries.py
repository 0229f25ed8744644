"""What a batch of due questions needs, in as many questions whatever its size."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select

from contactcenter.db import current_centre
from contactcenter.directory.models import Team
from contactcenter.escalation.models import LadderStep, Mandate, Pressing, Referral
from contactcenter.escalation.staffing_models import Alert
from contactcenter.tickets.models import Ticket


def all_steps() -> Select[LadderStep]:
    return (
        select(LadderStep)
        .where(LadderStep.centre_id == current_centre())
        .order_by(LadderStep.after_minutes, LadderStep.id)
    )


def mandates_named(ids: Collection[int]) -> Select[Mandate]:
    return select(Mandate).where(Mandate.centre_id == current_centre(), Mandate.id.in_(ids))


def topics_of(ticket_ids: Collection[int]) -> Select[int, int | None]:
    return select(Ticket.id, Ticket.topic_id).where(
        Ticket.centre_id == current_centre(), Ticket.id.in_(ticket_ids)
    )


def told_on(addresses: Collection[str], days: Collection[date]) -> Select[str, date, int]:
    """How many alerts had a notice of their own or went into a digest, by address and day."""
    return (
        select(Alert.address, Alert.day, func.count())
        .where(
            Alert.centre_id == current_centre(),
            Alert.address.in_(addresses),
            Alert.day.in_(days),
            Alert.told_at == Alert.written_at,
        )
        .group_by(Alert.address, Alert.day)
    )


def addresses_untold(before: datetime) -> Select[str]:
    """Addresses for which something has been waiting since then to be told."""
    return (
        select(Alert.address)
        .where(Alert.centre_id == current_centre(), Alert.told_at.is_(None))
        .group_by(Alert.address)
        .having(func.min(Alert.written_at) <= before)
        .order_by(Alert.address)
    )


def untold(address: str) -> Select[Alert, Referral, Team]:
    return (
        select(Alert, Referral, Team)
        .join(
            Referral,
            and_(Referral.centre_id == Alert.centre_id, Referral.id == Alert.referral_id),
        )
        .join(Team, and_(Team.centre_id == Alert.centre_id, Team.id == Alert.team_id))
        .where(
            Alert.centre_id == current_centre(), Alert.address == address, Alert.told_at.is_(None)
        )
        .order_by(Alert.written_at, Alert.id)
        .with_for_update(of=Alert, skip_locked=True)
    )


def to_approve() -> Select[Pressing, Referral, Team]:
    """Steps that wait for a manager, the oldest first."""
    return (
        select(Pressing, Referral, Team)
        .join(
            Referral,
            and_(Referral.centre_id == Pressing.centre_id, Referral.id == Pressing.referral_id),
        )
        .join(Team, and_(Team.centre_id == Referral.centre_id, Team.id == Referral.team_id))
        .where(
            Pressing.centre_id == current_centre(),
            Pressing.pressed_at.is_(None),
            Pressing.ended_at.is_(None),
        )
        .order_by(Pressing.id)
    )


def under_pressure() -> Select[Pressing, Referral, Team]:
    """Open questions whose late side was pressed, the gravest first."""
    return (
        select(Pressing, Referral, Team)
        .join(
            Referral,
            and_(Referral.centre_id == Pressing.centre_id, Referral.id == Pressing.referral_id),
        )
        .join(Team, and_(Team.centre_id == Referral.centre_id, Team.id == Referral.team_id))
        .where(
            Pressing.centre_id == current_centre(),
            Pressing.pressed_at.is_not(None),
            Pressing.ended_at.is_(None),
            Referral.closed_at.is_(None),
        )
        .order_by(Pressing.severity.desc(), Pressing.pressed_at)
    )
