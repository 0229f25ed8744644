"""The figures again for each stretch of a window, such as its quarter hours."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.queues.figures import report
from contactcenter.queues.rows import AgentSession, VisitRow

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

    Steps are elapsed time from `start`, so a day of 25 hours has four quarters more.
    """
    if step <= timedelta(0):
        raise ValueError("an interval has a length")
    zone, shifts = ZoneInfo(timezone), list(sessions)
    answers = []
    for number, present in enumerate(_present(rows, start, end, step)):
        begins = start + number * step
        ends = min(begins + step, end)
        figures = report(present, shifts, begins, ends, timezone, cutoff, targets=targets)
        bounds = {"from": _local(begins, zone), "to": _local(ends, zone)}
        answers.append({**bounds, **{name: _lasting(each) for name, each in figures.items()}})
    return answers


def _present(
    rows: Iterable[VisitRow], start: datetime, end: datetime, step: timedelta
) -> list[list[VisitRow]]:
    """Visits by the steps they arrive, wait or are served in."""
    present: list[list[VisitRow]] = [[] for _ in range(-((start - end) // step))]
    for row in rows:
        until = None if row.in_progress else row.ended_at or row.wait_ended_at
        last = len(present) - 1 if until is None else min((until - start) // step, len(present) - 1)
        for number in range(max(0, (row.entered_at - start) // step), last + 1):
            present[number].append(row)
    return present


def _lasting(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: figure for name, figure in figures.items() if name not in OF_WHOLE_DAYS}


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
