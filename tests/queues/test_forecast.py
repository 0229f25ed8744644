"""The forecast against days whose busyness is known, and gamma laws against mpmath."""

import random
from datetime import date, timedelta
from math import inf, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import betainc, gammainc

from contactcenter.queues.forecast import PastDay, busyness, forecast
from contactcenter.queues.gamma import count_quantile, share_above

MONDAY = date(2026, 1, 5)
# A morning and an afternoon, Mondays half as much again.
PROFILE = [0] * 17 + [6, 14, 20, 22, 18, 12, 5, 4, 10, 16, 15, 11, 6, 2] + [0] * 17
WEEKDAYS = [1.5, 1.0, 0.9, 1.0, 1.2, 0.4, 0.0]


def poisson(chance: random.Random, mean: float) -> int:
    """Count arrivals of a unit stretch one after the other."""
    count, at = 0, chance.expovariate(1.0)
    while at < mean:
        count, at = count + 1, at + chance.expovariate(1.0)
    return count


def days(count: int, cv: float, seed: int, factors: dict[int, float] | None = None):
    """Days of Poisson arrivals whose rate is multiplied by a gamma factor of mean one."""
    chance, shape = random.Random(seed), 1 / cv**2
    for n in range(count):
        day = MONDAY + timedelta(days=n)
        factor = (factors or {}).get(n, 1.0)
        busy = chance.gammavariate(shape, 1 / shape) * WEEKDAYS[day.weekday()] * factor
        yield PastDay(day, [poisson(chance, mean * busy) for mean in PROFILE], factor)


@pytest.fixture(scope="module")
def history() -> list[PastDay]:
    return list(days(210, cv=0.12, seed=20260105))


def back_test(history: list[PastDay], first: int = 77):
    """Each later day, forecast from the ten weeks before it."""
    for place in range(first, len(history)):
        told = forecast(history[place - 70 : place], history[place].day)
        assert told is not None
        yield history[place], told


def test_the_band_covers_nine_half_hours_in_ten(history):
    inside = counted = 0
    for day, told in back_test(history):
        for slot, count in zip(told.slots, day.counts, strict=True):
            if slot.mean > 1:
                counted += 1
                inside += slot.low <= count <= slot.high
    assert counted > 1500
    assert 0.85 <= inside / counted <= 0.95


def test_it_errs_less_than_the_same_day_of_last_week(history):
    ours = naive = 0.0
    for place, (day, told) in enumerate(back_test(history), start=77):
        for slot, count, before in zip(
            told.slots, day.counts, history[place - 7].counts, strict=True
        ):
            ours += abs(slot.mean - count)
            naive += abs(before - count)
    assert ours < 0.85 * naive


def test_the_morning_makes_the_afternoon_surer(history):
    before = after = 0.0
    for day, told in back_test(history):
        seen = list(day.counts[:23])
        updated = forecast(
            [each for each in history if day.day - timedelta(days=70) <= each.day < day.day],
            day.day,
            seen=seen,
        )
        came = sum(day.counts[23:])
        before += abs(sum(slot.mean for slot in told.slots[23:]) - came)
        after += abs(sum(slot.mean for slot in updated.slots[23:]) - came)
    assert after < 0.85 * before


def test_the_update_is_the_published_factor(history):
    past, day = history[:70], history[70].day
    plain = forecast(past, day)
    seen = [2 * round(slot.mean) for slot in plain.slots[:24]]
    k = 1 / busyness(past)
    expected = (k + sum(seen)) / (k + sum(slot.mean for slot in plain.slots[:24]))
    assert forecast(past, day, seen=seen).update == pytest.approx(expected)
    assert forecast(past, day, seen=[0] * 10).update == pytest.approx(1)


def test_busyness_is_found_again():
    found = [sqrt(busyness(days(140, cv=0.12, seed=seed))) for seed in range(12)]
    assert sum(found) / len(found) == pytest.approx(0.12, abs=0.02)
    calm = [busyness(days(140, cv=0.001, seed=seed)) for seed in range(6)]
    assert sum(calm) / len(calm) < 0.04**2


def test_a_known_event_changes_the_day_and_not_the_days_after():
    rush = {63: 3.0}
    past = list(days(70, cv=0.1, seed=4, factors=rush))
    told = forecast(past, MONDAY + timedelta(days=70))
    forgotten = forecast(
        [PastDay(each.day, each.counts) for each in past], MONDAY + timedelta(days=70)
    )
    usual = 1.5 * sum(PROFILE)
    assert told.total == pytest.approx(usual, rel=0.1)
    assert forgotten.total > 1.1 * usual
    again = forecast(past, MONDAY + timedelta(days=70), factor=3.0)
    assert again.total == pytest.approx(3 * told.total)


def test_a_holiday_is_like_other_holidays():
    past = list(days(70, cv=0.1, seed=4))
    closed = {3, 20, 44}
    past = [
        PastDay(each.day, [1] * 48 if n in closed else each.counts, holiday=n in closed)
        for n, each in enumerate(past)
    ]
    told = forecast(past, MONDAY + timedelta(days=71), holiday=True)
    assert told.total == 48
    assert forecast(past[:30], MONDAY + timedelta(days=71), holiday=True) is None


def test_two_days_are_no_forecast(history):
    assert forecast(history[:14], history[14].day) is None
    assert forecast(history[:21], history[21].day).days == 3


@settings(max_examples=60)
@given(st.floats(0.2, 500), st.floats(0.01, 400), st.floats(0.05, 5))
def test_the_share_above_a_limit_is_the_incomplete_gamma_function(shape, mean, times):
    exact = gammainc(shape, shape * times, regularized=True)
    assert share_above(shape, mean, mean * times) == pytest.approx(float(exact), abs=1e-10)


@settings(max_examples=40)
@given(st.floats(0.5, 300), st.floats(0.05, 400), st.sampled_from([0.05, 0.5, 0.95]))
def test_a_count_quantile_is_that_of_the_negative_binomial(shape, mean, share):
    def below(count: int) -> float:
        """Negative binomial distribution function, as an incomplete beta function."""
        if count < 0:
            return 0.0
        return float(betainc(shape, count + 1, 0, shape / (shape + mean), regularized=True))

    found = count_quantile(share, shape, mean)
    assert below(found) >= share - 1e-9
    assert below(found - 1) < share + 1e-9


def test_a_certain_rate_makes_poisson_counts():
    assert (count_quantile(0.05, inf, 10), count_quantile(0.95, inf, 10)) == (5, 15)
    assert count_quantile(0.95, inf, 10_000) == pytest.approx(10_000 + 164.5, abs=2)
    assert share_above(inf, 10, 9) == 1
    assert share_above(inf, 10, 11) == 0
    assert share_above(4, 0, 1) == 0
