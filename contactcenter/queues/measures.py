"""Figures of the database for whoever shows them: a queue now, and any stretch of time."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.queues.figures import Figures, report
from contactcenter.queues.intervals import by_interval
from contactcenter.queues.load import Load, loads, observed
from contactcenter.queues.models import Queue
from contactcenter.queues.outlook import outlooks
from contactcenter.queues.saturation import saturation
from contactcenter.queues.window import window_rows, window_sessions


def window_figures(
    centre_id: int,
    start: datetime,
    end: datetime,
    timezone: str,
    queue_id: int | None = None,
    *,
    include_rehearsal: bool = False,
) -> dict[str, Figures]:
    """Every figure of what arrived in [start, end), for `all` and for each `queue:NAME`."""
    rows = window_rows(
        centre_id, start, end, queue_id=queue_id, include_rehearsal=include_rehearsal
    )
    sessions = window_sessions(centre_id, start, end, queue_id=queue_id)
    known = min(end, clock.now())
    return report(rows, sessions, start, end, timezone, known, targets=targets(centre_id))


def interval_figures(
    centre_id: int,
    start: datetime,
    end: datetime,
    timezone: str,
    step: timedelta,
    queue_id: int | None = None,
    *,
    include_rehearsal: bool = False,
) -> list[dict[str, Any]]:
    """The same for each `step` of the window."""
    rows = window_rows(
        centre_id, start, end, queue_id=queue_id, include_rehearsal=include_rehearsal
    )
    sessions = window_sessions(centre_id, start, end, queue_id=queue_id)
    known = min(end, clock.now())
    return by_interval(
        rows, sessions, start, end, timezone, step, known, targets=targets(centre_id)
    )


def load_now(queue: Queue) -> dict[str, Any]:
    """How one queue stands, in plain numbers; saturation as computed at this moment."""
    centre = db.session.get_one(Centre, queue.centre_id)
    now = clock.now()
    load = loads(
        centre.id,
        [queue.id],
        now,
        midnight(now, centre.timezone),
        include_rehearsal=centre.rehearsing,
    )[queue.id]
    full = saturation(observed(queue, load, now, outlooks().get(queue.id)))
    return {
        "queue": queue.name,
        "at": now.isoformat(),
        "waiting": load.waiting,
        "longest_wait_seconds": load.longest_seconds(now),
        "agents_ready": load.ready,
        "agents_busy": load.busy,
        "agents_wrap_up": load.wrap_up,
        "agents_on_break": load.on_break,
        "level": full.level.name.lower(),
        "reason": full.reason,
        "reason_numbers": dict(full.numbers),
        "last_hour": _plain(load, "hour"),
        "today": _plain(load, "today"),
    }


def targets(centre_id: int) -> dict[str, timedelta]:
    """The target of each queue by its name."""
    found = db.session.execute(
        select(Queue.name, Queue.threshold_seconds).where(Queue.centre_id == centre_id)
    )
    return {name: timedelta(seconds=seconds) for name, seconds in found}


def midnight(at: datetime, timezone: str) -> datetime:
    """The moment the local day of `at` began."""
    return day_of(at.astimezone(ZoneInfo(timezone)).date(), timezone)[0]


def day_of(day: date, timezone: str) -> tuple[datetime, datetime]:
    """The local civil day [begin, end): 23 or 25 hours long when the clocks change."""
    zone = ZoneInfo(timezone)
    begin, end = (
        datetime.combine(each, time(), zone).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    return begin, end


def _plain(load: Load, stretch: str) -> dict[str, Any]:
    counts = getattr(load, stretch)
    return {
        "arrived": counts.arrived,
        "returned": counts.returned,
        "answered": counts.answered,
        "served": counts.served,
        "abandoned": counts.gave_up,
        "lost": counts.lost,
        "on_time": counts.on_time,
        "owed": counts.due,
        "service_level": counts.service_level,
        "mean_handling_seconds": counts.mean_handling,
    }
