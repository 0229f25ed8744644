"""Redials against published numbers and the fixed point they must be."""

import pytest

from contactcenter.queues.redials import with_redials
from contactcenter.queues.staffing import Case, InvalidCase, NeverSettles, performance

# The published volumes of ten Erlang on nine agents have patience of one and a half services.
TEN = Case(150, 240, 9, patience_seconds=360)


@pytest.mark.parametrize(
    ("case", "redial", "reconnect", "times", "lost"),
    [
        (TEN, 0.5, 0, 1.13, 0.23),
        (TEN, 0.8, 0, 1.42, 0.37),
        (Case(360, 240, 22, patience_seconds=150), 0.9, 0.1, 2.67, 0.66),
    ],
)
def test_published_volumes(case, redial, reconnect, times, lost):
    found = with_redials(case, redial, reconnect)
    assert found.times == pytest.approx(times, abs=0.006)
    assert found.found.p_abandon == pytest.approx(lost, abs=0.006)


def test_the_volume_is_the_one_it_makes():
    found = with_redials(TEN, 0.6, 0.2)
    total = TEN.arrivals_per_hour * found.times
    lost = performance(Case(total, 240, 9, patience_seconds=360)).p_abandon
    first = total * (1 - 0.6 * lost - 0.2 * (1 - lost))
    assert first == pytest.approx(TEN.arrivals_per_hour, rel=1e-9)


def test_without_redials_nothing_changes():
    assert with_redials(TEN, 0.0).times == pytest.approx(1)
    assert with_redials(Case(0, 300, 9), 0.5).times == 1


def test_when_all_who_gave_up_call_again_and_work_is_too_much_nothing_settles():
    with pytest.raises(NeverSettles):
        with_redials(TEN, 1.0)
    assert with_redials(Case(110, 240, 9, patience_seconds=360), 1.0).times > 1


def test_a_share_beyond_one_is_named():
    with pytest.raises(InvalidCase, match="redial"):
        with_redials(TEN, 1.1)
