"""The figures that can be told from counts alone, of any set of visits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

from contactcenter.queues.legs import rate
from contactcenter.queues.outcomes import (
    COUNTS,
    GAVE_UP,
    LEFT_EARLY,
    LOST,
    OFFERED,
    OWED,
    REFUSED,
    STAYED_TO_THE_END,
    Outcome,
)
from contactcenter.queues.spans import SECOND


@dataclass(frozen=True)
class Cell:
    """Visits of one outcome; see `VisitInterval` for the words. `moved_in` came by transfer,
    `returned` came back after being set aside, or was called back (`called_back`): the same
    person's next stay.
    """

    visits: int = 0
    lined_up: int = 0
    in_person: int = 0
    on_time: int = 0
    transferred: int = 0
    in_progress: int = 0
    handled: int = 0
    wait_us: int = 0
    handling_us: int = 0
    held_us: int = 0
    moved_in: int = 0
    returned: int = 0
    called_back: int = 0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(*(getattr(self, name) + getattr(other, name) for name in _NAMES))


_NAMES = tuple(field.name for field in fields(Cell))
NONE = Cell()


@dataclass(frozen=True)
class Share:
    """A part of a whole, both always shown."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return rate(self.part, self.whole)


@dataclass(frozen=True)
class Tally:
    """Counts by outcome; None still waits. Every figure is a sum over some outcomes."""

    cells: Mapping[Outcome | None, Cell]

    def __add__(self, other: "Tally") -> "Tally":
        names = self.cells.keys() | other.cells.keys()
        return Tally({name: self.of(name) + other.of(name) for name in names})

    def of(self, outcome: Outcome | None) -> Cell:
        return self.cells.get(outcome, NONE)

    @property
    def without_waits(self) -> "Tally":
        """The same visits, none of which a mean wait is told of."""
        return Tally(
            {name: replace(cell, in_person=0, wait_us=0) for name, cell in self.cells.items()}
        )

    @property
    def outcomes(self) -> dict[str, int]:
        return {outcome.value: self.of(outcome).visits for outcome in COUNTS}

    @property
    def waiting(self) -> int:
        return self.of(None).visits

    @property
    def closed(self) -> int:
        return self.of(Outcome.CLOSED).visits

    @property
    def offered(self) -> int:
        return self._sum(OFFERED, "visits") + self.waiting

    @property
    def returned(self) -> int:
        return self._sum((*OFFERED, None), "returned")

    @property
    def arrived(self) -> int:
        return self.offered - self.returned

    @property
    def served(self) -> int:
        """Answered, each person once."""
        answered = self.of(Outcome.ANSWERED)
        return answered.visits - answered.returned + answered.called_back

    @property
    def left(self) -> int:
        """Gave up, at once or later, each person once."""
        return self._sum(LEFT_EARLY, "visits") - self._sum(LEFT_EARLY, "returned")

    @property
    def answered(self) -> int:
        return self.of(Outcome.ANSWERED).visits

    @property
    def handled(self) -> int:
        """Services that are over, also where the citizen was then sent on."""
        return self.of(Outcome.ANSWERED).handled

    @property
    def short(self) -> int:
        return self.of(Outcome.ABANDONED_SHORT).visits

    @property
    def gave_up(self) -> int:
        return self._sum(GAVE_UP, "visits")

    @property
    def blocked(self) -> int:
        """Refused at joining: of those who were refused, all that never stood in line."""
        return self._sum(REFUSED, "visits") - self._sum(REFUSED, "lined_up")

    @property
    def owed(self) -> int:
        return self._sum(OWED, "visits")

    @property
    def lost(self) -> Share:
        return Share(self._sum(LOST, "visits"), self.offered - self.short)

    @property
    def lost_after_transfer(self) -> int:
        return self._sum(LOST, "moved_in")

    @property
    def abandonment(self) -> Share:
        """Gave up among those who stood in line to the end, without who left at once."""
        return Share(self.gave_up, self._sum(STAYED_TO_THE_END, "lined_up"))

    @property
    def on_time(self) -> Share:
        """Our service level: on time among all to whom an answer was due."""
        return Share(self._prompt, self.owed)

    @cached_property
    def service_levels(self) -> dict[str, Share]:
        """Ours; answered only; with those who gave up in time as good; without who left at once.

        Source: `apps/app_queue.c` of Asterisk for the second and third, the default of Genesys
        Cloud for the fourth.
        """
        left = self._sum(LEFT_EARLY, "visits")
        left_soon = self._sum(LEFT_EARLY, "on_time")
        return {
            "ours": self.on_time,
            "asterisk": Share(self._prompt, self.answered),
            "asterisk_2": Share(self._prompt + left_soon, self.answered + left),
            "genesys": Share(self._prompt, self.answered + left - self.short),
        }

    @property
    def asa_seconds(self) -> float | None:
        return self._mean((Outcome.ANSWERED,))

    @property
    def mean_wait_abandoned_seconds(self) -> float | None:
        return self._mean(LEFT_EARLY)

    @property
    def mean_handling_seconds(self) -> float | None:
        answered = self.of(Outcome.ANSWERED)
        return rate(answered.handling_us, answered.handled * SECOND)

    @property
    def mean_held_seconds(self) -> float | None:
        """On hold, on average over all services that are over: a part of the handling."""
        answered = self.of(Outcome.ANSWERED)
        return rate(answered.held_us, answered.handled * SECOND)

    @property
    def handling_seconds(self) -> float:
        return self.of(Outcome.ANSWERED).handling_us / SECOND

    @property
    def _prompt(self) -> int:
        return self.of(Outcome.ANSWERED).on_time

    def _mean(self, outcomes: Iterable[Outcome]) -> float | None:
        among = tuple(outcomes)
        return rate(self._sum(among, "wait_us"), self._sum(among, "in_person") * SECOND)

    def _sum(self, outcomes: Iterable[Outcome | None], name: str) -> int:
        return sum(getattr(self.of(outcome), name) for outcome in outcomes)


NOTHING = Tally({})
