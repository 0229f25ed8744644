"""Keeps what may be expected of each queue, and watches for more than that, every five minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.queues.models import Outlook, Queue
from contactcenter.queues.surge import Watch
from contactcenter.queues.usual import HOUR, Patience, Usual, patiences, people, usual_hours

INTERVAL = timedelta(minutes=5)
INTERVALS_AN_HOUR = HOUR // INTERVAL
PATIENCE_EVERY = timedelta(hours=1)
# After a longer silence of the sweeper, what was counted before says nothing any more.
MOST_TO_CATCH_UP = HOUR


def outlooks() -> dict[int, Outlook]:
    """By queue, as last kept."""
    rows = db.session.scalars(select(Outlook).where(Outlook.centre_id == current_centre()))
    return {row.queue_id: row for row in rows}


def patience_of(queue_id: int) -> float | None:
    """Seconds, as last measured; None when too few gave up to know."""
    return db.session.scalar(
        select(Outlook.patience_seconds).where(
            Outlook.centre_id == current_centre(), Outlook.queue_id == queue_id
        )
    )


def bring_up_to_date(now: datetime) -> None:
    """Count the intervals that ended since the last time; nothing to do within one."""
    until = _interval_end(now)
    queue_ids = db.session.scalars(
        select(Queue.id).where(Queue.centre_id == current_centre(), Queue.is_active)
    ).all()
    kept = outlooks()
    due = [each for each in queue_ids if each not in kept or kept[each].counted_until < until]
    if not due:
        return
    rows = {each: kept.get(each) or _new(each, until) for each in due}
    centre = db.session.get_one(Centre, current_centre())
    _measure_patience(list(rows.values()), now, include_rehearsal=centre.rehearsing)
    _expect(rows, until, centre)


def _interval_end(now: datetime) -> datetime:
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % INTERVAL


def _new(queue_id: int, until: datetime) -> Outlook:
    row = Outlook(queue_id=queue_id, counted_until=until - INTERVAL, score=0.0, weeks=0, gave_up=0)
    db.session.add(row)
    return row


def _measure_patience(rows: Sequence[Outlook], now: datetime, *, include_rehearsal: bool) -> None:
    due = [row for row in rows if not row.patience_at or now - row.patience_at >= PATIENCE_EVERY]
    if not due:
        return
    found = patiences([row.queue_id for row in due], now, include_rehearsal=include_rehearsal)
    for row in due:
        measured = found.get(row.queue_id, Patience(None, 0))
        row.patience_seconds, row.gave_up = measured.seconds, measured.gave_up
        row.patience_at = now


def _expect(rows: dict[int, Outlook], until: datetime, centre: Centre) -> None:
    ids, played = list(rows), centre.rehearsing
    last = usual_hours(ids, until, centre.timezone, include_rehearsal=played)
    coming = usual_hours(ids, until + HOUR, centre.timezone, include_rehearsal=played)
    intervals = _last_hour(until)
    counts = people(ids, intervals, include_rehearsal=played)
    for queue_id, row in rows.items():
        usual = last.get(queue_id)
        row.expected_last_hour = usual.mean if usual else None
        row.expected_next_hour = coming[queue_id].mean if queue_id in coming else None
        row.spread, row.weeks = (usual.spread, usual.weeks) if usual else (0.0, 0)
        new = [
            counts.get((queue_id, place), 0)
            for place, (begins, _ends) in enumerate(intervals)
            if begins >= row.counted_until
        ]
        _watch(row, usual, new, until)


def _last_hour(until: datetime) -> list[tuple[datetime, datetime]]:
    """Its intervals, oldest first."""
    begins = (until - INTERVAL * back for back in range(INTERVALS_AN_HOUR, 0, -1))
    return [(each, each + INTERVAL) for each in begins]


def _watch(row: Outlook, usual: Usual | None, counts: Sequence[int], until: datetime) -> None:
    is_gap = until - row.counted_until > MOST_TO_CATCH_UP
    watch = Watch() if is_gap or usual is None else Watch(row.score, row.surge_since is not None)
    if usual is not None:
        for count in counts:
            watch = watch.after(count, usual.mean / INTERVALS_AN_HOUR, usual.spread)
    row.score, row.counted_until = watch.score, until
    row.surge_since = (row.surge_since or until) if watch.is_alarm else None
