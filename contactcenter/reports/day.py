"""One queue on one day: its figures, whether they add up, and what more agents would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.languages import zone
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.interval_models import Threshold
from contactcenter.queues.interval_rows import Asked, answered_waits, tallies, thresholds
from contactcenter.queues.legs import Window
from contactcenter.queues.models import UNHURRIED, Queue
from contactcenter.queues.outcomes import FORMULAS_VERSION
from contactcenter.queues.tally import NOTHING, Tally
from contactcenter.queues.window import served, window_sessions
from contactcenter.queues.working_time import occupancy_of
from contactcenter.reports import queries
from contactcenter.reports.board import Card, card_now
from contactcenter.reports.charts import Bars, bars
from contactcenter.reports.ladder import MEASURED_OVER, Ladder, ladder

HALF_HOUR = timedelta(minutes=30)
A_WORKING_DAY = 18  # half hours


@dataclass(frozen=True)
class HalfHour:
    begins: datetime
    offered: int
    answered: int
    gave_up: int


@dataclass(frozen=True)
class Day:
    queue: Queue
    day: date
    start: datetime
    end: datetime
    at: datetime
    is_today: bool
    card: Card | None  # how it stands now; None on another day
    figures: Tally
    wait_of_nine_in_ten: int | None  # seconds
    occupancy: float | None
    counted: int  # the visits themselves, to check what was kept of them
    thresholds: tuple[Threshold, ...]  # those that judged the day, oldest first
    half_hours: tuple[HalfHour, ...]
    chart: Bars
    ladder: Ladder | None
    previous: date
    following: date | None

    @property
    def outcomes(self) -> list[tuple[str, int]]:
        """The endings that happened; those outside hours are told apart."""
        counts = self.figures.outcomes.items()
        return [(name, count) for name, count in counts if count and name != "closed"]

    @property
    def adds_up(self) -> bool:
        """Whether the outcomes and who waits are all that was offered, visit by visit."""
        ended = sum(count for _name, count in self.outcomes)
        return self.counted == ended + self.figures.waiting

    @property
    def formulas_version(self) -> int:
        return FORMULAS_VERSION

    @property
    def target_seconds(self) -> int:
        """The last one in force that day."""
        return self.thresholds[-1].threshold_seconds

    @property
    def is_unhurried(self) -> bool:
        return self.queue.kind in UNHURRIED


def look(centre: Centre, queue: Queue, wanted: date | None) -> Day:
    now = clock.now()
    today = now.astimezone(zone()).date()
    day = min(wanted or today, today)
    start, end = day_of(day, centre.timezone)
    rehearsal = centre.rehearsing
    asked = Asked(centre.id, [queue.id], start, end, include_rehearsal=rehearsal)
    quarters = tallies(asked, "begins_at")
    half_hours = _half_hours(quarters, start, end)
    shown = card_now(centre, queue, now) if day == today else None
    return Day(
        queue=queue,
        day=day,
        start=start,
        end=end,
        at=now,
        is_today=day == today,
        card=shown,
        figures=sum(quarters.values(), NOTHING),
        wait_of_nine_in_ten=answered_waits(asked, 0.9),
        occupancy=_occupancy(centre, queue, start, end, now),
        counted=db.session.scalar(queries.offered_count(asked)) or 0,
        thresholds=tuple(db.session.scalars(thresholds(queue.id, start, min(end, now)))),
        half_hours=half_hours,
        chart=bars([each.offered for each in half_hours], width=760, height=230, headroom=22),
        ladder=_ladder(queue, shown, now, include_rehearsal=rehearsal) if shown else None,
        previous=day - timedelta(days=1),
        following=day + timedelta(days=1) if day < today else None,
    )


def _occupancy(
    centre: Centre, queue: Queue, start: datetime, end: datetime, now: datetime
) -> float | None:
    window = Window.of(start, end, min(end, now), centre.timezone)
    services = served(centre.id, queue, start, end, include_rehearsal=centre.rehearsing)
    sessions = window_sessions(centre.id, start, end, queue_id=queue.id)
    share: float | None = occupancy_of(services, sessions, window)["occupancy"]
    return share


def _half_hours(
    quarters: Mapping[datetime, Tally], start: datetime, end: datetime
) -> tuple[HalfHour, ...]:
    """From the first arrival on, at least a working day, so that bars of any day compare."""
    slots = [NOTHING] * ((end - start) // HALF_HOUR)
    for begins_at, tally in quarters.items():
        slots[(begins_at - start) // HALF_HOUR] += tally
    used = [number for number, tally in enumerate(slots) if tally.offered]
    if not used:
        return ()
    last = min(len(slots), max(used[-1] + 1, used[0] + A_WORKING_DAY))
    first = max(0, min(used[0], last - A_WORKING_DAY))
    return tuple(
        HalfHour(start + number * HALF_HOUR, tally.arrived, tally.served, tally.left)
        for number, tally in enumerate(slots[first:last], first)
    )


def _ladder(queue: Queue, shown: Card, now: datetime, *, include_rehearsal: bool) -> Ladder | None:
    if queue.kind in UNHURRIED:
        return None
    experience: Any = db.session.execute(
        queries.experience(queue.id, now - MEASURED_OVER, now, include_rehearsal=include_rehearsal)
    ).one()
    return ladder(
        shown.load.hour.people,
        shown.load.agents,
        experience,
        target_seconds=queue.threshold_seconds,
        erlangs_elsewhere=shown.load.erlangs_elsewhere,
    )
