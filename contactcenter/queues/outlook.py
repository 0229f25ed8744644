"""Keeps what may be expected of each queue, and watches for more than that, every five minutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.queues import demand_rows, expected
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.models import Outlook, Queue
from contactcenter.queues.patience_rows import Patience, patiences
from contactcenter.queues.surge import LEAST_SPREAD, Watch

HOUR = timedelta(hours=1)
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


def measure_again() -> None:
    """A past came in from elsewhere: patience is measured anew at the next occasion."""
    everybody = update(Outlook).where(Outlook.centre_id == current_centre())
    db.session.execute(everybody.values(patience_at=None))


def bring_up_to_date(now: datetime) -> None:
    """Forecast the days that are not yet, and count what ended since the last time."""
    until = _interval_end(now)
    queue_ids = db.session.scalars(
        select(Queue.id).where(Queue.centre_id == current_centre(), Queue.is_active)
    ).all()
    centre = db.session.get_one(Centre, current_centre())
    expected.keep_days(queue_ids, now, centre)
    kept = outlooks()
    due = [each for each in queue_ids if each not in kept or kept[each].counted_until < until]
    if not due:
        return
    rows = {each: kept.get(each) or _new(each, until) for each in due}
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
    """The last hour as it was forecast, the next one also by what the day has brought so far.

    A rehearsal is played at any hour: where nobody usually comes, who is played is no surge.
    """
    ids, zone = list(rows), centre.timezone
    days = expected.days_around(ids, until, zone)
    updates = expected.rest_of_today(days, ids, until, centre)
    counts = _counts(ids, until, include_rehearsal=centre.rehearsing)
    ends_today = min(until + HOUR, day_of(until.astimezone(ZoneInfo(zone)).date(), zone)[1])
    for queue_id, row in rows.items():
        usual = expected.people(days, queue_id, until - HOUR, until, zone)
        row.expected_last_hour = usual
        # What the day has brought so far says nothing of the day after.
        today = expected.people(days, queue_id, until, ends_today, zone)
        after = expected.people(days, queue_id, ends_today, until + HOUR, zone)
        row.expected_next_hour = (
            None if today is None or after is None else today * updates.get(queue_id, 1.0) + after
        )
        told = days.get((queue_id, until.astimezone(ZoneInfo(zone)).date()))
        row.spread, row.weeks = (told.cv, told.days) if told else (0.0, 0)
        new = [
            (counts.get((queue_id, ends), 0), expected.people(days, queue_id, begins, ends, zone))
            for begins, ends in _last_hour(until)
            if begins >= row.counted_until
        ]
        _watch(row, new, until, is_compared=bool(usual) or not centre.rehearsing)


def _last_hour(until: datetime) -> list[tuple[datetime, datetime]]:
    """Its intervals, oldest first."""
    begins = (until - INTERVAL * back for back in range(INTERVALS_AN_HOUR, 0, -1))
    return [(each, each + INTERVAL) for each in begins]


def _counts(
    queue_ids: Sequence[int], until: datetime, *, include_rehearsal: bool
) -> dict[tuple[int, datetime], int]:
    """New demands by queue and the end of the interval they came in."""
    came = demand_rows.demands(queue_ids, until - HOUR, until, include_rehearsal=include_rehearsal)
    ends = func.date_bin(INTERVAL, came.c.entered_at, until - HOUR) + INTERVAL
    asked = select(came.c.queue_id, ends, func.count()).group_by(came.c.queue_id, ends)
    return {(queue_id, at): count for queue_id, at, count in db.session.execute(asked)}


def _watch(
    row: Outlook, new: Sequence[tuple[int, float | None]], until: datetime, *, is_compared: bool
) -> None:
    is_gap = until - row.counted_until > MOST_TO_CATCH_UP
    known = [(count, usual) for count, usual in new if usual is not None and is_compared]
    is_known = is_compared and not is_gap and row.expected_last_hour is not None
    watch = Watch(row.score, row.surge_since is not None) if is_known else Watch()
    for count, usual in known:
        watch = watch.after(count, usual, max(LEAST_SPREAD, row.spread))
    row.score, row.counted_until = watch.score, until
    row.surge_since = (row.surge_since or until) if watch.is_alarm else None
