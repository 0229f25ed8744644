"""A live question goes round the people on duty: one at a time, nobody twice, each asking kept.

Being asked is a call, not a lock: whoever of the team takes the question first has it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.escalation import ladder
from contactcenter.escalation.actions import named
from contactcenter.escalation.consult_queries import asked_for, last_asked
from contactcenter.escalation.duty import OnDuty, on_duty, ready
from contactcenter.escalation.events import LiveOffered
from contactcenter.escalation.models import Mandate, Referral
from contactcenter.escalation.staffing_models import ConsultOffer
from contactcenter.events import announce

NEVER = datetime.min.replace(tzinfo=UTC)


def ask_next(referral: Referral, team: Team, mandate: Mandate | None) -> None:
    """Ask the next person on duty, and look again when the team's time to take it is over.

    With nobody left the question waits until its own end; who comes on duty meanwhile is asked.
    Hold the lock of the question's row.
    """
    now = clock.now()
    person = _next(referral, on_duty([team], ready(), now).get(team.id, ()))
    if person is not None:
        db.session.add(
            ConsultOffer(referral_id=referral.id, person_id=person.person_id, offered_at=now)
        )
        announce(LiveOffered(**named(referral), to_person_id=person.person_id))
    referral.next_due_at = ladder.next_due(referral, team, mandate)


def _next(referral: Referral, there: Sequence[OnDuty]) -> OnDuty | None:
    """Who was asked longest ago, for any question, and not yet for this one."""
    if not there:
        return None
    asked = set(db.session.scalars(asked_for(referral)))
    left = [each for each in there if each.person_id not in asked]
    ids = [each.person_id for each in left]
    before = dict(iter(db.session.execute(last_asked(ids))))
    return min(left, key=lambda each: before.get(each.person_id, NEVER), default=None)
