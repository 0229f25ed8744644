"""Who may follow the topics of questions."""

from sqlalchemy import exists, select

from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import visible_to
from contactcenter.live import right_to_follow


@right_to_follow("referrals")
def may_follow_team(person: Person, team_id: str) -> bool:
    """The team's own organisation, and nobody else: the centre follows its tickets."""
    if not _is_id(team_id) or not person.may(Permission.ANSWER_REFERRALS):
        return False
    own = select(Team.id).where(
        Team.centre_id == person.centre_id,
        Team.id == int(team_id),
        Team.organisation_id == person.organisation_id,
    )
    return bool(db.session.scalar(select(exists(own.subquery()))))


@right_to_follow("referral")
def may_follow_referral(person: Person, referral_id: str) -> bool:
    if not _is_id(referral_id):
        return False
    seen = visible_to(person).where(Referral.id == int(referral_id))
    return db.session.scalar(seen) is not None


@right_to_follow("ladder-trial")
def may_follow_trial(person: Person, trial_id: str) -> bool:
    """The page itself shows only the trials of the person's own centre."""
    return _is_id(trial_id) and person.may(Permission.EDIT_DIRECTORY)


def _is_id(rest: str) -> bool:
    return rest.isdecimal() and len(rest) <= 18
