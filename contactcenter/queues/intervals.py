"""The figures again for each stretch of a window, such as its quarter hours."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.queues.figures import report
from contactcenter.queues.rows import AgentSession, VisitRow

A_DAY = timedelta(days=1)
# A quarter of an hour is too short to say who came again or was served later.
OF_WHOLE_DAYS = ("demands", "unserved_people")


def by_interval(
    rows: Iterable[VisitRow],
    sessions: Iterable[AgentSession],
    start: datetime,
    end: datetime,
    timezone: str,
    step: timedelta,
    cutoff: datetime | None = None,
    *,
    targets: Mapping[str, timedelta] | None = None,
) -> list[dict[str, Any]]:
    """`from`, `to` in local time and the figures of `report` for each step; the last may be short.

    Steps are elapsed time from `start`, so a day of 25 hours has four quarters more; steps of whole
    days go by the calendar, and begin at the same hour on the clock on the wall.
    """
    if step <= timedelta(0):
        raise ValueError("an interval has a length")
    zone, shifts = ZoneInfo(timezone), list(sessions)
    begin = _begin(start, end, step, zone)
    answers = []
    for begins, ends, present in zip(begin, [*begin[1:], end], _present(rows, begin), strict=True):
        figures = report(present, shifts, begins, ends, timezone, cutoff, targets=targets)
        bounds = {"from": _local(begins, zone), "to": _local(ends, zone)}
        answers.append({**bounds, **{name: _lasting(each) for name, each in figures.items()}})
    return answers


def _begin(start: datetime, end: datetime, step: timedelta, zone: ZoneInfo) -> list[datetime]:
    """When each step begins."""
    number = -((start - end) // step)
    if step % A_DAY:
        return [start + each * step for each in range(number)]
    here = start.astimezone(zone)  # sums on a local time move its clock, whatever happened to it
    # One more, for a stretch in which the clock was set forward.
    found = ((here + each * step).astimezone(UTC) for each in range(number + 1))
    return [each for each in found if each < end]


def _present(rows: Iterable[VisitRow], begin: Sequence[datetime]) -> list[list[VisitRow]]:
    """Visits by the steps they arrive, wait or are served in."""
    present: list[list[VisitRow]] = [[] for _ in begin]
    for row in rows:
        until = None if row.in_progress else row.ended_at or row.wait_ended_at
        last = len(begin) if until is None else bisect_right(begin, until)
        for number in range(max(0, bisect_right(begin, row.entered_at) - 1), last):
            present[number].append(row)
    return present


def _lasting(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: figure for name, figure in figures.items() if name not in OF_WHOLE_DAYS}


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
