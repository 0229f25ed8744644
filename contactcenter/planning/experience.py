"""What recent weeks taught about a queue: its demand, its services, and the patience of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.planning import queries
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.forecast import Forecast
from contactcenter.queues.models import UNHURRIED, Queue, QueueKind
from contactcenter.queues.past_demand import SLOTS, PastDemand
from contactcenter.queues.patience import MeanPatience, Survival, mean_patience
from contactcenter.queues.silent_leavers import survival_with_silent

HALF_HOUR = timedelta(minutes=30)
MEASURED_OVER = timedelta(days=28)
FEWEST_SERVICES = 5
# Waits are told apart by so many seconds.
UNITS = {QueueKind.PHONE: 1, QueueKind.COUNTER: 15, QueueKind.CONSULT: 1}
WRITTEN_UNIT = 3600


@dataclass(frozen=True)
class Patience:
    """`curve` in units of `unit` seconds; `left` gave up, `gone` were found gone, `stayed` not."""

    curve: Survival
    unit: int
    mean: MeanPatience | None
    left: int
    gone: int
    stayed: int

    def share_after(self, seconds: float) -> float:
        return self.curve.at(int(seconds // self.unit))

    def known_until(self, seconds: float) -> float:
        """The last departure, where it is sooner: the curve says nothing beyond it."""
        waits = self.curve.waits
        return min(seconds, waits[-1] * self.unit) if waits else seconds

    def restricted_mean(self, seconds: float) -> float:
        return self.unit * self.curve.restricted_mean(seconds / self.unit)

    @property
    def seconds(self) -> float | None:
        """Mean for Erlang A; without departures the least it can be."""
        if self.mean is None:
            return None
        return self.mean.seconds if self.mean.seconds is not None else self.mean.low


@dataclass(frozen=True)
class Handling:
    services: int
    seconds: float
    cv: float  # coefficient of variation of one service


class Experience:
    """Of one queue, for one day, read when first asked for."""

    def __init__(self, centre: Centre, queue: Queue, day: date | None = None) -> None:
        self.centre, self.queue = centre, queue
        self.now = clock.now()
        self.zone = ZoneInfo(centre.timezone)
        self.today = self.now.astimezone(self.zone).date()
        self.day = day or self.today

    @property
    def unit(self) -> int:
        return WRITTEN_UNIT if self.queue.kind in UNHURRIED else UNITS[self.queue.kind]

    @cached_property
    def patience(self) -> Patience:
        rows = db.session.execute(
            queries.waits(
                self.queue.id,
                self.now - MEASURED_OVER,
                self.now,
                self.unit,
                include_rehearsal=self.centre.rehearsing,
            )
        ).all()
        by_how: dict[str, list[int]] = {"left": [], "gone": [], "stayed": []}
        for how, wait, people in rows:
            by_how[how] += [wait] * people
        left, gone, stayed = by_how.values()
        # Half a unit more: a wait of 30 s is one of 30 to 31. Who was found gone left half-way.
        waited = sum(left) + sum(stayed) + sum(gone) / 2 + (len(left) + len(stayed)) / 2
        mean = mean_patience(len(left) + len(gone), waited * self.unit)
        curve = survival_with_silent(left, stayed, gone)
        return Patience(curve, self.unit, mean, len(left), len(gone), len(stayed))

    @cached_property
    def handling(self) -> Handling | None:
        """None with fewer than five services to know it from."""
        found = db.session.execute(
            queries.handling(
                self.queue.id,
                self.now - MEASURED_OVER,
                self.now,
                include_rehearsal=self.centre.rehearsing,
            )
        ).one()
        if found.services < FEWEST_SERVICES or not found.mean:
            return None
        mean = float(found.mean)
        return Handling(found.services, mean, min(3.0, max(0.1, float(found.spread) / mean)))

    @cached_property
    def demand(self) -> PastDemand:
        return PastDemand(self.centre, self.queue, self.day, self.now)

    @cached_property
    def forecast(self) -> Forecast | None:
        """With what has come so far when it is today; None with too few days like it."""
        told = self.demand.expectation
        return told.after(self.seen if self.day == self.today else ()) if told else None

    @property
    def seen(self) -> Sequence[int]:
        """People who came in the half-hours of the day that are over."""
        midnight, _end = day_of(self.day, self.centre.timezone)
        return self.demand.counts[: max(0, min(SLOTS, (self.now - midnight) // HALF_HOUR))]


def begins(day: date, slot: int, timezone: str) -> datetime:
    """The moment a half-hour of the local day begins, by the clock on the wall."""
    local = datetime.combine(day, time(slot // 2, slot % 2 * 30), ZoneInfo(timezone))
    return local.astimezone(UTC)
