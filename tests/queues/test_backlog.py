"""Backlogs: what they weigh, what clears them, and what will be late."""

import random

import pytest

from contactcenter.queues import backlog
from contactcenter.queues.backlog import Work, needed, outcome
from contactcenter.queues.gamma import at_most

DAY = 420.0  # open minutes


def work(**more):
    told = {"per_day": 21, "minutes": 20, "day_minutes": DAY, "left": (), "target_minutes": DAY}
    return Work(**{**told, **more})


def test_what_comes_day_after_day_takes_so_many_people_below_the_ceiling():
    assert needed(work()) == (2, 2)  # 420 minutes of work a day: 1.18 people at 85 %
    assert needed(work(per_day=17)) == (1, 1)
    assert outcome(work(), 2).occupancy == 0.5


def test_a_backlog_is_cleared_by_what_is_finished_less_what_comes():
    late = work(left=[(100.0, 42)])
    assert outcome(late, 2).days == pytest.approx(42 / (42 - 21))
    assert outcome(late, 1).days is None  # all time goes to what comes
    assert outcome(work(), 1).days == 0


def test_what_is_late_already_stays_late_and_asks_for_nobody_more():
    overdue = work(left=[(-5.0, 1), (0.0, 1), (400.0, 1)])
    assert overdue.late_already == 2
    assert outcome(overdue, 50).late == pytest.approx(2, abs=0.001)
    assert needed(overdue)[1] == needed(work(left=[(400.0, 1)]))[1]


def test_deadlines_that_press_ask_for_more_people():
    assert needed(work(left=[(60.0, 30)]))[1] > needed(work(left=[(60.0, 10)]))[1]
    chances = [outcome(work(left=[(300.0, 20)]), people).late for people in range(1, 8)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > chances[-1]


def test_how_many_are_late_agrees_with_playing_it():
    left = [30.0 + 12 * place for place in range(25)]
    told = outcome(work(left=[(minutes, 1) for minutes in left]), 3).late
    chance, runs, late = random.Random(4), 4000, 0
    for _ in range(runs):
        at = 0.0
        for minutes in left:
            at += chance.expovariate(3 / 20)  # three at work on pieces of twenty minutes
            late += at > minutes
    assert late / runs == pytest.approx(told, abs=0.2)


def test_pieces_due_together_are_late_as_each_of_them_would_be():
    apart = work(left=[(300.0, 1)] * 20 + [(500.0, 1)] * 5)
    together = work(left=[(300.0, 20), (500.0, 5)])
    for people in (1, 2, 3):
        told = outcome(together, people)
        assert told.late == pytest.approx(outcome(apart, people).late, abs=1e-9)
        assert told.new_late == pytest.approx(outcome(apart, people).new_late, abs=1e-9)


def test_a_hundred_thousand_pieces_are_weighed_in_as_many_steps_as_they_have_deadlines(monkeypatch):
    steps = []
    monkeypatch.setattr(backlog, "at_most", lambda *asked: steps.append(asked) or at_most(*asked))
    huge = work(left=[(60.0 * hour, 1000) for hour in range(1, 101)])
    steady, in_time = needed(huge)
    assert steady < in_time <= backlog.MOST_PEOPLE + steady
    assert len(steps) < 2 * 100 * 12
