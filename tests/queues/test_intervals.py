"""Figures by quarter hour."""

from datetime import UTC, datetime, timedelta

import pytest

from contactcenter.queues.figures import report
from contactcenter.queues.intervals import by_interval
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.rows import AgentSession, VisitRow

START = datetime(2026, 3, 17, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def answered(at: int, wait: int, talk: int) -> VisitRow:
    entered = START + timedelta(seconds=at)
    served = entered + timedelta(seconds=wait)
    ended = served + timedelta(seconds=talk)
    return VisitRow(
        *("roads", "phone", "new", f"c{at}", 1),
        entered_at=entered,
        answered_at=served,
        left_at=served,
        ended_at=ended,
        outcome=Outcome.ANSWERED,
        agent="a1",
    )


def quarters(*rows: VisitRow, sessions=(), length=4 * QUARTER):
    return by_interval(rows, sessions, START, START + length, "Europe/Paris", QUARTER)


def test_an_hour_has_four_quarters_in_local_time():
    hour = quarters()
    assert [each["from"] for each in hour][:2] == [
        "2026-03-17T09:00:00+01:00",
        "2026-03-17T09:15:00+01:00",
    ]
    assert len(hour) == 4


def test_the_last_interval_may_be_short():
    assert quarters(length=timedelta(minutes=20))[-1]["to"] == "2026-03-17T09:20:00+01:00"


def test_a_long_call_is_offered_once_and_keeps_its_agent_busy_throughout():
    shift = AgentSession("a1", "roads", START, None)
    hour = quarters(answered(at=0, wait=1000, talk=1000), sessions=[shift])
    assert [each["all"]["legs_offered"] for each in hour] == [1, 0, 0, 0]
    assert [each["all"]["queue_area_call_seconds"] for each in hour] == [900, 100, 0, 0]
    assert [each["all"]["agent_busy_logged_seconds"] for each in hour] == [0, 800, 200, 0]


def test_quarters_add_up_to_the_hour():
    rows = [answered(at=n, wait=n % 90, talk=200) for n in range(-600, 3600, 37)]
    hour = report(rows, [], START, START + 4 * QUARTER, "Europe/Paris")["all"]
    for name in ("legs_offered", "answered", "queue_area_call_seconds"):
        assert sum(each["all"][name] for each in quarters(*rows)) == hour[name]


def test_an_interval_needs_a_length():
    with pytest.raises(ValueError, match="length"):
        by_interval([], [], START, START + QUARTER, "UTC", timedelta(0))
