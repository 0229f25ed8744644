"""What one expert asks of another organisation, or tells it, crosses the wall by a job."""

from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.edge import job
from contactcenter.escalation import actions, circle, ladder, letters
from contactcenter.escalation.circle_queries import answer_of
from contactcenter.escalation.models import Press, Referral
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import Means


@job
def ask_invited(message_id: int, team_id: int) -> None:
    circle.ask_invited(message_id, team_id)


@job
def pass_on_side(message_id: int) -> None:
    for other in circle.pass_on_side(message_id):
        _tell(other, message_id)


@job
def pass_on_answer(referral_id: int) -> None:
    """What an invited team answered helps those who invited it."""
    message = db.session.scalar(answer_of(actions.get(referral_id)))
    if message is not None:
        for other in circle.pass_on(message):
            _tell(other, message.id)


def _tell(referral: Referral, message_id: int) -> None:
    """Who took the question, else its team: a link, and nothing of what was written."""
    team = db.session.get_one(Team, (current_centre(), referral.team_id))
    for recipient in ladder.recipients(referral, team, Press.REFERENT):
        with speaking(recipient.language, team.timezone):
            letter = letters.side_written(public_url(f"/referrals/{referral.id}"))
        notices.write(
            kind="side_written",
            means=Means.EMAIL,
            to_address=recipient.address,
            subject=letter.subject,
            body=letter.body,
            language=recipient.language,
            referral_id=referral.id,
            dedupe_key=f"side:{referral.id}:{message_id}:{recipient.address}",
            is_rehearsal=referral.is_rehearsal,
        )
