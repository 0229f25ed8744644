"""Questions about several teams that were asked together."""

from sqlalchemy import Select, or_, select

from contactcenter.escalation.models import Referral, ReferralMessage


def in_circle(referral: Referral) -> Select[Referral]:
    """The question that others were invited to, and theirs; itself where nobody was."""
    first = referral.invited_by or referral.id
    return (
        select(Referral)
        .where(
            Referral.centre_id == referral.centre_id,
            Referral.ticket_id == referral.ticket_id,
            or_(Referral.id == first, Referral.invited_by == first),
        )
        .order_by(Referral.id)
    )


def same_words(referral: Referral, message: ReferralMessage, kind: str) -> Select[int]:
    """The same words with another question, if they were passed on before."""
    return select(ReferralMessage.id).where(
        ReferralMessage.centre_id == referral.centre_id,
        ReferralMessage.referral_id == referral.id,
        ReferralMessage.kind == kind,
        ReferralMessage.author_id == message.author_id,
        ReferralMessage.written_at == message.written_at,
    )


def answer_of(referral: Referral) -> Select[ReferralMessage]:
    return (
        select(ReferralMessage)
        .where(
            ReferralMessage.centre_id == referral.centre_id,
            ReferralMessage.referral_id == referral.id,
            ReferralMessage.kind == "answer",
        )
        .order_by(ReferralMessage.id.desc())
        .limit(1)
    )
