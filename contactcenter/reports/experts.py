"""Figures of experts' teams and of topics; what is too small to be shown has none.

No sum stands beside the groups, so none can be had by subtraction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contactcenter.accounts.models import Organisation
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.escalation.solved_queries import said_by_team
from contactcenter.reports.disclosure import LEAST
from contactcenter.reports.expert_queries import (
    Asked,
    Kept,
    Opened,
    appointments_of_teams,
    asked_of_teams,
    opened_by_topic,
    teams_named,
)


@dataclass(frozen=True)
class Took:
    """Seconds for half and for nine in ten of the cases; None for too few cases."""

    cases: int
    half: float | None
    most: float | None


@dataclass(frozen=True)
class TeamFigures:
    team: Team
    organisation: Organisation
    is_live: bool
    counts: Asked | None  # None: too small to be shown

    @property
    def take(self) -> Took | None:
        return _took(self.counts.take_cases, self.counts.take) if self.counts else None

    @property
    def answer(self) -> Took | None:
        return _took(self.counts.answer_cases, self.counts.answer) if self.counts else None


@dataclass(frozen=True)
class TopicFigures:
    topic: Topic
    counts: Opened | None  # None: too small to be shown


def of_teams(begins_at: datetime, ends_at: datetime) -> list[TeamFigures]:
    """By team, written and live questions apart, in the order of the names."""
    rows = [Asked(*row) for row in db.session.execute(asked_of_teams(begins_at, ends_at))]
    by_key = {(row.team_id, row.is_live): row for row in rows}
    named = db.session.execute(teams_named({row.team_id for row in rows})).all()
    return [
        TeamFigures(
            team, organisation, is_live, by_key[key] if by_key[key].asked >= LEAST else None
        )
        for team, organisation in named
        for is_live in (False, True)
        if (key := (team.id, is_live)) in by_key
    ]


def of_topics(
    begins_at: datetime, ends_at: datetime, topics: Mapping[int, Topic]
) -> list[TopicFigures]:
    """The topics that most often need an expert first; those too small to be shown last."""
    rows = [Opened(*row) for row in db.session.execute(opened_by_topic(begins_at, ends_at))]
    figures = [
        TopicFigures(topics[row.topic_id], row if row.opened >= LEAST else None) for row in rows
    ]
    return sorted(figures, key=_by_need)


@dataclass(frozen=True)
class Solved:
    """What citizens said of requests that a team had answered; None: too few said anything."""

    team: Team
    organisation: Organisation
    asked: int
    said: int | None
    solved: int | None


def solved_by_team(begins_at: datetime, ends_at: datetime) -> list[Solved]:
    """By team, beside what it declared answered; asked in the period, said until now."""
    return [
        Solved(team, organisation, asked, *((said, yes) if said >= LEAST else (None, None)))
        for team, organisation, asked, said, yes in db.session.execute(
            said_by_team(begins_at, ends_at)
        )
        if asked >= LEAST
    ]


@dataclass(frozen=True)
class Appointments:
    """What became of a team's appointments; None: too small to be shown."""

    team: Team
    organisation: Organisation
    counts: Kept | None

    @property
    def wait(self) -> Took | None:
        return _took(self.counts.held, self.counts.wait) if self.counts else None


def appointments(begins_at: datetime, ends_at: datetime) -> list[Appointments]:
    """By team, in the order of the names."""
    rows = [Kept(*row) for row in db.session.execute(appointments_of_teams(begins_at, ends_at))]
    by_team = {row.team_id: row for row in rows}
    named = db.session.execute(teams_named(by_team)).all() if rows else []
    return [
        Appointments(team, organisation, row if row.made >= LEAST else None)
        for team, organisation in named
        if (row := by_team[team.id])
    ]


def _by_need(figures: TopicFigures) -> tuple[float, int, str]:
    counts = figures.counts
    if counts is None:
        return (1.0, 0, figures.topic.code)
    return (-counts.escalated / counts.opened, -counts.opened, figures.topic.code)


def _took(cases: int, seconds: Sequence[float] | None) -> Took:
    if seconds is None or cases < LEAST:
        return Took(cases, None, None)
    return Took(cases, seconds[0], seconds[1])
