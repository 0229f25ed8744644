"""The record of pressing: who was pressed about a question, when and why, alike on both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.escalation import words
from contactcenter.escalation.models import Press, Pressing, Referral
from contactcenter.escalation.queries import pressings_of
from contactcenter.escalation.team_queries import members_of


@dataclass(frozen=True)
class StepShown:
    """A step of the ladder: climbed, under way or to come."""

    who: str
    at: datetime | None
    state: str  # "done", "now" or "ahead"


def climbed(asked: Sequence[tuple[Referral, Team]]) -> Mapping[int, Sequence[StepShown]]:
    """By question, the steps that reached someone; one that waits for approval did not."""
    teams = {referral.id: team for referral, team in asked if referral.steps_done}
    shown: dict[int, list[StepShown]] = {}
    for pressing in db.session.scalars(pressings_of(teams)) if teams else ():
        if pressing.pressed_at is not None:
            step = _shown(pressing, teams[pressing.referral_id])
            shown.setdefault(pressing.referral_id, []).append(step)
    return shown


def who(team: Team, press: Press) -> str:
    leads = db.session.scalars(members_of(team.id, leads=True)).all()
    if press is not Press.LEAD or not leads:
        return str(words.PRESSED[press])
    return f"{words.PRESSED[press]}, {leads[0].name}"


def _shown(pressing: Pressing, team: Team) -> StepShown:
    reached = words.pressed_because(who(team, pressing.press), pressing.reason)
    return StepShown(reached, pressing.pressed_at, "done")
