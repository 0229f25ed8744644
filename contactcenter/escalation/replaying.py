"""How the pressing of a question would have gone by another ladder or calendar. Pure arithmetic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contactcenter.directory.rules import Hours
from contactcenter.escalation import rules
from contactcenter.escalation.rules import Rung

Turn = tuple[str, datetime]


@dataclass(frozen=True)
class Past:
    """A question as it went. `due_at` is the deadline it had, where no other calendar is tried.

    `turns` are "precision_asked", "precision" and "chase" in order; `until` is its end, or now.
    """

    asked_at: datetime
    since: datetime  # since when the answer was owed
    due_at: datetime | None
    turns: Sequence[Turn]
    until: datetime


def climbed(
    past: Past, hours: Hours, amount: timedelta, ladder: Sequence[Rung]
) -> list[tuple[int, datetime]]:
    """Which steps would have been climbed and when, had everything else come at the same moment."""
    run = _Run(past, hours, ladder, past.due_at or rules.deadline(hours, past.since, amount))
    for kind, at in past.turns:
        run.go_on(until=at)
        run.turn(kind, at)
    run.go_on(until=past.until)
    return run.steps


@dataclass
class _Run:
    past: Past
    hours: Hours
    ladder: Sequence[Rung]
    due_at: datetime | None
    left: timedelta = rules.NOTHING
    hastened_to: datetime | None = None
    steps: list[tuple[int, datetime]] = field(default_factory=list)

    def go_on(self, until: datetime) -> None:
        for at in self._ahead():
            if at > until:
                return
            self.steps.append((len(self.steps), at))
            self.hastened_to = None

    def turn(self, kind: str, at: datetime) -> None:
        if kind == "precision_asked" and self.due_at is not None:
            self.left, self.due_at = rules.remaining(self.hours, at, self.due_at), None
        elif kind == "precision" and self.due_at is None:
            self.due_at = rules.deadline(self.hours, at, self.left)
        elif kind == "chase" and (planned := next(self._ahead(), None)) is not None:
            self.hastened_to = rules.hastened(self.hours, at, planned)

    def _ahead(self) -> Iterator[datetime]:
        """The moments of the steps to come, while the clock runs."""
        while self.due_at is not None and len(self.steps) < len(self.ladder):
            owed_at = max(self.due_at, self.past.asked_at)
            planned = rules.deadline(self.hours, owed_at, self.ladder[len(self.steps)].after)
            earliest = self.steps[-1][1] if self.steps else self.past.asked_at
            yield max(self.hastened_to or planned, earliest)
