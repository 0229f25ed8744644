"""Whose turn it is where priority is a ratio, and when written work is given: pure arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.queues.rules import (
    Reason,
    Refusal,
    Waiting,
    in_turn,
    may_write,
    next_index,
    opens_after,
    overtaken_by,
    reason_for,
)

START = datetime(2026, 3, 17, 8, tzinfo=UTC)
LATER = START + timedelta(hours=2)


def after(minutes: int, **more: object) -> Waiting:
    return Waiting(START + timedelta(minutes=minutes), **more)  # type: ignore[arg-type]  # a table


weighed = st.builds(
    after,
    st.integers(0, 100),
    priority_class=st.integers(0, 1),
    overtaken=st.integers(0, 3),
    most_overtakes=st.sampled_from([None, 0, 1, 2]),
    weight=st.sampled_from([0.5, 1.0, 3.0]),
    class_decides=st.booleans(),
    is_wanted=st.booleans(),
)
lines = st.lists(weighed, min_size=1, max_size=8)


@given(lines)
def test_everyone_has_one_turn(line):
    assert sorted(in_turn(line, LATER, len(line))) == list(range(len(line)))


@given(lines)
def test_the_first_in_turn_is_the_next(line):
    assert in_turn(line, LATER, 1) == [next_index(line, LATER)]


@given(lines)
def test_who_may_not_be_overtaken_again_is_not(line):
    taken = next_index(line, LATER)
    assert not any(line[passed].is_due for passed in overtaken_by(line, taken))


@given(st.lists(st.integers(0, 100), min_size=1), st.floats(1, 50))
def test_weights_that_are_alike_change_nothing(minutes, weight):
    line = [after(each, weight=weight, class_decides=False) for each in minutes]
    assert line[next_index(line, LATER)].entered_at == min(each.entered_at for each in line)


@given(st.floats(1, 20), st.integers(1, 100), st.integers(1, 100))
def test_a_ratio_says_how_many_seconds_one_is_worth(ratio, ordinary, hurried):
    line = [
        Waiting(LATER - timedelta(minutes=ordinary), class_decides=False, most_overtakes=None),
        Waiting(
            LATER - timedelta(minutes=hurried), 1,
            weight=ratio, class_decides=False, most_overtakes=None,
        ),
    ]  # fmt: skip
    wins = next_index(line, LATER)
    assert wins == int(hurried * 60 * ratio > ordinary * 60)


@given(st.floats(1.5, 10))
def test_no_stream_of_priority_shuts_anyone_out(ratio):
    """Accumulating priority alone, without the bound: everyone's turn comes."""
    me = after(0, class_decides=False, most_overtakes=None)
    line, minute = [me], 0
    while me in line:
        minute += 1
        assert minute < 100
        line.append(
            after(minute, priority_class=1, weight=ratio, class_decides=False, most_overtakes=None)
        )
        now = START + timedelta(minutes=minute, seconds=30)
        line.pop(next_index(line, now))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ([after(0)], Reason.ONLY),
        ([after(0), after(1)], Reason.LONGEST),
        ([after(1, priority_class=1), after(0)], Reason.PRIORITY),
        ([after(0, overtaken=2), after(1, priority_class=1)], Reason.DUE),
        ([after(1, is_wanted=True), after(0)], Reason.WANTED),
        ([after(1, weight=9.0, class_decides=False), after(0, class_decides=False)], Reason.WEIGHT),
    ],
)
def test_it_can_be_said_why(line, reason):
    assert next_index(line, LATER) == 0
    assert reason_for(line, 0, LATER) is reason


@pytest.mark.parametrize(
    ("level", "steps", "seconds"),
    [(1, [60], 0), (2, [60], 60), (3, [60], 60), (3, [60, 180], 180), (2, [], 0)],
)
def test_a_level_is_asked_after_its_step(level, steps, seconds):
    assert opens_after(level, steps) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("live", "idle", "rest", "held", "most", "refusal"),
    [
        (True, 9, 0, 0, None, Refusal.LIVE),
        (False, 9, 0, 3, 3, Refusal.ENOUGH),
        (False, 9, 0, 2, 3, None),
        (False, 4, 5, 0, None, Refusal.REST),
        (False, 5, 5, 0, None, None),
        (False, None, 5, 0, None, None),
    ],
)
def test_written_work_is_given_to_who_is_free_for_it(live, idle, rest, held, most, refusal):
    seconds = None if idle is None else timedelta(seconds=idle)
    asked = {"live_waits": live, "idle": seconds, "in_hand": held, "most": most}
    assert may_write(rest=timedelta(seconds=rest), **asked) is refusal
