"""Staffing against published numbers, identities, and the same sums to 60 digits."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import exp, factorial, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.queues.erlang import blocking, delay, inverse_blocking
from contactcenter.queues.staffing import Case, Goals, InvalidCase, agents_needed, performance
from contactcenter.queues.waits import mean_wait, served_within, wait_quantile

# Published example: 50 agents, 2880 calls an hour, 1 minute each, patience 2 minutes.
PUBLISHED = Case(2880, 60, 50, patience_seconds=120)


def close(value: float, rel: float = 1e-12, absolute: float = 1e-14):
    return pytest.approx(value, rel=rel, abs=absolute)


def case(load: float, agents: float, patience: float | None = 150, **more) -> Case:
    """Calls of 240 s that make this load."""
    return Case(load * 15, 240, agents, patience_seconds=patience, **more)


# --- published numbers


def test_the_published_example_of_erlang_a():
    found = performance(PUBLISHED)
    assert found.p_abandon == close(0.030912, rel=1e-4)
    assert found.mean_wait_seconds == close(3.7095, rel=1e-4)
    assert found.occupancy == close(0.93032, rel=1e-4)


def test_the_same_example_when_nobody_gives_up():
    found = performance(Case(2880, 60, 50))
    assert found.asa_seconds == close(20.834, rel=1e-4)


def test_published_numbers_of_erlang_c():
    found = performance(Case(200, 180, 14))
    assert found.p_wait == close(0.1741319, rel=1e-6)
    assert found.service_level == close(0.8883500, rel=1e-6)
    assert delay(132, 123) == close(0.3211161792617074, rel=1e-14)


def test_a_wait_goal_alone_is_met_because_people_hang_up():
    few = performance(Case(2880, 60, 37, patience_seconds=120))
    assert few.mean_wait_seconds < 30.5
    assert few.p_abandon > 0.22


@pytest.mark.parametrize(
    ("agents", "percent"),
    [(8, 27), (9, 20), (10, 14.6), (11, 10.2), (12, 6.8), (13, 4.3), (14, 2.6)],
)
def test_published_ladder_around_ten_erlang(agents, percent):
    found = performance(Case(120, 300, agents, patience_seconds=150))
    assert 100 * found.p_abandon == pytest.approx(percent, abs=0.5 if percent > 19 else 0.06)


# --- the same sums, exact or to 60 digits


def exact_blocking(servers: int, load: Fraction) -> Fraction:
    terms = [load**k / factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


@pytest.mark.parametrize("servers", [0, 1, 2, 7, 40])
@pytest.mark.parametrize("load", [Fraction(1, 100), Fraction(3, 2), Fraction(38), Fraction(400)])
def test_blocking_is_exact(servers, load):
    assert blocking(servers, float(load)) == close(float(exact_blocking(servers, load)), 1e-13, 0)


def by_states(load: float, agents: int, patience: float, lines: int) -> dict[str, float]:
    """Erlang A by its states, in 60 digits, calls of 240 s."""
    with localcontext(prec=60):
        arrivals = Decimal(load) / 240
        leaves = 1 / Decimal(patience)
        weights = [Decimal(1)]
        for n in range(1, lines + 1):
            ends = min(n, agents) / Decimal(240) + max(n - agents, 0) * leaves
            weights.append(weights[-1] * arrivals / ends)
        whole = sum(weights)
        shares = [weight / whole for weight in weights]
        length = sum(share * (n - agents) for n, share in enumerate(shares) if n > agents)
        busy = sum(share * min(n, agents) for n, share in enumerate(shares))
        return {
            "p_wait": float(sum(shares[agents:lines])),
            "p_abandon": float(leaves * length / arrivals),
            "p_block": float(shares[lines]),
            "mean_wait_seconds": float(length / arrivals / (1 - shares[lines])),
            "occupancy": float(busy / agents),
        }


@pytest.mark.parametrize("load", [0.25, 5, 24, 30])
@pytest.mark.parametrize("agents", [1, 22, 28])
@pytest.mark.parametrize("patience", [10, 150, 7200])
def test_every_share_is_right_to_the_last_digits(load, agents, patience):
    found = performance(case(load, agents, patience))
    for name, expected in by_states(load, agents, patience, lines=3000).items():
        if name != "p_block":
            assert getattr(found, name) == close(expected, 1e-12, 1e-16)


@pytest.mark.parametrize("lines", [22, 23, 30, 60])
@pytest.mark.parametrize("load", [5, 24, 90])
def test_with_lines_every_share_is_right_too(load, lines):
    found = performance(case(load, 22, lines=lines))
    for name, expected in by_states(load, 22, 150, lines).items():
        assert getattr(found, name) == close(expected, 1e-12, 1e-16)


def level_by_integral(found_case: Case) -> float:
    """Service level from the density of the virtual wait, by Simpson's rule."""
    arrivals, leaves = found_case.arrivals, found_case.leaves
    served, until = found_case.served, found_case.threshold_seconds
    steps = 4000

    def density(x: float) -> float:
        shrink = (1 - exp(-leaves * x)) / leaves
        return exp(arrivals * shrink - leaves * x - served * x)

    width = until / steps
    inner = sum((4 if n % 2 else 2) * density(n * width) for n in range(1, steps))
    integral = (density(0) + inner + density(until)) * width / 3
    free = inverse_blocking(found_case.agents - 1, found_case.load)
    waiting = free * performance(found_case).p_wait / (1 - performance(found_case).p_wait)
    return (free + arrivals * integral) / (free + waiting)


@pytest.mark.parametrize("load", [5, 24, 30])
@pytest.mark.parametrize("threshold", [5, 20, 120])
@pytest.mark.parametrize("patience", [40, 150, 7200])
def test_the_service_level_agrees_with_the_integral(load, threshold, patience):
    asked = case(load, 22, patience, threshold_seconds=threshold)
    assert performance(asked).service_level == close(level_by_integral(asked), 1e-9, 1e-12)


# --- identities


cases = st.builds(
    case,
    st.floats(0.01, 120),
    st.integers(1, 130),
    st.floats(1, 1e5),
    threshold_seconds=st.floats(0, 600),
    lines=st.one_of(st.none(), st.integers(1, 200)),
)


@given(cases)
def test_people_are_served_or_give_up_or_are_blocked(asked):
    found = performance(asked)
    waited = found.mean_wait_seconds * (1 - found.p_block)
    assert found.p_abandon == close(waited * asked.leaves)
    served = found.occupancy * asked.agents / asked.load
    assert served + found.p_abandon + found.p_block == close(1, 1e-9)
    assert found.service_level <= served * (1 + 1e-9)


@given(cases)
def test_one_more_agent_never_makes_it_worse(asked):
    more = Case(**{**asked.__dict__, "agents": asked.agents + 1})
    before, after = performance(asked), performance(more)
    assert after.p_abandon <= before.p_abandon + 1e-12
    assert after.service_level >= before.service_level - 1e-12


def test_equal_patience_and_handling_make_the_number_present_poisson():
    found = performance(case(20, 20, 240))
    expected = 1 - exp(-20) * sum(20**k / factorial(k) for k in range(20))
    assert found.p_wait == close(expected)


@pytest.mark.parametrize("agents", [25, 30, 48])
def test_endless_patience_becomes_erlang_c(agents):
    patient, endless = performance(case(24, agents, 1e13)), performance(case(24, agents, None))
    for name in ("p_wait", "asa_seconds", "mean_wait_seconds", "service_level", "occupancy"):
        assert getattr(patient, name) == close(getattr(endless, name), 1e-8)


def test_no_patience_becomes_erlang_b():
    found = performance(case(24, 24, 1e-9))
    assert found.p_abandon == close(blocking(24, 24), 1e-8)


def test_lines_for_talking_only_are_erlang_b():
    found = performance(case(24, 24, lines=24))
    assert found.p_block == close(blocking(24, 24))
    assert (found.p_wait, found.p_abandon, found.asa_seconds) == (0, 0, 0)


def test_agents_beyond_the_lines_have_nothing_to_do():
    found = performance(case(24, 40, lines=24))
    assert found.p_block == close(blocking(24, 24))
    assert found.occupancy == close(24 * (1 - found.p_block) / 40)


@pytest.mark.parametrize("patience", [1e4, 1e6, 1e9])
def test_in_overload_the_surplus_gives_up(patience):
    found = performance(Case(3600, 60, 50, patience_seconds=patience))
    assert found.p_abandon == close(1 - 50 / 60, 1e-6)
    assert found.occupancy == close(1, 1e-6)


def test_overload_without_patience_never_settles():
    found = performance(Case(3600, 60, 50))
    assert (found.p_wait, found.service_level, found.occupancy) == (1, 0, 1)
    assert (found.asa_seconds, found.mean_wait_seconds) == (None, None)


def test_a_million_agents_are_no_harder_than_ten():
    # Garnett's limit at a load of exactly one agent each: P(wait) = 1 / (1 + sqrt(theta/mu)).
    found = performance(Case(3_600_000, 1000, 1_000_000, patience_seconds=250))
    assert found.p_wait == close(1 / 3, 1e-3)
    assert found.service_level > 0.999


def test_long_thresholds_do_not_underflow():
    found = performance(Case(36_000, 600, 6000, 600, patience_seconds=600))
    assert found.service_level == close(1 - found.p_abandon, 1e-9)


@given(st.floats(0.05, 60), st.floats(0.01, 60))
def test_blocking_of_a_fraction_of_a_server_follows_the_recursion(load, servers):
    expected = 1 + (servers + 1) / load * inverse_blocking(servers, load)
    assert inverse_blocking(servers + 1, load) == close(expected, 1e-9)


def test_half_an_agent_more_is_between_whole_ones():
    levels = [performance(case(10, agents)).service_level for agents in (10, 10.5, 11)]
    assert levels == sorted(levels)
    assert levels[1] == pytest.approx((levels[0] + levels[2]) / 2, abs=0.01)


def test_without_agents_all_give_up():
    found = performance(case(10, 0))
    assert (found.p_abandon, found.service_level, found.asa_seconds) == (1, 0, None)
    assert found.mean_wait_seconds == 150


def test_without_calls_nobody_waits():
    found = performance(case(0, 3))
    assert (found.p_wait, found.service_level, found.occupancy) == (0, 1, 0)


# --- goals


@pytest.mark.parametrize(
    ("goals", "needed"),
    [
        (Goals(min_service_level=0.8), 46),
        (Goals(max_abandonment=0.03), 51),
        (Goals(max_occupancy=0.85), 57),
        (Goals(0.03, 0.8, 0.85), 57),
        (Goals(max_occupancy=0.0), None),
        (Goals(min_service_level=1.0), None),
        (Goals(max_abandonment=0.0), None),
    ],
)
def test_agents_needed_meet_every_goal(goals, needed):
    assert agents_needed(PUBLISHED, goals) == needed


@settings(max_examples=60)
@given(cases, st.floats(0.001, 0.5), st.floats(0.1, 0.99), st.floats(0.3, 1))
def test_one_agent_fewer_would_not_do(asked, abandonment, level, occupancy):
    goals = Goals(abandonment, level, occupancy)
    needed = agents_needed(asked, goals)
    if needed is None:
        assert asked.lines is not None
        return
    at = {n: performance(Case(**{**asked.__dict__, "agents": n})) for n in (needed, needed - 1)}
    assert goals.met_by(at[needed])
    assert needed == 1 or not goals.met_by(at[needed - 1])


def test_endless_patience_needs_more_agents_than_load():
    assert agents_needed(case(24, 0, None), Goals(max_abandonment=0.5)) == 25


def test_pooled_queues_need_fewer_agents():
    goals = Goals(min_service_level=0.8)
    assert 4 * agents_needed(case(6, 0), goals) == 32
    assert agents_needed(case(24, 0), goals) == 26


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("aht_seconds", 0),
        ("arrivals_per_hour", -1),
        ("patience_seconds", 0),
        ("agents", inf),
        ("threshold_seconds", "soon"),
    ],
)
def test_an_input_without_meaning_is_named(field, value):
    usual = {"arrivals_per_hour": 10, "aht_seconds": 60, "agents": 1}
    with pytest.raises(InvalidCase, match=field):
        Case(**{**usual, field: value})


# --- the wait of the next one


def test_a_quantile_without_hangups_is_that_of_a_sum_of_exponentials():
    median = wait_quantile(0.5, 0, served=0.1)
    assert exp(-0.1 * median) == close(0.5)
    erlang = wait_quantile(0.9, 1, served=0.1)
    assert exp(-0.1 * erlang) * (1 + 0.1 * erlang) == close(0.1)


def test_a_quantile_with_hangups_follows_the_beta_law():
    # ahead = 1: x = 1 - exp(-theta V) ~ Beta(2, b), whose survival is (1-x)^b (1 + b x).
    theta, served = 1 / 120, 0.05
    wait, b = wait_quantile(0.9, 1, served, theta), served * 120
    x = 1 - exp(-theta * wait)
    assert (1 - x) ** b * (1 + b * x) == close(0.1)


@given(st.integers(0, 200), st.floats(0.001, 2), st.floats(0, 0.1))
def test_quantiles_grow_around_the_mean(ahead, served, leaves):
    low, middle, high = (wait_quantile(q, ahead, served, leaves) for q in (0.1, 0.5, 0.9))
    assert low < middle < high
    assert low < mean_wait(ahead, served, leaves) < high


def test_in_the_long_run_the_share_served_is_the_agents_part_of_leaving():
    assert served_within(1e6, 9, 0.1, 0.01) == close(0.1 / (0.1 + 10 * 0.01))
