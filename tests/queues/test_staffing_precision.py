"""Staffing against closed forms in 40 digits: mpmath's hypergeometric functions and quadrature.

They share nothing with the product's sums: 1/B(n, a) = a U(1, n + 2, a), the weight of all states
in which somebody may wait is (a/n) 1F1(1; nm/t + 1; l/t), and the service level is an integral.
"""

import json

import pytest
from click.testing import CliRunner
from mpmath import exp, expm1, hyp1f1, hyperu, log, mpf, quad, sqrt, workdps

from contactcenter.queues.commands import staffing
from contactcenter.queues.staffing import Case, performance


def closed_form(case: Case) -> dict[str, float]:
    """P(wait), P(abandon), mean wait, service level and occupancy of Erlang A or C."""
    with workdps(40):
        arrivals, ends = mpf(case.arrivals_per_hour) / 3600, 1 / mpf(case.aht_seconds)
        agents, load, until = mpf(case.agents), arrivals / ends, mpf(case.threshold_seconds)
        leaves = 1 / mpf(case.patience_seconds) if case.patience_seconds else mpf(0)
        served = agents * ends
        free = load * hyperu(1, agents + 1, load)

        def reached(x: mpf) -> mpf:
            """Density of being reached after x while willing, over the arrival rate."""
            came = -expm1(-leaves * x) / leaves if leaves else x
            return exp(arrivals * came - (leaves + served) * x)

        tail = _tail(arrivals, served, leaves) if leaves else arrivals / (served - arrivals)
        whole = free + tail
        lost = 1 - (free + (served / arrivals) * tail - 1) / whole if leaves else mpf(0)
        mean = lost / leaves if leaves else tail / whole / (served - arrivals)
        scale = 1 / (served + arrivals)
        cuts = [0, *(cut for cut in (scale, 8 * scale, 64 * scale) if cut < until), until]
        in_time = quad(reached, cuts) if until else mpf(0)
        return {
            "p_wait": float(tail / whole),
            "p_abandon": float(lost),
            "mean_wait_seconds": float(mean),
            "service_level": float((free + arrivals * in_time) / whole),
            "occupancy": float(load * (1 - lost) / agents),
        }


def _tail(arrivals: mpf, served: mpf, leaves: mpf) -> mpf:
    if served / leaves < 1e5:
        return arrivals / served * hyp1f1(1, served / leaves + 1, arrivals / leaves)
    # The series has millions of terms there: its integral instead, cut around the peak.
    peak = max(0, log(arrivals / served) / leaves)
    spread = 1 / sqrt(leaves * served)
    wide = spread if peak else min(spread, 1 / (served - arrivals)) if served > arrivals else spread
    reach = [peak + wide * step for step in (-99, -30, -9, -3, 0, 3, 9, 30, 99, 300)]
    cuts = [0, *(cut for cut in reach if cut > 0)]

    def offered(x: mpf) -> mpf:
        return exp(-arrivals * expm1(-leaves * x) / leaves - served * x)

    return arrivals * quad(offered, cuts)


def agrees(case: Case) -> None:
    found = performance(case)
    for name, expected in closed_form(case).items():
        assert getattr(found, name) == pytest.approx(expected, rel=1e-8, abs=1e-8), name


@pytest.mark.parametrize("patience", [1, 150, 7200])
@pytest.mark.parametrize(("agents", "threshold"), [(1, 0), (2.5, 20), (24, 20), (30.25, 120)])
def test_ordinary_centres_agree_to_eight_digits(patience, agents, threshold):
    agrees(Case(24 * 15, 240, agents, threshold, patience))


@pytest.mark.parametrize("load", ["1e-6", "0.3"])
@pytest.mark.parametrize("agents", [0.5, 3])
@pytest.mark.parametrize("patience", [30, None])
def test_hardly_any_demand_agrees(load, agents, patience):
    arrivals = float(load) * 15
    agrees(Case(arrivals, 240, agents, 20, patience))


@pytest.mark.parametrize(("load", "agents"), [(1000, 1010), (5000, 4990)])
def test_very_large_centres_agree(load, agents):
    agrees(Case(load * 15, 240, agents, 20, 60))


@pytest.mark.parametrize("agents", [24.001, 33.5])
@pytest.mark.parametrize("threshold", [0, 900])
def test_people_who_never_give_up_agree(agents, threshold):
    agrees(Case(24 * 15, 240, agents, threshold))


@pytest.mark.parametrize("slowness", [1e-5])
def test_patience_far_beyond_handling_agrees(slowness):
    """Where forms with gamma functions lose every digit: theta / mu below 1e-4."""
    for agents in (23, 24):
        agrees(Case(24 * 15, 240, agents, 20, 240 / slowness))


def test_a_threshold_without_end_leaves_only_those_who_gave_up():
    case = Case(24 * 15, 240, 22, 100_000, 150)
    assert performance(case).service_level == pytest.approx(
        1 - closed_form(case)["p_abandon"], 1e-10
    )


def test_the_command_is_as_precise_as_the_formulas():
    case = {"arrivals_per_hour": 2880, "aht_seconds": 60, "agents": 50, "patience_seconds": 120}
    answered = CliRunner().invoke(staffing, ["--cases", "-"], input=json.dumps(case))
    told = json.loads(answered.output)
    for name, expected in closed_form(Case(**case)).items():
        assert told[name] == pytest.approx(expected, rel=1e-12), name
