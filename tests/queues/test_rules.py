"""The order in which those who wait are taken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.queues.rules import Waiting, ahead_of, next_index, overtaken_by

START = datetime(2026, 3, 17, 8, tzinfo=UTC)


def waiting(minute: int, priority_class: int = 0, overtaken: int = 0, **more: Any) -> Waiting:
    return Waiting(START + timedelta(minutes=minute), priority_class, overtaken, **more)


def take(line: list[Waiting], now: datetime | None = None) -> tuple[Waiting, list[Waiting]]:
    """Take the next one and count who was overtaken, as the queue does."""
    taken = next_index(line, now)
    assert taken is not None
    overtaken = set(overtaken_by(line, taken))
    rest = [
        replace(one, overtaken=one.overtaken + (index in overtaken))
        for index, one in enumerate(line)
        if index != taken
    ]
    return line[taken], rest


def order(line: list[Waiting]) -> list[tuple[int, int]]:
    taken = []
    while line:
        one, line = take(line)
        taken.append((one.priority_class, (one.entered_at - START) // timedelta(minutes=1)))
    return taken


def test_nobody_waiting_is_nobody_to_take():
    assert next_index([]) is None


def test_within_a_class_the_longest_wait_goes_first():
    assert order([waiting(3), waiting(1), waiting(2)]) == [(0, 1), (0, 2), (0, 3)]


def test_priority_goes_before_who_came_earlier():
    assert next_index([waiting(1), waiting(2, priority_class=1)]) == 1


def test_two_with_priority_then_one_without():
    ordinary = [waiting(n) for n in range(3)]
    priority = [waiting(10 + n, priority_class=1) for n in range(5)]
    classes = [priority_class for priority_class, _ in order(ordinary + priority)]
    assert classes == [1, 1, 0, 1, 1, 0, 1, 0]


def test_without_overtaking_arrival_decides():
    line = [waiting(2, priority_class=1), waiting(1, most_overtakes=0)]
    assert next_index(line) == 1


def test_without_a_bound_priority_decides():
    line = [waiting(2, priority_class=1), waiting(1, overtaken=99, most_overtakes=None)]
    assert next_index(line) == 0


def test_who_came_later_is_not_overtaken():
    line = [waiting(1, priority_class=1), waiting(2)]
    assert overtaken_by(line, 0) == []


def test_only_the_first_of_a_class_is_counted_as_overtaken():
    line = [waiting(1), waiting(2), waiting(3, priority_class=1)]
    assert overtaken_by(line, 2) == [0]


@pytest.mark.parametrize(
    ("index", "expected", "may_overtake"),
    [(0, 1, 1), (1, 2, 3), (2, 0, 2)],
)
def test_a_place_in_line_tells_who_may_still_overtake(index, expected, may_overtake):
    line = [waiting(1), waiting(2), waiting(3, priority_class=1)]
    ahead = ahead_of(line, index, greatest_class=1)
    assert (ahead.expected, ahead.may_overtake) == (expected, may_overtake)


def test_without_a_bound_nobody_knows_who_may_overtake():
    line = [waiting(1), waiting(2, priority_class=1)]
    assert ahead_of(line, 0, greatest_class=1, most_overtakes=None).may_overtake is None
    assert ahead_of(line, 1, greatest_class=1, most_overtakes=None).may_overtake == 0


people = st.lists(st.integers(0, 2), min_size=1, max_size=8)


@given(people, st.lists(st.integers(0, 2), max_size=30), st.integers(0, 3), st.data())
def test_nobody_waits_longer_than_the_bound_on_overtaking_allows(now, later, cap, data):
    line = [waiting(minute, each, most_overtakes=cap) for minute, each in enumerate(now)]
    me = line[data.draw(st.integers(0, len(line) - 1))]
    ahead = ahead_of(line, line.index(me), greatest_class=2, most_overtakes=cap)
    before = 0
    for minute, newcomer in enumerate([*later, *[2] * 40], start=100):
        line.append(waiting(minute, newcomer, most_overtakes=cap))
        one, line = take(line)
        if one.entered_at == me.entered_at:
            break
        before += 1
    assert before <= ahead.expected + ahead.may_overtake


@given(people)
def test_everyone_is_taken_once(classes):
    line = [waiting(minute, each) for minute, each in enumerate(classes)]
    assert sorted(minute for _, minute in order(line)) == list(range(len(classes)))
