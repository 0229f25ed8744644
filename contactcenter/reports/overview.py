"""A period told in figures: against the one before and a year before, by hour, and by group."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, Integer, Time, cast, func

from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.queues.interval_rows import Asked, Columns, tallies
from contactcenter.queues.menu_calls import MenuCalls, menu_calls
from contactcenter.queues.models import UNHURRIED, Queue
from contactcenter.queues.outcomes import FORMULAS_VERSION
from contactcenter.queues.tally import NOTHING, Tally
from contactcenter.reports import queries
from contactcenter.reports.disclosure import hidden
from contactcenter.reports.periods import Period

# What tells groups apart, in the order of the rows that are read.
TOLD_APART = ("queue_id", "channel", "language", "priority_class", "topic_id", "team_id")
GROUPINGS = ("queue", "team", "site", "channel", "language", "priority_class", "topic")
BY_ID = ("topic", "team")
SHADES = 5

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Group:
    """One line of a grouping; `tally` None where there are too few to be shown."""

    key: Any
    tally: Tally | None


@dataclass(frozen=True)
class HeatMap:
    """Arrivals by half hour and day of the week (1 = Monday), summed over the period."""

    hours: tuple[time, ...]
    counts: Mapping[tuple[int, time], int]

    def at(self, weekday: int, hour: time) -> int:
        return self.counts.get((weekday, hour), 0)

    def shade(self, count: int) -> int:
        """0 for nothing to 5 for the most."""
        top = max(self.counts.values(), default=0)
        return -(-count * SHADES // top) if top else 0


@dataclass(frozen=True)
class Overview:
    period: Period
    queue: Queue | None
    now: Tally
    before: Tally
    year_before: Tally
    days: Mapping[date, Tally]
    heat: HeatMap
    groupings: Mapping[str, Sequence[Group]]
    menus: Sequence[MenuCalls]  # of the whole centre, as the three tallies; empty for one queue
    is_mixed: bool  # holds letters beside people in line: mean waits are then of the latter
    formulas_version: int = FORMULAS_VERSION


def look(centre: Centre, period: Period, queue: Queue | None) -> Overview:
    """Three readings of what is kept of the period, and one of each period to compare with.

    A letter waits for days and a caller for seconds: where both are, a mean wait is of those who
    stand in line.
    """
    queues = {each.id: each for each in db.session.scalars(queries.every_queue())}
    chosen = queue_ids(queue, queues.values())
    asked = asked_of(centre, period, chosen)
    told = tallies(asked, *TOLD_APART)
    days = tallies(asked, lambda cells: cast(_local(cells, centre.timezone), Date), "queue_id")
    compared = (period, period.before, period.year_before)
    letters = frozenset(each for each, queue in queues.items() if queue.kind in UNHURRIED)
    by_queue = _gathered(((key[0], key[0], tally) for key, tally in told.items()), frozenset())
    by_day = _gathered(((day, queue, tally) for (day, queue), tally in days.items()), letters)
    return Overview(
        period=period,
        queue=queue,
        now=_sum(by_queue, letters),
        before=_whole(asked_of(centre, period.before, chosen), letters),
        year_before=_whole(asked_of(centre, period.year_before, chosen), letters),
        days=dict(sorted(by_day.items())),
        heat=_heat(asked, centre.timezone),
        groupings={name: _grouped(told, name, queues, letters) for name in GROUPINGS},
        menus=() if queue else tuple(_in_menus(centre, each) for each in compared),
        is_mixed=bool(by_queue.keys() & letters and by_queue.keys() - letters),
    )


def _gathered(told: Iterable[tuple[Key, int, Tally]], letters: Collection[int]) -> dict[Key, Tally]:
    """Sums by place of (place, queue, tally); letters tell no wait where others stand in line."""
    line: dict[Key, Tally] = {}
    written: dict[Key, Tally] = {}
    for place, queue_id, tally in told:
        among = written if queue_id in letters else line
        among[place] = among.get(place, NOTHING) + tally
    return line | {
        place: line[place] + tally.without_waits if place in line else tally
        for place, tally in written.items()
    }


def _sum(by_queue: Mapping[int, Tally], letters: Collection[int]) -> Tally:
    return _gathered(((None, *each) for each in by_queue.items()), letters).get(None, NOTHING)


def _in_menus(centre: Centre, period: Period) -> MenuCalls:
    bounds = period.bounds(centre.timezone)
    return menu_calls(centre.id, *bounds, include_rehearsal=centre.rehearsing)


def queue_ids(queue: Queue | None, every: Iterable[Queue]) -> list[int]:
    """The queue that was asked for, else all in which citizens wait."""
    return [queue.id] if queue else [each.id for each in every if not each.team_id]


def asked_of(centre: Centre, period: Period, queue_ids: Sequence[int]) -> Asked:
    start, end = period.bounds(centre.timezone)
    return Asked(centre.id, queue_ids, start, end, include_rehearsal=centre.rehearsing)


def topics() -> dict[int, Topic]:
    return {topic.id: topic for topic in db.session.scalars(queries.topics())}


def _whole(asked: Asked, letters: Collection[int]) -> Tally:
    return _sum(tallies(asked, "queue_id"), letters)


def _local(cells: Columns, timezone: str) -> ColumnElement[Any]:
    return func.timezone(timezone, cells.begins_at)


def _heat(asked: Asked, timezone: str) -> HeatMap:
    def weekday(cells: Columns) -> ColumnElement[Any]:
        return cast(func.extract("isodow", _local(cells, timezone)), Integer)

    def quarter(cells: Columns) -> ColumnElement[Any]:
        return cast(_local(cells, timezone), Time)

    counts: dict[tuple[int, time], int] = {}
    for (day, at), tally in tallies(asked, weekday, quarter).items():
        place = day, at.replace(minute=at.minute // 30 * 30)
        counts[place] = counts.get(place, 0) + tally.arrived
    used = sorted(at for (_day, at), count in counts.items() if count)
    return HeatMap(_between(used), counts) if used else HeatMap((), {})


def _between(used: Sequence[time]) -> tuple[time, ...]:
    """Every half hour from the first to the last in use."""
    every = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
    return tuple(every[every.index(used[0]) : every.index(used[-1]) + 1])


def _grouped(
    told: Mapping[Any, Tally], name: str, queues: Mapping[int, Queue], letters: Collection[int]
) -> tuple[Group, ...]:
    """Largest first; those too small, and what would give them away, without figures."""
    placed = ((_place(key, name, queues), key[0], tally) for key, tally in told.items())
    groups = _gathered(placed, letters)
    counts = {key: tally.offered for key, tally in groups.items()}
    kept_back = hidden(counts)
    ordered: Iterable[Hashable] = sorted(groups, key=lambda key: (-counts[key], str(key)))
    return tuple(
        Group(key, None if key in kept_back else groups[key]) for key in ordered if counts[key]
    )


def _place(key: Sequence[Any], name: str, queues: Mapping[int, Queue]) -> Hashable:
    if name == "queue":
        return int(key[0])
    if name == "site":
        return queues[key[0]].site_id if key[0] in queues else None
    place: Hashable = key[TOLD_APART.index(f"{name}_id" if name in BY_ID else name)]
    return place
