"""One queue on one day: its figures, whether they add up, and what more agents would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.languages import zone
from contactcenter.queues.figures import Figures, reconciles, report
from contactcenter.queues.legs import Window
from contactcenter.queues.measures import day_of
from contactcenter.queues.models import UNHURRIED, Queue, Source
from contactcenter.queues.rows import VisitRow
from contactcenter.queues.window import window_rows, window_sessions
from contactcenter.reports import queries
from contactcenter.reports.board import Card, card_now
from contactcenter.reports.charts import Bars, bars
from contactcenter.reports.formulas import ServiceLevel, service_levels
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
    figures: Figures
    people: Figures  # the same without those who came back after being set aside
    adds_up: bool
    levels: tuple[ServiceLevel, ...]
    half_hours: tuple[HalfHour, ...]
    chart: Bars
    ladder: Ladder | None
    previous: date
    following: date | None

    @property
    def outcomes(self) -> list[tuple[str, int]]:
        """The endings that happened; those outside hours are told apart."""
        counts = self.figures["outcomes"].items()
        return [(name, count) for name, count in counts if count and name != "closed"]

    @property
    def returned(self) -> int:
        return int(self.figures["legs_offered"] - self.people["legs_offered"])

    @property
    def closed(self) -> int:
        return int(self.figures["outcomes"]["closed"])

    @property
    def is_unhurried(self) -> bool:
        return self.queue.kind in UNHURRIED


def look(centre: Centre, queue: Queue, wanted: date | None) -> Day:
    now = clock.now()
    today = now.astimezone(zone()).date()
    day = min(wanted or today, today)
    start, end = day_of(day, centre.timezone)
    rehearsal = centre.rehearsing
    rows = window_rows(centre.id, start, end, queue_id=queue.id, include_rehearsal=rehearsal)
    sessions = window_sessions(centre.id, start, end, queue_id=queue.id)
    target = timedelta(seconds=queue.threshold_seconds)
    seen = min(end, now)

    def told(counted: Sequence[VisitRow]) -> Figures:
        asked = {"targets": {queue.name: target}}
        every = report(counted, sessions, start, end, centre.timezone, seen, **asked)
        return every.get(f"queue:{queue.name}", every["all"])

    figures = told(rows)
    first_stays = [row for row in rows if row.source != Source.RETURN or row.leg == 1]
    people = figures if len(first_stays) == len(rows) else told(first_stays)
    half_hours = _half_hours(people, start)
    shown = card_now(centre, queue, now) if day == today else None
    return Day(
        queue=queue,
        day=day,
        start=start,
        end=end,
        at=now,
        is_today=day == today,
        card=shown,
        figures=figures,
        people=people,
        adds_up=reconciles(figures),
        levels=service_levels(rows, Window.of(start, end, seen, centre.timezone), target),
        half_hours=half_hours,
        chart=bars([each.offered for each in half_hours], width=760, height=230, headroom=22),
        ladder=_ladder(queue, shown, now, include_rehearsal=rehearsal) if shown else None,
        previous=day - timedelta(days=1),
        following=day + timedelta(days=1) if day < today else None,
    )


def _half_hours(figures: Figures, start: datetime) -> tuple[HalfHour, ...]:
    """From the first arrival on, at least a working day, so that bars of any day compare."""
    slots = figures["half_hours_offered_answered_within20_abandoned"]
    used = [number for number, (offered, *_others) in enumerate(slots) if offered]
    if not used:
        return ()
    last = min(len(slots), max(used[-1] + 1, used[0] + A_WORKING_DAY))
    first = max(0, min(used[0], last - A_WORKING_DAY))
    return tuple(
        HalfHour(start + number * HALF_HOUR, offered, answered, gave_up)
        for number, (offered, answered, _prompt, gave_up) in enumerate(slots[first:last], first)
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
    )
