"""Questions about permissions that were asked for by SMS."""

from sqlalchemy import Select, and_, exists, or_, select

from contactcenter import clock
from contactcenter.accounts.models import Organisation
from contactcenter.directory.models import Team
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.escalation.models import Referral
from contactcenter.tickets.models import Ticket


def asked_about(ticket: Ticket) -> Select[ConsentRequest, Team, Organisation]:
    """What waits for a word of the citizen, was refused by one, or allowed for another topic.

    The last as long as the permission lasts and the question was not asked.
    """
    is_kept = and_(
        ConsentRequest.topic_ids != [],
        ~(ConsentRequest.topic_ids.any_() == (ticket.topic_id or 0)),
        ConsentRequest.until > clock.now(),
        ~exists().where(
            Referral.centre_id == ConsentRequest.centre_id,
            Referral.ticket_id == ConsentRequest.ticket_id,
            Referral.team_id == ConsentRequest.team_id,
            Referral.question == ConsentRequest.question,
        ),
    )
    return (
        select(ConsentRequest, Team, Organisation)
        .join(
            Team,
            and_(Team.centre_id == ConsentRequest.centre_id, Team.id == ConsentRequest.team_id),
        )
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(
            ConsentRequest.centre_id == ticket.centre_id,
            ConsentRequest.ticket_id == ticket.id,
            or_(ConsentRequest.is_yes.is_not(True), is_kept),
            ConsentRequest.withdrawn_at.is_(None),
        )
        .order_by(ConsentRequest.id)
    )
