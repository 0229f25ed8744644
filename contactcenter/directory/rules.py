"""Business time: when a place is open, computed in the place's own time zone.

A place is open when the clock on its wall says so. The hours of a day are wall-clock intervals;
each is laid over the stretches of that day in which the distance to UTC does not change, so that
days of 23 and 25 hours come out right. Moments go in and come out in UTC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from contactcenter.directory.holidays import holidays_of, name_of

DAY = timedelta(days=1)
NOTHING = timedelta(0)
# No real calendar stays closed longer: after this long without an opening there is none to come.
LOOKAHEAD = timedelta(days=400)
# Beyond this the openings are walked through, not written out.
LONGEST_TABLE = timedelta(days=5 * 366)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

Segment = tuple[datetime, datetime]
Span = tuple[timedelta, timedelta]


class NeverOpens(ValueError):
    """The calendar has no opening left to wait for."""


class NeverCloses(ValueError):
    """The calendar is open without end."""


@dataclass(frozen=True)
class Interval:
    """Open from `start` until just before `end`, by the clock on the wall.

    An `end` not after `start` belongs to the next day: 22:00-06:00 is a night, 00:00-00:00 a
    whole day.
    """

    start: time
    end: time

    @cached_property
    def span(self) -> Span:
        """Distances from midnight of the first day."""
        start, end = _since_midnight(self.start), _since_midnight(self.end)
        return start, end if end > start else end + DAY


@dataclass(frozen=True)
class Hours:
    """The calendar of one place.

    `weekly` maps weekday (0 = Monday) to intervals. A date in `extra` has exactly those intervals,
    whatever else that date is. Otherwise dates in `closed_on` and the public holidays of `country`
    (and `region`, as the `holidays` library codes it: "57", "6AE", "974") are closed.
    """

    weekly: Mapping[int, tuple[Interval, ...]]
    closed_on: frozenset[date] = frozenset()
    extra: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    timezone: str = "Europe/Paris"
    country: str | None = None
    region: str | None = None

    @cached_property
    def timetable(self) -> "Timetable":
        return Timetable(self)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def on(self, day: date) -> tuple[Interval, ...]:
        """Intervals that begin on this date."""
        if day in self.extra:
            return self.extra[day]
        if day in self.closed_on or day in holidays_of(self.country, self.region, day.year):
            return ()
        return self.weekly.get(day.weekday(), ())


def holiday_name(hours: Hours, day: date, language: str) -> str | None:
    """Name of that day's public holiday in `fr`, `nl`, `en` or `de`; None when it is not one."""
    return name_of(hours.country, hours.region, day, language)


def open_segments(hours: Hours, start_utc: datetime, end_utc: datetime) -> Iterator[Segment]:
    """Stretches of open time within [start, end), in order, none touching another."""
    start, end = _utc(start_utc), _utc(end_utc)
    pending: Segment | None = None
    for opens, closes in _daily_segments(hours, start, end):
        if pending is not None and opens <= pending[1]:
            pending = (pending[0], max(pending[1], closes))
            continue
        if pending is not None:
            yield pending
        pending = (opens, closes)
    if pending is not None:
        yield pending


def is_open(hours: Hours, at: datetime) -> bool:
    wall = _utc(at).astimezone(hours.zone).replace(tzinfo=None)
    midnight = datetime.combine(wall.date(), time())
    return any(start <= wall - midnight < end for start, end in _wall_spans(hours, wall.date()))


def next_opening(hours: Hours, at: datetime) -> datetime:
    """First moment not before `at` at which the place is open: `at` itself while it is.

    Raises NeverOpens.
    """
    at = _utc(at)
    for opens, _ in _daily_segments(hours, at, _horizon(hours, at)):
        return opens
    raise NeverOpens("no opening hours are left in this calendar")


def next_closing(hours: Hours, at: datetime) -> datetime:
    """End of the open stretch that `at` lies in, or of the next one.

    Raises NeverOpens, or NeverCloses for a place that is always open.
    """
    at = _utc(at)
    horizon = _horizon(hours, at)
    for _, closes in open_segments(hours, at, horizon):
        if closes == horizon:
            raise NeverCloses("this calendar has no closing time")
        return closes
    raise NeverOpens("no opening hours are left in this calendar")


def add_open_time(hours: Hours, start: datetime, amount: timedelta) -> datetime:
    """First moment by which `amount` of open time has passed since `start`.

    What ends with the day is due at closing time, not at the next opening. Raises NeverOpens when
    the calendar runs out before the amount is used up.
    """
    if amount < NOTHING:
        raise ValueError("an amount of open time cannot be negative")
    return hours.timetable.add(_utc(start), amount) if amount else _utc(start)


def open_time_between(hours: Hours, a: datetime, b: datetime) -> timedelta:
    """Open time from `a` to `b`; negative when `b` is before `a`."""
    if b < a:
        return -open_time_between(hours, b, a)
    if b - a > LONGEST_TABLE:
        return sum((closes - opens for opens, closes in open_segments(hours, a, b)), NOTHING)
    return hours.timetable.between(_utc(a), _utc(b))


@dataclass(frozen=True)
class _Stretch:
    """The openings of a calendar from `low` to `high`, in microseconds since EPOCH.

    `before` and `after` are how much open time lies in it before and after each opening.
    """

    low: int
    high: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    after: list[int]

    def until(self, moment: int) -> int:
        """Open time from `low` to this moment."""
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0
        return self.before[place] + min(moment, self.ends[place]) - self.starts[place]


class Timetable:
    """The openings of one calendar, written out once, so that a deadline is two look-ups.

    It grows with what is asked of it. A stretch is never changed, only replaced: whoever reads it
    meanwhile reads the old one to its end.
    """

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self._stretch: _Stretch | None = None

    def add(self, start: datetime, amount: timedelta) -> datetime:
        moment, wanted = _ticks(start), amount // _TICK
        stretch = self._stretch
        if stretch is None or not stretch.low <= moment < stretch.high:
            stretch = self._reaching(moment, moment)
        while True:
            target = stretch.until(moment) + wanted
            place = bisect_left(stretch.after, target)
            if place < len(stretch.after):
                passed = stretch.starts[place] + target - stretch.before[place]
                return EPOCH + timedelta(microseconds=passed)
            stretch = self._longer(stretch)

    def between(self, a: datetime, b: datetime) -> timedelta:
        start, end = _ticks(a), _ticks(b)
        stretch = self._reaching(start, end)
        return timedelta(microseconds=stretch.until(end) - stretch.until(start))

    def _reaching(self, first: int, last: int) -> _Stretch:
        known = self._stretch
        if known is not None and known.low <= first and last < known.high:
            return known
        if known is None or first < last - _YEARS or known.high - first > _YEARS:
            known = _Stretch(first, last, [], [], [], [])
        return self._write(min(first, known.low), max(last, known.high) + _AHEAD)

    def _longer(self, stretch: _Stretch) -> _Stretch:
        """As much again, or up to the next opening if that is further. Raises NeverOpens."""
        opens = next_opening(self._hours, EPOCH + timedelta(microseconds=stretch.high))
        high = max(_ticks(opens) + _AHEAD, 2 * stretch.high - stretch.low)
        return self._write(stretch.low, high)

    def _write(self, low: int, high: int) -> _Stretch:
        ends = (EPOCH + timedelta(microseconds=moment) for moment in (low, high))
        pairs = [(_ticks(a), _ticks(b)) for a, b in open_segments(self._hours, *ends)]
        after = list(accumulate(end - start for start, end in pairs))
        self._stretch = _Stretch(
            low,
            high,
            [start for start, _end in pairs],
            [end for _start, end in pairs],
            [0, *after[:-1]] if after else [],
            after,
        )
        return self._stretch


def _ticks(at: datetime) -> int:
    return (at - EPOCH) // _TICK


_TICK = timedelta.resolution
_AHEAD = 35 * DAY // _TICK
_YEARS = LONGEST_TABLE // _TICK


def _daily_segments(hours: Hours, start: datetime, end: datetime) -> Iterator[Segment]:
    """Open stretches in order of their start; neighbours may touch or overlap."""
    if start >= end:
        return
    zone = hours.zone
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        spans = _wall_spans(hours, day)
        if spans:
            for opens, closes in _laid_over(zone, day, spans):
                if closes > start and opens < end:
                    yield max(opens, start), min(closes, end)
        day += DAY


def _wall_spans(hours: Hours, day: date) -> list[Span]:
    """Wall-clock spans of one date in order, what runs over from the night before included."""
    over = [(start - DAY, end - DAY) for start, end in _spans(hours, day - DAY)]
    spans = over + _spans(hours, day)
    return sorted((max(start, NOTHING), min(end, DAY)) for start, end in spans if end > NOTHING)


def _spans(hours: Hours, day: date) -> list[Span]:
    return [interval.span for interval in hours.on(day)]


def _laid_over(zone: ZoneInfo, day: date, spans: list[Span]) -> Iterator[Segment]:
    midnight = datetime.combine(day, time(), UTC)
    for piece_start, piece_end, offset in _even_pieces(zone, day):
        for start, end in spans:
            opens = max(midnight + start - offset, piece_start)
            closes = min(midnight + end - offset, piece_end)
            if opens < closes:
                yield opens, closes


def _even_pieces(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime, timedelta]]:
    """Cut the day, in UTC, where the clocks change; each piece with its distance to UTC."""
    start, end = _midnight(zone, day), _midnight(zone, day + DAY)
    first, last = _offset(zone, start), _offset(zone, end - timedelta.resolution)
    if first == last:
        return [(start, end, first)]
    change = _clock_change(zone, start, end)
    return [(start, change, first), (change, end, last)]


def _clock_change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """First whole second with another distance to UTC than `start`."""
    before = _offset(zone, start)
    low, high = 0, int((end - start).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, start + timedelta(seconds=middle)) == before:
            low = middle
        else:
            high = middle
    return start + timedelta(seconds=high)


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _horizon(hours: Hours, at: datetime) -> datetime:
    """End of any sensible search: later than every date the calendar names."""
    named = max(hours.extra, default=date.min)
    after_named = datetime.combine(min(named, date.max - 2 * DAY) + 2 * DAY, time(), UTC)
    return max(at + LOOKAHEAD, after_named)


def _since_midnight(at: time) -> timedelta:
    return datetime.combine(date.min, at) - datetime.combine(date.min, time())


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC)
