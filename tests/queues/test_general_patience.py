"""Staffing with a measured curve of patience, against Erlang A, quadrature and a simulation."""

import random
from decimal import Decimal
from heapq import heappop, heappush

import pytest
from mpmath import exp, hyperu, mpf, quad, workdps

from contactcenter.queues.general_patience import general_performance
from contactcenter.queues.patience import Survival
from contactcenter.queues.staffing import Case, Goals, NeverSettles, agents_needed, performance


def curve_of(points: dict[int, float]) -> Survival:
    return Survival(tuple(points), tuple(Decimal(share) for share in points.values()))


def exponential(mean: float, until: int = 4000) -> Survival:
    """Steps of one second whose middles lie on the exponential curve."""
    return curve_of({t: 2.718281828459045 ** (-(t + 0.5) / mean) for t in range(1, until)})


BIMODAL = curve_of({5: 0.85, 12: 0.6, 60: 0.5, 200: 0.3, 600: 0.05})


@pytest.mark.parametrize("agents", [18, 22, 24.5, 30])
def test_an_exponential_curve_gives_erlang_a(agents):
    case = Case(360, 240, agents, 20, 150)
    found, exact = general_performance(case, exponential(150)), performance(case)
    for name in ("p_wait", "p_abandon", "mean_wait_seconds", "asa_seconds", "service_level"):
        assert getattr(found, name) == pytest.approx(getattr(exact, name), rel=4e-3), name


def by_quadrature(case: Case, curve: Survival) -> dict[str, float]:
    with workdps(40):
        arrivals, served = mpf(case.arrivals_per_hour) / 3600, mpf(case.agents) / case.aht_seconds
        load = arrivals * case.aht_seconds
        free = load * hyperu(1, case.agents + 1, load)
        edges = [0, *curve.waits]
        left = [mpf(1), *(mpf(str(share)) for share in curve.shares)]

        def willing(x):
            return left[sum(1 for edge in curve.waits if edge <= x)]

        def reach(x):
            spans = zip(edges, [*edges[1:], x], left, strict=True)
            return sum(max(0, min(x, end) - begin) * share for begin, end, share in spans)

        def density(x):
            return exp(arrivals * reach(x) - served * x)

        cuts = [*edges, edges[-1] + 100, edges[-1] + 2000]
        busy = arrivals * quad(density, cuts)
        answered = arrivals * quad(lambda x: willing(x) * density(x), cuts)
        waited = arrivals * quad(lambda x: willing(x) * density(x) * x, cuts)
        return {
            "p_wait": float(busy / (free + busy)),
            "p_abandon": float(1 - (free + answered) / (free + busy)),
            "asa_seconds": float(waited / (free + answered)),
        }


@pytest.mark.parametrize("agents", [19, 24, 28])
def test_a_curve_with_steps_agrees_with_quadrature(agents):
    case = Case(360, 240, agents, 20)
    found = general_performance(case, BIMODAL)
    for name, expected in by_quadrature(case, BIMODAL).items():
        assert getattr(found, name) == pytest.approx(expected, rel=1e-8), name


def simulated(case: Case, patience, served: int, seed: int) -> tuple[float, float, float]:
    """P(abandon), mean wait and service level of a queue played person by person."""
    chance, free_at = random.Random(seed), [0.0] * int(case.agents)
    now = lost = waited = in_time = 0.0
    for _ in range(served):
        now += chance.expovariate(case.arrivals)
        offered, willing = max(0.0, free_at[0] - now), patience(chance)
        waited += min(offered, willing)
        if willing < offered:
            lost += 1
            continue
        in_time += offered <= case.threshold_seconds
        heappush(free_at, max(now, heappop(free_at)) + chance.expovariate(1 / case.aht_seconds))
    return lost / served, waited / served, in_time / served


def test_a_queue_played_person_by_person_agrees():
    def patience(chance: random.Random) -> float:
        share = chance.random()
        return next((wait for wait, left in drawn if share >= left), 1e9)

    drawn = list(zip(BIMODAL.waits, map(float, BIMODAL.shares), strict=True))
    case = Case(360, 240, 22, 20)
    found = general_performance(case, BIMODAL)
    lost, waited, level = simulated(case, patience, 150_000, seed=7)
    assert found.p_abandon == pytest.approx(lost, abs=0.006)
    assert found.mean_wait_seconds == pytest.approx(waited, rel=0.05)
    assert found.service_level == pytest.approx(level, abs=0.01)


@pytest.mark.parametrize(
    ("curve", "ratio"),
    [
        # Published with the method: uniform up to 240 s; 40 % very impatient (30 s, others 200 s).
        (curve_of({t: 1 - t / 240 for t in range(1, 241)}), 0.005),
        (curve_of({t: 0.4 * 0.9672**t + 0.6 * 0.995**t for t in range(1, 3000)}), 0.014),
    ],
)
def test_the_shape_of_patience_decides_how_many_leave_for_a_wait(curve, ratio):
    found = general_performance(Case(360, 240, 22), curve)
    assert found.p_abandon / found.mean_wait_seconds == pytest.approx(ratio, rel=0.25)


@pytest.mark.parametrize("agents", [1, 3000])
def test_extremes_neither_overflow_nor_leave_their_range(agents):
    found = general_performance(Case(36_000, 240, agents, 20), BIMODAL if agents > 200 else GONE)
    assert 0 <= found.p_abandon <= 1
    assert 0 <= found.service_level <= 1
    lost = 1 - agents / 2400 if agents < 2400 else 0
    assert found.p_abandon == pytest.approx(lost, abs=1e-3)


GONE = curve_of({5: 0.85, 600: 0.05, 900: 0.0})


def test_people_who_never_leave_must_not_be_more_than_can_be_served():
    stubborn = curve_of({10: 0.5})
    with pytest.raises(NeverSettles):
        general_performance(Case(360, 240, 12), stubborn)
    assert general_performance(Case(360, 240, 13), stubborn).p_abandon > 0.4


def test_goals_are_met_by_the_measured_curve_too():
    goals = Goals(max_abandonment=0.05, min_service_level=0.8, max_occupancy=0.9)
    case = Case(360, 240, 0, 20)
    needed = agents_needed(case, goals, lambda tried: general_performance(tried, BIMODAL))
    at = {n: general_performance(Case(360, 240, n, 20), BIMODAL) for n in (needed - 1, needed)}
    assert goals.met_by(at[needed])
    assert not goals.met_by(at[needed - 1])
    assert agents_needed(case, goals) != needed
