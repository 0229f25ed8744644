"""Try a ladder, a calendar or a routing on the questions of the last month; nothing is sent.

Each question is gone through again with the turns it had: when it was put, what was asked back,
when the agent asked again, when it ended. What comes out is counted beside what really happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import Json, db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.escalation import ladder, trial_queries
from contactcenter.escalation.calendars import answer_time
from contactcenter.escalation.chain_queries import turns_of
from contactcenter.escalation.ladder import Step
from contactcenter.escalation.models import LadderStep, Press, Referral
from contactcenter.escalation.replaying import Past, Turn, climbed
from contactcenter.escalation.sweep_queries import all_steps
from contactcenter.escalation.trial_models import LadderTrial, Tried
from contactcenter.stretches import LOOKS_BACK, Walk, whole

MOST_QUESTIONS = 50_000
CALENDAR = ("hours", "timezone", "country", "region", "answer_minutes")


def begin(
    kind: Tried, name: str, content: Json, *, by: Person, entry_id: int | None = None
) -> LadderTrial:
    """Try an entry of the directory as it would be in the place of the one with this id."""
    since = clock.now() - LOOKS_BACK
    db.session.execute(trial_queries.forget_trials(since))
    total, newest = db.session.execute(trial_queries.to_try(since, MOST_QUESTIONS)).one()
    return WALK.begin(
        LadderTrial(
            kind=kind,
            entry_id=entry_id,
            name=name,
            content=content,
            person_id=by.id,
            tally={},
            **whole(since, total, newest),
        )
    )


def _look(trial: LadderTrial, most: int) -> Sequence[int]:
    asked = db.session.scalars(trial_queries.stretch(trial, most)).all()
    house, tally = _House.of(trial), _Tally(trial.tally)
    ids = [each.id for each in asked]
    turns = _turns(ids)
    for referral in asked:
        _replay(referral, turns.get(referral.id, ()), house, tally)
    known = {each.id: each for each in asked}
    for pressing in db.session.scalars(trial_queries.pressed(ids)) if ids else ():
        referral, at = known[pressing.referral_id], pressing.pressed_at or pressing.planned_at
        tally.count("real", house.teams[referral.team_id], referral, pressing.press, at)
    trial.tally = tally.as_stored()
    return ids


WALK = Walk(LadderTrial, "escalation.try_ladder", "ladder-trial", _look)


def _turns(referral_ids: Sequence[int]) -> Mapping[int, list[Turn]]:
    found: dict[int, list[Turn]] = {}
    for referral_id, kind, at in db.session.execute(turns_of(referral_ids, "chase")):
        found.setdefault(referral_id, []).append((kind, at))
    return found


@dataclass(frozen=True)
class _House:
    """Teams, ladders and routing as they would be."""

    teams: Mapping[int, Team]
    changed: Team | None  # a team with another calendar
    steps: Sequence[LadderStep]
    topic_id: int | None
    topic_teams: Sequence[int]

    @classmethod
    def of(cls, trial: LadderTrial) -> "_House":
        teams = {team.id: team for team in db.session.scalars(trial_queries.all_teams())}
        is_topic, is_team = trial.kind is Tried.TOPIC, trial.kind is Tried.TEAM
        return cls(
            teams=teams,
            changed=_team_as_tried(teams[trial.entry_id or 0], trial) if is_team else None,
            steps=_steps_as_tried(trial),
            topic_id=trial.entry_id if is_topic else None,
            topic_teams=trial.content["teams"] if is_topic else (),
        )

    def team_of(self, referral: Referral) -> Team:
        team_id = referral.team_id
        if self.topic_id is not None and referral.topic_id == self.topic_id and self.topic_teams:
            team_id = team_id if team_id in self.topic_teams else self.topic_teams[0]
        if self.changed is not None and self.changed.id == team_id:
            return self.changed
        return self.teams[team_id]

    def ladder_of(self, team: Team, topic_id: int | None) -> Sequence[Step]:
        return ladder.chosen(self.steps, team.organisation_id, topic_id)


def _team_as_tried(team: Team, trial: LadderTrial) -> Team:
    """A copy that no session knows, with the calendar that is tried."""
    calendar = {name: trial.content[name] for name in CALENDAR}
    return Team(id=team.id, organisation_id=team.organisation_id, name=team.name, **calendar)


def _steps_as_tried(trial: LadderTrial) -> Sequence[LadderStep]:
    kept = [each for each in db.session.scalars(all_steps()) if not _is_replaced(each, trial)]
    if trial.kind is Tried.LADDER:
        content = trial.content | {"press": Press(trial.content["press"])}
        kept.append(LadderStep(id=trial.entry_id or 0, **content))
    return sorted(kept, key=lambda step: (step.after_minutes, step.id))


def _is_replaced(step: LadderStep, trial: LadderTrial) -> bool:
    return trial.kind in (Tried.LADDER, Tried.WITHOUT) and step.id == trial.entry_id


def _replay(referral: Referral, turns: Sequence[Turn], house: _House, tally: "_Tally") -> None:
    team = house.team_of(referral)
    steps = house.ladder_of(team, referral.topic_id)
    is_as_it_was = team is house.teams[referral.team_id] and not turns
    past = Past(
        asked_at=referral.asked_at,
        since=referral.clock_from or referral.asked_at,
        due_at=referral.due_at if is_as_it_was else None,
        turns=turns,
        until=referral.closed_at or clock.now(),
    )
    for number, at in climbed(past, hours_of(team), answer_time(team), steps):
        tally.count("tried", team, referral, steps[number].press, at)


@dataclass
class _Tally:
    """How often each step of a team was climbed, really and as tried, by day at the team's place.

    Kept as `{"lines": {"team:press": {"real": {day: n}, "tried": {day: n}}}, "questions": {...}}`.
    """

    kept: Json
    lines: dict[str, dict[str, dict[str, int]]] = field(init=False)
    questions: dict[str, int] = field(init=False)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        lines: dict[str, Any] = self.kept.get("lines", {})
        self.lines = {key: {w: dict(d) for w, d in each.items()} for key, each in lines.items()}
        self.questions = {"real": 0, "tried": 0, **self.kept.get("questions", {})}

    def count(self, which: str, team: Team, about: Referral, press: Press, at: datetime) -> None:
        day = at.astimezone(ZoneInfo(team.timezone)).date().isoformat()
        days = self.lines.setdefault(f"{team.id}:{press}", {}).setdefault(which, {})
        days[day] = days.get(day, 0) + 1
        if (which, about.id) not in self._seen:
            self._seen.add((which, about.id))
            self.questions[which] += 1

    def as_stored(self) -> Json:
        return {"lines": self.lines, "questions": self.questions}
