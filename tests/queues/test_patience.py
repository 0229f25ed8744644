"""Patience from people who gave up and people who did not, against simulation and exact cases."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.queues.patience import mean_patience, survival
from contactcenter.queues.silent_leavers import survival_with_silent


def calls(count: int, mean: float, seed: int) -> tuple[list[int], list[int]]:
    """Waits of those who gave up and of those served, the offered wait being uniform."""
    chance = random.Random(seed)
    gave_up, served = [], []
    for _ in range(count):
        patience, offered = chance.expovariate(1 / mean), chance.uniform(0, 400)
        (gave_up if patience < offered else served).append(int(min(patience, offered)))
    return gave_up, served


def test_a_published_curve_is_reproduced():
    # Weeks of remission of 21 patients (Freireich 1963; Kaplan-Meier's own textbook example).
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival(events, censored)
    expected = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {wait: round(curve.at(wait), 3) for wait in expected} == expected
    assert curve.median == 23
    # By hand: 6 + .857 + 3 x .807 + 3 x .753 + 3 x .690 + 6 x .627 + .538 + 12 x .448
    assert curve.restricted_mean(35) == pytest.approx(23.287, abs=0.01)


def test_a_mean_up_to_a_horizon_guesses_nothing_beyond():
    curve = survival([10], [10])
    assert curve.restricted_mean(10) == 10
    assert curve.restricted_mean(30) == 10 + 20 * 0.5
    assert survival([], [5]).restricted_mean(60) == 60


def test_the_wait_of_those_who_gave_up_is_not_patience():
    gave_up, served = calls(4000, mean=150, seed=3)
    naive = sum(gave_up) / len(gave_up)
    found = mean_patience(len(gave_up), sum(gave_up) + sum(served))
    assert naive < 90
    assert found.low < 150 < found.high
    assert found.seconds == pytest.approx(150, rel=0.1)


def test_the_interval_of_the_mean_covers_the_truth_nine_times_in_ten_at_least():
    found = (
        mean_patience(len(gone), sum(gone) + sum(served))
        for gone, served in (calls(150, mean=150, seed=seed) for seed in range(200))
    )
    covered = sum(each.low <= 150.5 <= each.high for each in found)
    assert 180 <= covered <= 199


def test_where_nobody_gave_up_patience_is_at_least_so_much():
    found = mean_patience(0, 3600)
    assert (found.seconds, found.low, found.high) == (None, 1200, None)
    assert mean_patience(0, 0) is None


waits = st.lists(st.integers(1, 40), max_size=25)


@given(waits, waits)
def test_a_call_right_after_arrival_says_as_much_as_a_sign(gave_up, served):
    """Found gone at the first possible moment is the same as seen to leave then."""
    silent = survival_with_silent(gave_up, served, [0, 0])
    seen = survival([*gave_up, 0, 0], served)
    for wait in range(42):
        assert silent.at(wait) == pytest.approx(seen.at(wait), abs=2e-5)


@given(waits, waits, waits)
def test_shares_fall_from_one_and_stay_shares(gave_up, served, found_gone):
    curve = survival_with_silent(gave_up, served, found_gone)
    shares = [1.0, *map(float, curve.shares)]
    assert all(before >= after - 1e-12 for before, after in pairwise(shares))
    assert min(shares) >= 0


def test_with_calls_alone_the_curve_is_that_of_current_status():
    """Only calls: found gone or still there. The exact answer is a pooled share (Ayer 1955)."""
    found_gone, there = [10, 20, 20, 20], [10, 10, 10, 20]
    curve = survival_with_silent([], there, found_gone)
    assert curve.at(10) == pytest.approx(0.75, abs=1e-4)
    assert curve.at(20) == pytest.approx(0.25, abs=1e-4)


def test_taking_the_call_for_the_leaving_overstates_patience():
    chance = random.Random(11)
    gone, there = [], []
    for _ in range(3000):
        patience, called = chance.expovariate(1 / 300), chance.uniform(0, 900)
        (gone if patience < called else there).append(int(called) // 15)
    naive, right = survival(gone, there), survival_with_silent([], there, gone)
    true_share = 0.3679  # exp(-1), after 300 s
    assert right.at(20) == pytest.approx(true_share, abs=0.05)
    assert naive.at(20) > true_share + 0.15
