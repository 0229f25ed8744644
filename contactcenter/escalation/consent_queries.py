"""Questions about permissions that were asked for by SMS."""

from sqlalchemy import Select, and_, select

from contactcenter.accounts.models import Organisation
from contactcenter.directory.models import Team
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.tickets.models import Ticket


def asked_about(ticket: Ticket) -> Select[ConsentRequest, Team, Organisation]:
    """What waits for a word of the citizen, or was refused by one."""
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
            ConsentRequest.is_yes.is_not(True),
            ConsentRequest.withdrawn_at.is_(None),
        )
        .order_by(ConsentRequest.id)
    )
