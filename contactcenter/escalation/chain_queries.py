"""Questions about refused questions: who is asked next, and what refusals say of the directory."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select

from contactcenter.accounts.models import Organisation
from contactcenter.attachments.models import Attachment
from contactcenter.db import current_centre
from contactcenter.directory.models import Team, Topic, TopicTeam
from contactcenter.escalation.correction_models import DirectoryCorrection
from contactcenter.escalation.models import Referral, ReferralMessage, Refusal, SharedPaper
from contactcenter.tickets.models import Ticket

TURNS = ("precision_asked", "precision")


def turns_of(referral_ids: Collection[int], *more: str) -> Select[int, str, datetime]:
    """Each precision that was asked and given, in order; and what else is named."""
    return (
        select(ReferralMessage.referral_id, ReferralMessage.kind, ReferralMessage.written_at)
        .where(
            ReferralMessage.centre_id == current_centre(),
            ReferralMessage.referral_id.in_(referral_ids),
            ReferralMessage.kind.in_((*TURNS, *more)),
        )
        .order_by(ReferralMessage.written_at, ReferralMessage.id)
    )


def locked(referral_id: int) -> Select[Referral]:
    return (
        select(Referral)
        .where(Referral.centre_id == current_centre(), Referral.id == referral_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def next_of(referral: Referral) -> Select[int]:
    """The question that goes on after this one, if any."""
    return select(Referral.id).where(
        Referral.centre_id == referral.centre_id, Referral.after_id == referral.id
    )


def teams_for(topic_id: int | None) -> Select[Team, list[str]]:
    """The teams that answer the topic, best first, with the districts in which they do not."""
    return (
        select(Team, TopicTeam.not_in)
        .join(
            TopicTeam,
            and_(TopicTeam.centre_id == Team.centre_id, TopicTeam.team_id == Team.id),
        )
        .where(Team.centre_id == current_centre(), TopicTeam.topic_id == topic_id)
        .order_by(TopicTeam.rank, TopicTeam.id)
    )


def fallbacks(organisation_id: int) -> Select[Team, bool]:
    """The fallback of this organisation, then that of the centre; with whether it is our own."""
    return (
        select(Team, Organisation.is_own)
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(
            Team.centre_id == current_centre(),
            Team.is_fallback,
            or_(Team.organisation_id == organisation_id, Organisation.is_own),
        )
        .order_by(Organisation.is_own)
    )


def papers_sent(referral: Referral) -> Select[int]:
    return (
        select(Attachment.id)
        .join(
            SharedPaper,
            and_(
                SharedPaper.centre_id == Attachment.centre_id,
                SharedPaper.attachment_id == Attachment.id,
            ),
        )
        .where(
            SharedPaper.centre_id == referral.centre_id,
            SharedPaper.referral_id == referral.id,
            Attachment.ticket_id == referral.ticket_id,
        )
    )


def alike(
    topic_id: int, team_id: int, code: Refusal, district: str, since: datetime
) -> Select[int]:
    """How many refusals of this team say the same of the topic, here if a district is named."""
    counted = (
        select(func.count())
        .select_from(Referral)
        .join(Ticket, and_(Ticket.centre_id == Referral.centre_id, Ticket.id == Referral.ticket_id))
        .where(
            Referral.centre_id == current_centre(),
            Referral.team_id == team_id,
            Referral.refusal == code,
            Referral.closed_at > since,
            Ticket.topic_id == topic_id,
        )
    )
    return counted.where(Referral.place == district) if district else counted


def last_settled(topic_id: int, team_id: int, district: str) -> Select[datetime | None]:
    return select(func.max(DirectoryCorrection.settled_at)).where(
        DirectoryCorrection.centre_id == current_centre(),
        DirectoryCorrection.topic_id == topic_id,
        DirectoryCorrection.team_id == team_id,
        DirectoryCorrection.district == district,
    )


def corrections() -> Select[DirectoryCorrection, Topic, Team, Organisation]:
    """What refusals propose, what is open first."""
    return (
        select(DirectoryCorrection, Topic, Team, Organisation)
        .join(
            Topic,
            and_(
                Topic.centre_id == DirectoryCorrection.centre_id,
                Topic.id == DirectoryCorrection.topic_id,
            ),
        )
        .join(
            Team,
            and_(
                Team.centre_id == DirectoryCorrection.centre_id,
                Team.id == DirectoryCorrection.team_id,
            ),
        )
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(DirectoryCorrection.centre_id == current_centre())
        .order_by(
            DirectoryCorrection.settled_at.desc().nulls_first(), DirectoryCorrection.id.desc()
        )
    )


def correction(correction_id: int) -> Select[DirectoryCorrection]:
    return (
        select(DirectoryCorrection)
        .where(
            DirectoryCorrection.centre_id == current_centre(),
            DirectoryCorrection.id == correction_id,
        )
        .with_for_update()
    )


def answers_topic(topic_id: int, team_id: int) -> Select[TopicTeam]:
    return select(TopicTeam).where(
        TopicTeam.centre_id == current_centre(),
        TopicTeam.topic_id == topic_id,
        TopicTeam.team_id == team_id,
    )
