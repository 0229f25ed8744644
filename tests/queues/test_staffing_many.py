"""Many solves at once answer what one solve after the other answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.queues.staffing import Case, Goals, agents_needed, performance
from contactcenter.queues.staffing_many import Cases, agents_needed_each, performances

cases = st.builds(
    Case,
    st.one_of(st.floats(1e-6, 3000), st.just(0.0)),
    st.floats(5, 2000),
    st.just(0),
    st.sampled_from([0, 5, 20, 120, 600]),
    st.one_of(st.none(), st.floats(0.5, 1e6)),
    st.one_of(st.none(), st.integers(1, 100)),
)
goals = st.builds(
    Goals,
    st.one_of(st.none(), st.floats(0, 0.5)),
    st.one_of(st.none(), st.floats(0.05, 1)),
    st.one_of(st.none(), st.floats(0.1, 1)),
)


@settings(max_examples=40)
@given(st.lists(cases, min_size=1, max_size=6), goals)
def test_together_or_alone_the_agents_needed_are_the_same(asked, wanted):
    alone = [agents_needed(case, wanted) for case in asked]
    assert agents_needed_each(asked, wanted) == alone


@pytest.mark.parametrize("load", [1e-6, 0.5, 20, 150])
@pytest.mark.parametrize("agents", [1, 18, 22, 170, 400])
@pytest.mark.parametrize("patience", [5, 150, 600])
def test_together_every_figure_is_right_to_ten_digits(load, agents, patience):
    case = Case(load * 15, 240, agents, 20, patience)
    arrays = Cases(*(np.array([v]) for v in (case.arrivals, 1 / 240, case.leaves, 20.0)))
    lost, level, occupancy = performances(arrays, np.array([float(agents)]))
    one = performance(case)
    assert lost[0] == pytest.approx(one.p_abandon, rel=1e-10, abs=1e-12)
    assert level[0] == pytest.approx(one.service_level, abs=1e-10)
    assert occupancy[0] == pytest.approx(one.occupancy, rel=1e-10)


def test_of_no_cases_there_are_no_answers():
    assert agents_needed_each([], Goals(min_service_level=0.8)) == []


def test_a_published_case_among_others_is_answered_in_its_place():
    published = Case(2880, 60, 0, patience_seconds=120)
    others = [Case(60 * n, 300, 0, patience_seconds=150) for n in range(1, 9)]
    found = agents_needed_each([*others, published], Goals(min_service_level=0.8))
    assert found[-1] == 46
    assert found[:-1] == sorted(found[:-1])
