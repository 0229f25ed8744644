"""What a trial of a ladder found, as its page shows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contactcenter.db import db
from contactcenter.escalation import trial_queries
from contactcenter.escalation.alerts import MOST_A_DAY
from contactcenter.escalation.ladder import SEVERITY
from contactcenter.escalation.models import Press
from contactcenter.escalation.trial_models import LadderTrial
from contactcenter.escalation.words import PRESSED


@dataclass(frozen=True)
class Line:
    """One step of one team: how often it was climbed, how often it would have been."""

    team: str
    who: str
    real: int
    tried: int
    busiest: int  # on one day, as tried

    @property
    def is_grouped(self) -> bool:
        """More than a person gets one by one: the rest of such a day is told in one letter."""
        return self.busiest > MOST_A_DAY


@dataclass(frozen=True)
class Found:
    lines: Sequence[Line]
    days: Sequence[tuple[date, int, int]]
    questions_real: int
    questions_tried: int

    @property
    def real(self) -> int:
        return sum(line.real for line in self.lines)

    @property
    def tried(self) -> int:
        return sum(line.tried for line in self.lines)


def found_by(trial: LadderTrial) -> Found:
    names = {team.id: team.name for team in db.session.scalars(trial_queries.all_teams())}
    lines, days = [], {"real": Counter[str](), "tried": Counter[str]()}
    kept = trial.tally.get("lines", {})
    for key in sorted(kept, key=lambda key: _order(key, names)):
        team_id, press = _of(key)
        real, tried = kept[key].get("real", {}), kept[key].get("tried", {})
        days["real"].update(real)
        days["tried"].update(tried)
        busiest = max(tried.values(), default=0)
        who = str(PRESSED[press])
        lines.append(
            Line(names.get(team_id, ""), who, sum(real.values()), sum(tried.values()), busiest)
        )
    questions = trial.tally.get("questions", {})
    return Found(
        lines=lines,
        days=[
            (date.fromisoformat(day), days["real"][day], days["tried"][day])
            for day in sorted(days["real"] | days["tried"], reverse=True)
        ],
        questions_real=questions.get("real", 0),
        questions_tried=questions.get("tried", 0),
    )


def _of(key: str) -> tuple[int, Press]:
    team_id, _colon, press = key.partition(":")
    return int(team_id), Press(press)


def _order(key: str, names: dict[int, str]) -> tuple[str, int]:
    team_id, press = _of(key)
    return names.get(team_id, ""), SEVERITY[press]
