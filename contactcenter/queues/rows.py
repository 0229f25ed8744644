"""Plain rows that figures are computed from, whether they come from the database or from a log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contactcenter.queues.outcomes import Outcome, entered_line, was_lost

NO_WAIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One stay of one thing in one queue. Moments carry their time zone.

    `interaction` is the citizen's demand, shared by the legs of one contact. `outcome` is None
    while waiting. `caller` is a pseudonymous key of the person where one is known. `promised_at`
    is the end of the time promised to a called-back citizen, tolerance included. `due_at` is when
    the queue's own target ran out, in the version in force at the arrival. `open_wait` is the wait
    counted in the place's open hours, where targets are meant so (mail). `held` is the part of the
    service spent on hold. `groups` are the groups it is counted in beside its queue, `team:NAME`
    for instance.
    """

    queue: str
    channel: str
    source: str
    interaction: str
    leg: int
    entered_at: datetime
    answered_at: datetime | None = None
    left_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    agent: str | None = None
    transferred: bool = False
    in_progress: bool = False
    caller: str | None = None
    chosen: bool = False  # a diversion the citizen asked for
    promised_at: datetime | None = None
    due_at: datetime | None = None
    open_wait: timedelta | None = None
    held: timedelta = NO_WAIT
    groups: tuple[str, ...] = ()

    @property
    def wait_ended_at(self) -> datetime | None:
        """When the citizen stopped waiting; None while they do."""
        if self.outcome is None:
            return None
        return self.left_at or self.answered_at or self.entered_at

    @property
    def wait(self) -> timedelta | None:
        """Time in line; None while it lasts."""
        until = self.wait_ended_at
        return None if until is None else until - self.entered_at

    @property
    def entered_line(self) -> bool:
        return entered_line(self.outcome, waited=self.wait != NO_WAIT)

    @property
    def was_lost(self) -> bool:
        return was_lost(self.outcome, chosen=self.chosen)


@dataclass(frozen=True, slots=True)
class AgentSession:
    """A stretch in which an agent could be given work; `queue` is None for one who serves any.

    Not `ready`: a break or a meeting, part of the time that is paid and in which nothing is given.
    """

    agent: str
    queue: str | None
    login: datetime
    logout: datetime | None
    ready: bool = True
