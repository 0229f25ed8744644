"""How much time is left before a question must be begun: its place in the experts' list.

Two ends are looked at, the answer that was promised and the right that is lost, each less the work
that is expected, in the open time of the team. What is written down are the latest moments to
begin; only the moment goes on, so that the list is ordered without reckoning anything.
"""

from datetime import datetime, timedelta

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.escalation import ladder, rules
from contactcenter.escalation.forecast import ENOUGH, LOOKS_BACK
from contactcenter.escalation.forecast_queries import working
from contactcenter.escalation.models import Referral

FAR_OFF = timedelta(days=400)  # no calendar is written out for a date so far away
USUAL_WORK = timedelta(hours=1)  # where too few answers say how long one takes


def expect_work(referral: Referral, team: Team) -> None:
    """How long an answer takes this team once it has taken the question: half of them by then."""
    referral.work_seconds = int(_work(referral, team).total_seconds())


def reckon(referral: Referral, team: Team) -> None:
    """Set the latest moments to begin from the deadline; without a running clock there are none."""
    referral.begin_by = referral.save_by = None
    if referral.due_at is None:
        return
    if ladder.awaits_live(referral):  # someone is standing there
        referral.begin_by = referral.due_at
        return
    referral.begin_by = _latest_start(referral, team, referral.due_at)
    if referral.right_lost_at is not None:
        referral.save_by = _latest_start(referral, team, referral.right_lost_at)
        referral.begin_by = min(referral.begin_by, referral.save_by)


def left(referral: Referral, team: Team) -> timedelta | None:
    """Open time of the team until the question must be begun; negative once it should have been."""
    if not referral.is_open or referral.begin_by is None:
        return None
    return rules.remaining(hours_of(team), clock.now(), referral.begin_by)


def _latest_start(referral: Referral, team: Team, end: datetime) -> datetime:
    work = timedelta(seconds=referral.work_seconds)
    if abs(end - clock.now()) > FAR_OFF:
        return end - work
    return rules.latest_start(hours_of(team), end, work)


def _work(referral: Referral, team: Team) -> timedelta:
    since = clock.now() - LOOKS_BACK
    for topic_id in dict.fromkeys((referral.topic_id, None)):
        asked = working(team.id, topic_id, since, is_rehearsal=referral.is_rehearsal)
        cases, half = db.session.execute(asked).one()
        if cases >= ENOUGH and half is not None:
            return timedelta(seconds=float(half))
    return USUAL_WORK
