"""Levels of saturation, how they change, and which waits are announced."""

from datetime import UTC, datetime, timedelta
from math import log

import pytest

from contactcenter.queues.prospect import next_wait, prospect
from contactcenter.queues.saturation import (
    Level,
    Observed,
    WaitRange,
    carried,
    estimate_range,
    saturation,
    step,
)

NOON = datetime(2026, 3, 17, 12, tzinfo=UTC)


def seen(**more) -> Observed:
    """Ten agents, half busy, nobody waiting."""
    usual = {
        "offered_last_hour": 75,
        "handling_seconds": 240,
        "agents_serving": 10,
        "waiting": 0,
        "longest_wait_seconds": 0,
        "target_seconds": 120,
    }
    return Observed(**{**usual, **more})


@pytest.mark.parametrize(
    ("change", "level", "reason"),
    [
        ({}, Level.FLUID, "calm"),
        ({"waiting": 3, "longest_wait_seconds": 120}, Level.FLUID, "calm"),
        ({"waiting": 3, "longest_wait_seconds": 121}, Level.BUSY, "beyond_target"),
        ({"offered_last_hour": 132}, Level.BUSY, "little_spare"),
        ({"offered_last_hour": 180}, Level.BUSY, "overload"),
        ({"offered_last_hour": 180, "waiting": 1}, Level.FULL, "overload"),
        ({"waiting": 1, "longest_wait_seconds": 361}, Level.FULL, "far_beyond_target"),
        ({"agents_serving": 0, "waiting": 1}, Level.BLOCKED, "nobody_serves"),
        ({"agents_serving": 0, "offered_last_hour": 0}, Level.FLUID, "calm"),
        ({"handling_seconds": None, "waiting": 9}, Level.FLUID, "calm"),
        ({"waiting": 1, "waiting_elsewhere": 9}, Level.BUSY, "long_line"),
        ({"load_elsewhere": 4}, Level.BUSY, "little_spare"),
        ({"load_elsewhere": 6}, Level.BUSY, "overload"),
    ],
)
def test_the_level_is_the_worst_that_holds(change, level, reason):
    found = saturation(seen(**change))
    assert (found.level, found.reason) == (level, reason)


def test_an_overloaded_queue_loses_people_however_well_it_is_run():
    found = saturation(seen(offered_last_hour=187.5, waiting=4))
    assert found.load == 12.5
    assert found.load_per_agent == 1.25
    assert found.structural_abandonment == pytest.approx(0.2)
    assert found.numbers == {
        "load": 12.5,
        "agents": 10,
        "structural_abandonment": pytest.approx(0.2),
    }
    assert found.clearing_seconds is None


def test_a_line_clears_by_service_and_sooner_with_hangups():
    found = saturation(seen(offered_last_hour=60, waiting=30, patience_seconds=300))
    assert found.clearing_seconds == pytest.approx(20 * 60)
    assert found.clearing_with_hangups_seconds == pytest.approx(300 * log(5))


def test_safety_is_spare_staff_in_roots_of_the_load():
    assert saturation(seen(offered_last_hour=60)).safety == pytest.approx((10 - 4) / 2)


def minutes_of(levels: list[Level]) -> list[Level]:
    """What the board shows when these levels are computed one a minute."""
    level = candidate = levels[0]
    since, shown = NOON, []
    for minute, computed in enumerate(levels):
        state = step(level, candidate, since, NOON + timedelta(minutes=minute), computed, 1)
        level, candidate, since = state.level, state.candidate, state.candidate_since
        shown.append(level)
    return shown


F, B, R, X = Level.FLUID, Level.BUSY, Level.FULL, Level.BLOCKED


@pytest.mark.parametrize(
    ("computed", "shown"),
    [
        ([F, B, B, B, B], [F, F, F, B, B]),
        ([F, B, F, B, B], [F, F, F, F, F]),
        ([F, R, B, R, R], [F, F, F, B, B]),
        ([F, X, X, X, X], [F, F, F, X, X]),
        ([R, F, F, F, F, F, F, F], [R, R, R, R, R, R, F, F]),
        ([R, F, B, F, F, F, F, F], [R, R, R, R, R, R, B, B]),
        ([R, F, F, R, F, F, F, F], [R] * 8),
        ([B, R, F, R, F, R, F, R], [B] * 8),
    ],
)
def test_a_worse_level_needs_two_minutes_and_a_better_one_five(computed, shown):
    assert minutes_of(computed) == shown


def test_nothing_is_blocked_once_nobody_waits():
    assert step(X, X, NOON, NOON, F, waiting=0).level is F
    assert step(X, X, NOON, NOON, F, waiting=1).level is X


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"waiting": 11}, Level.FULL),
        ({"waiting": 2, "agents_serving": 2}, Level.BUSY),
        ({"waiting": 2, "agents_serving": 10}, Level.FLUID),
        ({"waiting": 1, "agents_ready": 2, "agents_serving": 2}, Level.FLUID),
        ({"waiting": 11, "handling_seconds": 1.0}, Level.FLUID),
    ],
)
def test_a_line_is_judged_by_the_wait_of_who_comes_next(change, level):
    line = {
        "agents_serving": 1,
        "offered_last_hour": 0,
        "handling_seconds": None,
        "assumed_handling_seconds": 600,
        "target_seconds": 600,
    }
    found = saturation(seen(**line | change))
    assert found.level is level
    assert found.reason == ("calm" if level is Level.FLUID else "long_line")


def wait_for(ahead: int, **more) -> WaitRange | None:
    usual = {"agents": 3, "handling_seconds": 300.0, "recent_services": 20}
    return estimate_range(ahead, **{**usual, **more})


def test_a_wait_is_announced_as_a_range_a_person_would_say():
    assert wait_for(0) == WaitRange(1, 4)
    assert wait_for(5) == WaitRange(5, 20)
    assert wait_for(20) == WaitRange(30, 50)


def test_those_who_give_up_shorten_the_wait():
    impatient = wait_for(20, patience_seconds=3600)
    assert impatient is not None
    assert impatient.high < wait_for(20).high


def test_those_who_may_overtake_widen_the_range():
    assert wait_for(5, may_overtake=12) == WaitRange(5, 40)


@pytest.mark.parametrize(
    "unknown",
    [
        {"agents": 0},
        {"recent_services": 4},
        {"handling_seconds": None},
        {"may_overtake": None},
    ],
)
def test_no_wait_is_announced_that_cannot_be_honest(unknown):
    assert wait_for(5, **unknown) is None


@pytest.mark.parametrize(
    ("change", "level", "reason"),
    [
        ({"has_surge": True, "expected_last_hour": 40}, Level.BUSY, "surge"),
        ({"expected_next_hour": 200}, Level.BUSY, "overload_coming"),
        ({"expected_next_hour": 100}, Level.FLUID, "calm"),
        (
            {"has_surge": True, "expected_last_hour": 40, "waiting": 1, "agents_serving": 0},
            Level.BLOCKED,
            "nobody_serves",
        ),
    ],
)
def test_what_is_not_felt_yet_is_told(change, level, reason):
    found = saturation(seen(**change))
    assert (found.level, found.reason) == (level, reason)


def test_long_services_carry_their_load_over():
    """M' = R - mu m: after one service time, 1 - 1/e of the way is gone."""
    assert carried(4, 10, 600, 600) == pytest.approx(10 - 6 / 2.718281828)
    assert carried(4, 10, 600, 0) == 4


def test_who_comes_now_may_expect_what_erlang_a_says():
    found = prospect(
        seen(offered_last_hour=2880, handling_seconds=60, agents_serving=50, patience_seconds=120)
    )
    assert found.now is not None
    assert found.now.p_abandon == pytest.approx(0.030912, abs=1e-6)


def test_an_overload_that_nobody_is_known_to_leave_has_no_long_run():
    assert prospect(seen(offered_last_hour=200)).now is None


def test_who_finds_an_agent_free_has_no_wait_to_be_told():
    assert next_wait(seen(agents_ready=3)) is None
    assert next_wait(seen(waiting=3)) is not None
    assert next_wait(seen(waiting=1, waiting_elsewhere=2)) == next_wait(seen(waiting=3))


def test_other_queues_of_the_same_agents_are_part_of_what_they_are_offered():
    alone, beside = seen(offered_last_hour=120), seen(offered_last_hour=75, load_elsewhere=3)
    assert prospect(beside).now == prospect(alone).now
    assert saturation(beside).load_per_agent == saturation(alone).load_per_agent
