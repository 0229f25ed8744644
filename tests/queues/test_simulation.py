"""The played day against exact answers where there are some, and against its own rules."""

import random
from dataclasses import replace
from math import inf, sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contactcenter.queues.rules import Waiting, next_index
from contactcenter.queues.simulation import Plan, play
from contactcenter.queues.staffing import Case, performance

SLOTS = 16


def exponential(mean: float):
    return lambda chance: chance.expovariate(1 / mean)


def steady(**more) -> Plan:
    """Eight hours of one rate: 24 Erlang on 22 agents, patience 150 s."""
    usual = Plan([360.0] * SLOTS, [22] * SLOTS, 240.0, exponential(150), 20.0)
    return replace(usual, **more)


def runs(plan: Plan, count: int, figure) -> tuple[float, float]:
    """Mean over seeds 1..count, and its standard error."""
    values = [figure(play(plan, seed)) for seed in range(1, count + 1)]
    return fmean(values), stdev(values) / sqrt(count)


def settled(place: int):
    """Share among those who came after the first hour, when the day has forgotten its start."""

    def figure(day) -> float:
        slots = day.by_slot[2:]
        return sum(slot[place] for slot in slots) / sum(slot[0] for slot in slots)

    return figure


@pytest.mark.parametrize("agents", [20, 24, 28])
def test_a_steady_day_agrees_with_erlang_a_within_its_interval(agents):
    exact = performance(Case(360, 240, agents, 20, 150))
    plan = steady(agents=[agents] * SLOTS, closes=SLOTS, stays=1e6)
    lost, error = runs(plan, 24, settled(2))
    assert abs(lost - exact.p_abandon) < 3 * error + 1e-9
    level, error = runs(plan, 24, settled(1))
    assert abs(level - exact.service_level) < 3 * error + 1e-9


def test_waits_and_work_agree_too():
    exact = performance(Case(360, 240, 22, 20, 150))
    plan = steady(stays=1e6)
    waited, error = runs(plan, 24, lambda day: day.figures["mean_wait_seconds"])
    assert abs(waited - exact.mean_wait_seconds) < 3 * error + 0.03 * exact.mean_wait_seconds
    busy, error = runs(plan, 24, lambda day: day.figures["occupancy"])
    assert abs(busy - exact.occupancy) < 3 * error + 0.01


def test_patience_without_end_agrees_with_erlang_c():
    exact = performance(Case(300, 240, 24, 20))
    plan = steady(rates=[300.0] * SLOTS, agents=[24] * SLOTS, patience=lambda _: inf)
    level, error = runs(plan, 24, settled(1))
    assert abs(level - exact.service_level) < 3 * error + 0.005


plans = st.builds(
    steady,
    rates=st.lists(st.floats(0, 60), min_size=4, max_size=4),
    agents=st.lists(st.integers(0, 6), min_size=4, max_size=4),
    handling_cv=st.sampled_from([1.0, 0.5, 1.4]),
    busyness=st.sampled_from([0.0, 0.3]),
    closes=st.sampled_from([None, 2, 3]),
    priority_share=st.sampled_from([0.0, 0.2]),
    reserve=st.integers(0, 2),
    reserve_at=st.integers(1, 8),
)


@example(steady(rates=[0.0, 5e-324], agents=[1, 1]), 1)
@settings(max_examples=60)
@given(plans, st.integers(1, 1000))
def test_everybody_is_served_or_lost_and_the_same_seed_plays_the_same_day(plan, seed):
    day = play(plan, seed)
    assert day.offered == day.answered + day.gave_up + day.sent_away
    assert day.offered == sum(slot[0] for slot in day.by_slot)
    assert day.lost == sum(slot[2] for slot in day.by_slot)
    assert day.in_time == sum(slot[1] for slot in day.by_slot)
    assert day.busy_seconds <= day.staffed_seconds + 1e-6
    assert play(plan, seed) == day


def test_a_door_that_closes_early_sends_away_who_waits_then():
    day = play(steady(agents=[2] * SLOTS, patience=lambda _: inf, closes=8, stays=60), 1)
    assert day.sent_away > 0
    assert all(slot[0] == 0 for slot in day.by_slot[8:])


def test_nobody_comes_before_the_door_opens():
    day = play(steady(opens=5), 1)
    assert day.offered > 0
    assert all(slot[0] == 0 for slot in day.by_slot[:5])


def test_agents_who_leave_finish_what_they_began():
    day = play(steady(agents=[22] * 6 + [0] * 10, patience=exponential(30)), 3)
    assert day.answered + day.lost == day.offered
    assert all(slot[1] == 0 for slot in day.by_slot[8:])


def test_a_busier_day_as_a_whole_makes_days_differ_more():
    calm = [play(steady(), seed).offered for seed in range(1, 31)]
    busy = [play(steady(busyness=0.12), seed).offered for seed in range(1, 31)]
    assert stdev(busy) > 4 * stdev(calm)
    assert fmean(busy) == pytest.approx(fmean(calm), rel=0.1)


def test_a_reserve_shortens_waits():
    alone = fmean(play(steady(), seed).lost for seed in range(1, 9))
    helped = fmean(play(steady(reserve=5, reserve_at=3), seed).lost for seed in range(1, 9))
    assert helped < 0.6 * alone


def test_priority_waits_less_and_a_bound_keeps_the_others_going():
    def waits(most: int | None) -> tuple[float, float]:
        plan = steady(priority_share=0.5, most_overtakes=most, patience=exponential(600))
        days = [play(plan, seed) for seed in range(1, 7)]
        first = sum(d.priority_waited_seconds for d in days) / sum(d.priority_offered for d in days)
        return first, fmean(d.figures["ordinary_wait_seconds"] for d in days)

    bounded, unbounded = waits(1), waits(None)
    assert unbounded[0] < bounded[0] < bounded[1] < unbounded[1]


@given(st.integers(0, 10_000))
def test_turns_are_those_of_the_counter(seed):
    """The two lines of the played day against the rule that counters go by."""
    from contactcenter.queues.simulation import _Day, _Person  # the order alone

    chance = random.Random(seed)
    people = [_Person(float(n), 0, chance.randint(0, 1)) for n in range(8)]
    day = _Day(steady(), chance)
    for person in people:
        day.lines[person.kind].append(person)
    waiting = list(people)
    while waiting:
        by_rule = next_index(
            [Waiting(person.came, person.kind, person.overtaken) for person in waiting]
        )
        taken = day._next()
        assert taken is waiting[by_rule]
        taken.waits = False
        waiting.remove(taken)
