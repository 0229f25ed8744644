"""Backlogs: what they weigh, what clears them, and what will be late."""

import random

import pytest

from contactcenter.queues.backlog import Work, needed, outcome

DAY = 420.0  # open minutes


def work(**more):
    told = {"per_day": 21, "minutes": 20, "day_minutes": DAY, "left": (), "target_minutes": DAY}
    return Work(**{**told, **more})


def test_what_comes_day_after_day_takes_so_many_people_below_the_ceiling():
    assert needed(work()) == (2, 2)  # 420 minutes of work a day: 1.18 people at 85 %
    assert needed(work(per_day=17)) == (1, 1)
    assert outcome(work(), 2).occupancy == 0.5


def test_a_backlog_is_cleared_by_what_is_finished_less_what_comes():
    late = work(left=[100.0] * 42)
    assert outcome(late, 2).days == pytest.approx(42 / (42 - 21))
    assert outcome(late, 1).days is None  # all time goes to what comes
    assert outcome(work(), 1).days == 0


def test_what_is_late_already_stays_late_and_asks_for_nobody_more():
    overdue = work(left=[0.0, -5.0, 400.0])
    assert overdue.late_already == 2
    assert outcome(overdue, 50).late == pytest.approx(2, abs=0.001)
    assert needed(overdue)[1] == needed(work(left=[400.0]))[1]


def test_deadlines_that_press_ask_for_more_people():
    assert needed(work(left=[60.0] * 30))[1] > needed(work(left=[60.0] * 10))[1]
    chances = [outcome(work(left=[300.0] * 20), people).late for people in range(1, 8)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[-1]


def test_how_many_are_late_agrees_with_playing_it():
    left = [30.0 + 12 * place for place in range(25)]
    told = outcome(work(left=left), 3).late
    chance, runs, late = random.Random(4), 4000, 0
    for _ in range(runs):
        at = 0.0
        for minutes in left:
            at += chance.expovariate(3 / 20)  # three at work on pieces of twenty minutes
            late += at > minutes
    assert late / runs == pytest.approx(told, abs=0.2)
