"""How many people the same hour brought in past weeks, and how patient people are: from visits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, variance
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Integer, and_, cast, column, func, literal, or_, select, values

from contactcenter.db import current_centre, db
from contactcenter.directory.rules import Hours, open_time_between
from contactcenter.queues.conditions import FIGURES, WAIT, not_played
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import STAYED_TO_THE_END

WEEKS = 8
FEWEST_WEEKS = 3
HOUR = timedelta(hours=1)
# Days differ by at least this much from what is usual, whatever few weeks say.
LEAST_SPREAD = 0.12
MEASURED_OVER = timedelta(days=28)
FEWEST_DEPARTURES = 5

_SOMEONE = func.coalesce(Visit.caller_key, Visit.id.cast(Visit.caller_key.type))
_ARRIVED = FIGURES["arrived"](func.now())  # whatever the time is
Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Usual:
    """People an hour usually brings; `spread` is the variation between days beyond chance."""

    mean: float
    spread: float
    weeks: int


@dataclass(frozen=True)
class Patience:
    """Mean patience in seconds, with those who were served counted; None when too few left."""

    seconds: float | None
    gave_up: int


def usual_hours(
    queue_ids: Sequence[int], until: datetime, timezone: str, *, include_rehearsal: bool
) -> dict[int, Usual]:
    """By queue, what the hour that ends at `until` brought in past weeks; none if too few are."""
    windows = list(same_hour(until, timezone))
    found = people(queue_ids, windows, include_rehearsal=include_rehearsal)
    began = _first_days(queue_ids)
    return {
        queue_id: usual_of(counts)
        for queue_id in queue_ids
        if len(counts := _comparable(queue_id, windows, found, began, until)) >= FEWEST_WEEKS
    }


def people(
    queue_ids: Sequence[int], windows: Sequence[Window], *, include_rehearsal: bool
) -> dict[tuple[int, int], int]:
    """By queue and place in `windows` (begin < entered <= end), how many different people came.

    What an earlier system recorded counts too: it is how a centre knows its weeks on day one.
    """
    asked = values(
        column("place", Integer),
        column("begins", DateTime(timezone=True)),
        column("ends", DateTime(timezone=True)),
        name="windows",
    ).data([(place, begins, ends) for place, (begins, ends) in enumerate(windows)])
    within = and_(
        Visit.entered_at > cast(asked.c.begins, DateTime(timezone=True)),
        Visit.entered_at <= cast(asked.c.ends, DateTime(timezone=True)),
    )
    rows = db.session.execute(
        select(Visit.queue_id, asked.c.place, func.count(_SOMEONE.distinct()))
        .join_from(asked, Visit, within)
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(queue_ids),
            _ARRIVED,
            not_played(include_rehearsal=include_rehearsal),
        )
        .group_by(Visit.queue_id, asked.c.place)
    )
    return {(queue_id, place): count for queue_id, place, count in rows}


def patiences(
    queue_ids: Sequence[int], now: datetime, *, include_rehearsal: bool
) -> dict[int, Patience]:
    """Everyone's waits over the number who gave up: the estimate for exponential patience."""
    at = literal(now)
    left = or_(FIGURES["gave_up"](at), FIGURES["short"](at))
    stood = or_(Visit.outcome.in_(sorted(STAYED_TO_THE_END)), FIGURES["short"](at))
    rows = db.session.execute(
        select(
            Visit.queue_id,
            func.sum(func.extract("epoch", WAIT)).filter(stood),
            func.count().filter(left),
        )
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(queue_ids),
            Visit.entered_at >= now - MEASURED_OVER,
            not_played(include_rehearsal=include_rehearsal),
        )
        .group_by(Visit.queue_id)
    )
    return {queue_id: _patience(float(waited or 0), gave_up) for queue_id, waited, gave_up in rows}


def _patience(waited: float, gave_up: int) -> Patience:
    is_known = gave_up >= FEWEST_DEPARTURES and waited > 0
    return Patience(waited / gave_up if is_known else None, gave_up)


def same_hour(until: datetime, timezone: str) -> Iterator[Window]:
    """That hour on the same weekday of each past week, by the clock on the wall."""
    local = until.astimezone(ZoneInfo(timezone))
    for week in range(1, WEEKS + 1):
        end = (local - timedelta(weeks=week)).astimezone(until.tzinfo)
        yield end - HOUR, end


def _first_days(queue_ids: Sequence[int]) -> Mapping[int, datetime | None]:
    earliest = (
        select(func.min(Visit.entered_at))
        .where(Visit.centre_id == Queue.centre_id, Visit.queue_id == Queue.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Queue.id, earliest.label("first")).where(
            Queue.centre_id == current_centre(), Queue.id.in_(queue_ids)
        )
    )
    return {row.id: row.first for row in rows}


def _comparable(
    queue_id: int,
    windows: Sequence[Window],
    found: Mapping[tuple[int, int], int],
    began: Mapping[int, datetime | None],
    until: datetime,
) -> list[int]:
    """The counts of weeks the queue is known from, those of a holiday left out."""
    first = began.get(queue_id)
    if first is None:
        return []
    known = known_queue(queue_id)
    is_open = known is not None and _opens(known.hours, until - HOUR, until)
    return [
        found.get((queue_id, place), 0)
        for place, (begins, ends) in enumerate(windows)
        if first <= begins
        and not (is_open and known is not None and not _opens(known.hours, begins, ends))
    ]


def _opens(hours: Hours, begins: datetime, ends: datetime) -> bool:
    return open_time_between(hours, begins, ends) > timedelta(0)


def usual_of(counts: Sequence[int]) -> Usual:
    mean = fmean(counts)
    beyond_chance = max(0.0, variance(counts) - mean) / mean**2 if mean else 0.0
    return Usual(mean, max(LEAST_SPREAD, beyond_chance**0.5), len(counts))
