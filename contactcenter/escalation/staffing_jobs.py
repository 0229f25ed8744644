"""What follows by itself when people are away or leave. Every job may run twice."""

from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.edge import job, sweep
from contactcenter.escalation import coverage, letters
from contactcenter.escalation.staffing_models import CoverageAlarm
from contactcenter.escalation.staffing_queries import to_warn
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import Means


@sweep(every_seconds=60)
def keep_covered() -> None:
    coverage.keep_covered()


@job
def look_after_left() -> None:
    coverage.keep_covered()


@job
def warn_of_gap(alarm_id: int) -> None:
    """Tell managers and administrators that nobody serves a team: which team, how many, no case."""
    alarm = db.session.get_one(CoverageAlarm, (current_centre(), alarm_id))
    team = db.session.get_one(Team, (current_centre(), alarm.team_id))
    for person in db.session.scalars(to_warn()).all():
        with speaking(person.language, team.timezone):
            letter = letters.uncovered(
                team.name, alarm.questions, _moved_to(alarm), public_url("/coverage")
            )
        notices.write(
            kind="coverage",
            means=Means.EMAIL,
            to_address=person.email,
            subject=letter.subject,
            body=letter.body,
            language=person.language,
            dedupe_key=f"coverage:{alarm.id}:{person.id}",
        )


def _moved_to(alarm: CoverageAlarm) -> str | None:
    if alarm.moved_to is None:
        return None
    return db.session.get_one(Team, (current_centre(), alarm.moved_to)).name
