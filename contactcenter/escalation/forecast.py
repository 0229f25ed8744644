"""When a team is likely to answer, from what its answers took, and how much it has to do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.escalation import rules
from contactcenter.escalation.forecast_queries import MOST_ROWS, Answering, answering
from contactcenter.tickets.models import Ticket

LOOKS_BACK = timedelta(days=90)
ENOUGH = 10  # with fewer answers, half and nine in ten would say nothing


@dataclass(frozen=True)
class Forecast:
    """Half of the team's answers come by `half_at`, nine in ten by `most_at`; None: too few."""

    cases: int
    on_topic: bool
    half_at: datetime | None
    most_at: datetime | None
    open: int
    late: int

    @property
    def is_more(self) -> bool:
        """Only the first of its open questions were counted."""
        return self.open >= MOST_ROWS


def forecasts(ticket: Ticket, teams: Sequence[Team]) -> Mapping[int, Forecast]:
    """By team, for a question about this ticket asked now."""
    now = clock.now()
    known = {team.id: team for team in teams}
    asked = answering(ticket, list(known), now - LOOKS_BACK, now)
    rows = (Answering(*row) for row in db.session.execute(asked))
    return {row.team_id: _forecast(known[row.team_id], row, now) for row in rows}


def _forecast(team: Team, row: Answering, now: datetime) -> Forecast:
    on_topic = row.topic_cases >= ENOUGH
    cases, took = (row.topic_cases, row.topic_took) if on_topic else (row.cases, row.took)
    half, most = took if cases >= ENOUGH and took else (None, None)
    return Forecast(
        cases=cases,
        on_topic=on_topic,
        half_at=_after(team, now, half),
        most_at=_after(team, now, most),
        open=row.open,
        late=row.late,
    )


def _after(team: Team, now: datetime, seconds: float | None) -> datetime | None:
    if seconds is None:
        return None
    return rules.deadline(hours_of(team), now, timedelta(seconds=seconds))
