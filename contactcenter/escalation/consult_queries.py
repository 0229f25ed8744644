"""Questions about who was asked to take a live question."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, and_, func, select

from contactcenter.accounts.models import Person
from contactcenter.db import current_centre
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import due_now
from contactcenter.escalation.staffing_models import ConsultOffer


def asked_for(referral: Referral) -> Select[int]:
    return select(ConsultOffer.person_id).where(
        ConsultOffer.centre_id == referral.centre_id, ConsultOffer.referral_id == referral.id
    )


def last_asked(person_ids: Collection[int]) -> Select[int, datetime]:
    """When each of these people was asked last, for any question."""
    return (
        select(ConsultOffer.person_id, func.max(ConsultOffer.offered_at))
        .where(
            ConsultOffer.centre_id == current_centre(),
            ConsultOffer.person_id.in_(person_ids),
        )
        .group_by(ConsultOffer.person_id)
    )


def offers_of(referral_ids: Collection[int]) -> Select[ConsultOffer, str]:
    """Who was asked with their names, in order."""
    return (
        select(ConsultOffer, Person.name)
        .join(
            Person,
            and_(Person.centre_id == ConsultOffer.centre_id, Person.id == ConsultOffer.person_id),
        )
        .where(
            ConsultOffer.centre_id == current_centre(),
            ConsultOffer.referral_id.in_(referral_ids),
        )
        .order_by(ConsultOffer.offered_at, ConsultOffer.id)
    )


def live_due(now: datetime, limit: int) -> Select[Referral]:
    """Live questions that nobody took in time; what another sweeper holds is skipped."""
    return due_now(now, limit).where(Referral.is_live, Referral.taken_at.is_(None))
