"""A question that goes on after another team refused it: one wait, however many teams.

The first clock keeps running: what is owed is counted from the first sending, in the hours of the
team that has the question now. Only the time it waited for *us* is left out.
"""

from datetime import timedelta

from contactcenter.db import db
from contactcenter.escalation import rules
from contactcenter.escalation.chain_queries import turns_of
from contactcenter.escalation.models import Referral

MOST_HOPS = 3


def carry_on(referral: Referral, after: Referral) -> None:
    """Let a new question continue the wait of the one that was refused."""
    referral.after_id, referral.hops = after.id, after.hops + 1
    referral.clock_from = (after.clock_from or after.asked_at) + _waited_for_us(after)


def teams_asked(referral: Referral) -> set[int]:
    """The teams of its chain, its own included."""
    teams, step = {referral.team_id}, referral
    while step.after_id is not None:
        step = db.session.get_one(Referral, (step.centre_id, step.after_id))
        teams.add(step.team_id)
    return teams


def _waited_for_us(referral: Referral) -> timedelta:
    turns = [(kind, at) for _id, kind, at in db.session.execute(turns_of([referral.id]))]
    return rules.waited_for_us(turns, until=referral.closed_at)
