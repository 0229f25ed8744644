"""Figures of the database for whoever shows them: a queue now, and any stretch of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, text

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.queues.civil_days import midnight
from contactcenter.queues.demand import Answers
from contactcenter.queues.figures import Figures, report
from contactcenter.queues.interval_models import Threshold, overlaps
from contactcenter.queues.intervals import by_interval
from contactcenter.queues.load import Load, loads, observed
from contactcenter.queues.menu_calls import menu_calls
from contactcenter.queues.models import Queue
from contactcenter.queues.outcomes import FORMULAS_VERSION
from contactcenter.queues.outlook import outlooks
from contactcenter.queues.saturation import saturation
from contactcenter.queues.window import answers_elsewhere, window_rows, window_sessions

OF_QUEUE = Threshold.queue_id == Queue.id


def window_figures(
    centre_id: int,
    start: datetime,
    end: datetime,
    timezone: str,
    queue_id: int | None = None,
    *,
    include_rehearsal: bool = False,
    by: Sequence[str] = (),
) -> dict[str, Figures]:
    """Every figure of what arrived in [start, end), for `all` and for each `queue:NAME`.

    `all` of the whole centre also tells the calls that ended in a menu, which reached no queue.
    Also for each group in the `RESPECTS` named by `by`: `team:NAME`, `channel:phone`...
    """
    rows = window_rows(
        centre_id, start, end, queue_id=queue_id, include_rehearsal=include_rehearsal, by=by
    )
    sessions = window_sessions(centre_id, start, end, queue_id=queue_id, breaks=True)
    known = min(end, clock.now())
    asked = (start, end, timezone, known)
    judged = _thresholds(centre_id, start, end)  # before the long work: no question comes after it
    in_menus = menu_calls(centre_id, start, end, include_rehearsal=include_rehearsal)
    elsewhere = _elsewhere(centre_id, queue_id, start, end, include_rehearsal=include_rehearsal)
    _think_long()
    told = report(rows, sessions, *asked, targets=targets(centre_id, known), elsewhere=elsewhere)
    if queue_id is None:
        told["all"] |= in_menus.counts
    for name, figures in told.items():
        figures["formulas_version"] = FORMULAS_VERSION
        if name in judged:
            figures["thresholds"] = judged[name]
    return told


def _elsewhere(
    centre_id: int, queue_id: int | None, start: datetime, end: datetime, *, include_rehearsal: bool
) -> Answers:
    """Answers of the queues that are not asked about; none where all are."""
    if queue_id is None:
        return {}
    return answers_elsewhere(centre_id, queue_id, start, end, include_rehearsal=include_rehearsal)


def interval_figures(
    centre_id: int,
    start: datetime,
    end: datetime,
    timezone: str,
    step: timedelta,
    queue_id: int | None = None,
    *,
    include_rehearsal: bool = False,
    by: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """The same for each `step` of the window."""
    rows = window_rows(
        centre_id, start, end, queue_id=queue_id, include_rehearsal=include_rehearsal, by=by
    )
    sessions = window_sessions(centre_id, start, end, queue_id=queue_id, breaks=True)
    known = min(end, clock.now())
    aims = targets(centre_id, known)
    _think_long()
    return by_interval(rows, sessions, start, end, timezone, step, known, targets=aims)


def _think_long() -> None:
    """What follows is arithmetic on many rows: a busy machine must not be cut off in it.

    A transaction that only reads, and asks nothing, stands in nobody's way.
    """
    db.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


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


def targets(centre_id: int, at: datetime) -> dict[str, timedelta]:
    """The target of each queue by its name, as it was then."""
    found = db.session.execute(
        select(Queue.name, Threshold.threshold_seconds)
        .join(Threshold, and_(Threshold.centre_id == Queue.centre_id, OF_QUEUE))
        .where(
            Queue.centre_id == centre_id,
            Threshold.valid_from <= at,
            or_(Threshold.valid_until.is_(None), Threshold.valid_until > at),
        )
    )
    return {name: timedelta(seconds=seconds) for name, seconds in found}


def _thresholds(centre_id: int, start: datetime, end: datetime) -> dict[str, list[dict[str, Any]]]:
    """By `queue:NAME` the versions that judged what arrived in the window."""
    found = db.session.execute(
        select(Queue.name, Threshold)
        .join(Threshold, and_(Threshold.centre_id == Queue.centre_id, OF_QUEUE))
        .where(Queue.centre_id == centre_id, overlaps(start, end))
        .order_by(Threshold.version)
    )
    told: dict[str, list[dict[str, Any]]] = {}
    for name, version in found:
        told.setdefault(f"queue:{name}", []).append(
            {
                "version": version.version,
                "valid_from": version.valid_from.isoformat(),
                "threshold_seconds": version.threshold_seconds,
                "short_seconds": version.short_seconds,
            }
        )
    return told


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
