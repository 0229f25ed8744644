"""The forecasts of days, made once and kept, and how many people they expect at any time.

Made the day before, or as soon as enough is known. What came since is no part of what is kept: an
alarm that went by it would follow the surge that it is meant to see.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.queues import demand_rows
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.forecast import Expectation
from contactcenter.queues.forecast_models import DayForecast
from contactcenter.queues.models import Queue
from contactcenter.queues.past_demand import SLOTS, PastDemand

HALF_HOUR = timedelta(minutes=30)
A_DAY = timedelta(days=1)
AT_ONCE = 20  # forecasts of one sweep: each reads ten weeks
TRY_AGAIN_AFTER = timedelta(hours=1)  # where too little was known

Days = Mapping[tuple[int, date], Expectation]


def keep_days(queue_ids: Sequence[int], now: datetime, centre: Centre) -> None:
    """Forecast today and tomorrow for the queues that have none yet."""
    today = now.astimezone(ZoneInfo(centre.timezone)).date()
    both = (today, today + A_DAY)
    rows = {
        (row.queue_id, row.day): row
        for row in db.session.scalars(demand_rows.kept(queue_ids, *both))
    }
    due = (
        (queue_id, day)
        for day in both
        for queue_id in queue_ids
        if _is_due(rows.get((queue_id, day)), now, centre)
    )
    for (queue_id, day), _turn in zip(due, range(AT_ONCE), strict=False):
        row = rows.get((queue_id, day)) or DayForecast(queue_id=queue_id, day=day)
        _make(row, centre, now)
    db.session.flush()  # read again at once


def days_around(queue_ids: Sequence[int], now: datetime, timezone: str) -> Days:
    """The kept forecasts of yesterday, today and tomorrow, by queue and day."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    rows = db.session.scalars(demand_rows.kept(queue_ids, today - A_DAY, today + A_DAY))
    return {
        (row.queue_id, row.day): Expectation(tuple(row.means), row.days, row.cv)
        for row in rows
        if row.means is not None
    }


def people(
    days: Days, queue_id: int, begins: datetime, ends: datetime, timezone: str
) -> float | None:
    """People expected between two moments; None where a day of it has no forecast."""
    told = 0.0
    for day, slot, share in _pieces(begins, ends, ZoneInfo(timezone)):
        expected = days.get((queue_id, day))
        if expected is None:
            return None
        told += share * expected.means[slot]
    return told


def rest_of_today(
    days: Days, queue_ids: Sequence[int], now: datetime, centre: Centre
) -> dict[int, float]:
    """By queue, what the day so far multiplies the rest of it by."""
    today = now.astimezone(ZoneInfo(centre.timezone)).date()
    midnight, _end = day_of(today, centre.timezone)
    over = min(SLOTS, (now - midnight) // HALF_HOUR)
    rows = db.session.execute(
        demand_rows.people_by_half_hour(
            queue_ids, midnight, now, centre.timezone, include_rehearsal=centre.rehearsing
        )
    )
    seen = {queue_id: [0] * over for queue_id in queue_ids}
    for queue_id, day, slot, count in rows:
        if day == today and slot < over:
            seen[queue_id][slot] += count
    return {
        queue_id: days[queue_id, today].after(counts).update or 1.0
        for queue_id, counts in seen.items()
        if (queue_id, today) in days
    }


def forget_days_from(day: date) -> None:
    """Something else is known of these days: they are forecast anew."""
    db.session.execute(
        delete(DayForecast).where(DayForecast.centre_id == current_centre(), DayForecast.day >= day)
    )


def _is_due(row: DayForecast | None, now: datetime, centre: Centre) -> bool:
    if row is None or row.counts_played is not centre.rehearsing:
        return True
    return row.means is None and now - row.made_at >= TRY_AGAIN_AFTER


def _make(row: DayForecast, centre: Centre, now: datetime) -> None:
    queue = db.session.scalars(
        select(Queue).where(Queue.centre_id == centre.id, Queue.id == row.queue_id)
    ).one()
    told = PastDemand(centre, queue, row.day, now).expectation
    row.means, row.made_at = (list(told.means) if told else None), now
    row.counts_played = centre.rehearsing
    row.cv, row.days = (told.cv, told.days) if told else (0.0, 0)
    db.session.add(row)


def _pieces(begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[tuple[date, int, float]]:
    """Local half-hours that overlap, with the share of each that does."""
    at = begins
    while at < ends:
        local = at.astimezone(zone)
        into = timedelta(minutes=local.minute % 30, seconds=local.second)
        until = min(ends, at + HALF_HOUR - into)
        yield local.date(), _slot(local.time()), (until - at) / HALF_HOUR
        at = until


def _slot(at: time) -> int:
    return at.hour * 2 + at.minute // 30
