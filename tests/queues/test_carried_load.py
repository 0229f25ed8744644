"""Load carried between intervals, against the differential equation and closed forms."""

from math import cos, pi, sin

import pytest

from contactcenter.queues.carried_load import carried_loads, carried_rates


def by_steps(rates: list[float], aht: float, interval: float, start: float) -> list[float]:
    """Mean load of each interval by the trapezoidal rule on m' = arrivals - m / handling."""
    load, steps, means = start, 4000, []
    width = interval / steps
    for rate in rates:
        area = 0.0
        for _ in range(steps):
            middle = load + width / 2 * (rate / 3600 - load / aht)
            after = load + width * (rate / 3600 - middle / aht)
            area += (load + after) / 2 * width
            load = after
        means.append(area / interval)
    return means


@pytest.mark.parametrize("aht", [60, 360, 2400])
def test_each_interval_has_the_mean_of_the_differential_equation(aht):
    rates = [20, 60, 110, 30, 0, 0, 80]
    found = list(carried_loads(rates, aht, 1800, start=3.0))
    assert found == pytest.approx(by_steps(rates, aht, 1800, 3.0), rel=1e-5, abs=1e-6)


def test_a_wave_of_demand_comes_later_and_lower():
    """Load = a/mu + b/(mu^2+c^2) (mu sin ct - c cos ct) for arrivals a + b sin ct."""
    mean, swing, aht, day = 100.0, 40.0, 2400.0, 86_400.0
    count, c, mu = 2880, 2 * pi / day, 1 / aht
    width = day / count
    rates = [mean + swing * sin(c * (n + 0.5) * width) for n in range(3 * count)]
    loads = list(carried_loads(rates, aht, width))[-count:]
    at = [(n + 0.5) * width for n in range(count)]
    factor = swing / 3600 / (mu**2 + c**2)
    expected = [mean / 3600 / mu + factor * (mu * sin(c * t) - c * cos(c * t)) for t in at]
    assert loads == pytest.approx(expected, abs=0.01)


def test_what_arrives_is_served_in_the_end():
    rates = [50.0, 120.0, 10.0] + [0.0] * 60
    work = sum(loads * 1800 for loads in carried_loads(rates, 2400, 1800))
    assert work == pytest.approx(sum(rates) * 0.5 * 2400, rel=1e-9)


def test_short_service_is_the_load_of_its_own_interval():
    rates = [30.0, 90.0, 60.0]
    assert carried_rates(rates, 10, 1800) == pytest.approx(rates, rel=0.01, abs=0.4)
    assert carried_rates(rates, 2400, 1800)[1] < 50
