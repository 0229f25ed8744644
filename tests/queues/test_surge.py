"""The alarm of a surge: its run lengths are exact, by the Markov chain of its scores."""

from collections.abc import Callable
from math import exp, lgamma, log

import pytest

from contactcenter.queues.surge import ALARM, SURGE, Watch, evidence, reference_count

Chance = Callable[[int], float]


def poisson(mean: float) -> Chance:
    return lambda count: exp(count * log(mean) - mean - lgamma(count + 1))


def gamma_poisson(mean: float, spread: float) -> Chance:
    size = 1 / spread**2

    def chance(count: int) -> float:
        ways = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
        return exp(ways + size * log(size / (size + mean)) + count * log(mean / (size + mean)))

    return chance


def run_length(gain: Callable[[int], int], alarm: int, chance: Chance) -> float:
    """Mean number of intervals to the alarm from score 0; scores are whole numbers of a grid.

    L(s) = 1 + the sum over counts of chance x L(the next score), over scores without alarm.
    """
    rows = []
    for score in range(alarm):
        row = [0.0] * alarm + [1.0]
        row[score] = 1.0
        for count in range(200):
            after = max(0, score + gain(count))
            if after < alarm:
                row[after] -= chance(count)
        rows.append(row)
    return _first_unknown(rows)


def _first_unknown(rows: list[list[float]]) -> float:
    """Gauss, from the last unknown down to the first."""
    for pivot in range(len(rows) - 1, -1, -1):
        for row in rows[:pivot]:
            factor = row[pivot] / rows[pivot][pivot]
            if factor:
                for place in (*range(pivot), -1):
                    row[place] -= factor * rows[pivot][place]
    return rows[0][-1] / rows[0][0]


def test_the_classical_rule_has_its_published_run_lengths():
    assert run_length(lambda count: count - 5, 10, poisson(4)) == pytest.approx(422, abs=0.5)
    assert run_length(lambda count: count - 5, 10, poisson(6)) == pytest.approx(9.7, abs=0.05)


def test_without_spread_the_evidence_is_the_classical_rule():
    k = reference_count(4, 6)
    assert k == pytest.approx(4.93, abs=0.01)
    for count in (0, 3, 5, 12):
        assert evidence(count, 4) == pytest.approx((count - k) * log(SURGE))


def lengths(expected: float, spread: float) -> tuple[float, float]:
    """Intervals to a false alarm and to a true one, on a grid of a hundred scores."""
    step = ALARM / 100

    def gain(count: int) -> int:
        return round(evidence(count, expected, spread) / step)

    usual, surged = gamma_poisson(expected, spread), gamma_poisson(expected * SURGE, spread)
    return run_length(gain, 100, usual), run_length(gain, 100, surged)


@pytest.mark.parametrize("expected", [1, 4, 20])
def test_a_surge_is_told_much_sooner_than_a_false_alarm_comes(expected):
    false, true = lengths(expected, 0.2)
    assert false > 200
    assert true < 40
    assert false > 10 * true


def test_a_lively_day_is_no_surge():
    """Plain Poisson limits cry out where counts spread more than Poisson's."""
    step, lively = ALARM / 100, gamma_poisson(20, 0.2)
    plain = run_length(lambda count: round(evidence(count, 20) / step), 100, lively)
    assert lengths(20, 0.2)[0] > 3 * plain


def test_an_alarm_lasts_until_nothing_speaks_for_it():
    watch = Watch()
    for _ in range(6):
        watch = watch.after(10, 4)
    assert watch.is_alarm
    watch = watch.after(3, 4)
    assert watch.is_alarm
    for _ in range(10):
        watch = watch.after(2, 4)
    assert watch == Watch(0.0, is_alarm=False)


def test_a_visitor_at_dawn_is_no_surge():
    assert not Watch().after(1, 0).is_alarm
