"""Figures from small tables: each test says only what it is about."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.queues.figures import reconciles, report
from contactcenter.queues.outcomes import COUNTS, Outcome
from contactcenter.queues.rows import AgentSession, VisitRow

START = datetime(2026, 3, 17, 8, tzinfo=UTC)
END = START + timedelta(hours=2)
NUMBERS = iter(range(10**6))


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def visit(outcome=Outcome.ANSWERED, wait=0, at=0, talk=60, **more):
    """A visit that waited `wait` seconds from `at` seconds after the start of the window."""
    entered = after(at)
    left = None if outcome is None else entered + timedelta(seconds=wait)
    answered = left if outcome is Outcome.ANSWERED else None
    row = {
        "queue": "roads",
        "channel": "phone",
        "source": "new",
        "interaction": f"c{next(NUMBERS)}",
        "leg": 1,
        "entered_at": entered,
        "answered_at": answered,
        "left_at": left,
        "ended_at": answered and answered + timedelta(seconds=talk),
        "outcome": outcome,
        "agent": "a1" if answered else None,
    }
    return VisitRow(**{**row, **more})


def figures(*rows, sessions=(), cutoff=None, scope="all", targets=None, timezone="UTC"):
    answer = report(rows, sessions, START, END, timezone, cutoff, targets=targets)
    return answer[scope]


def test_an_empty_window_has_counts_of_nothing_and_no_rates():
    empty = figures()
    assert (empty["legs_offered"], empty["queue_area_call_seconds"]) == (0, 0)
    assert {empty["sl20_headline"], empty["lost_rate"], empty["asa_s"], empty["occupancy"]} == {
        None
    }
    assert empty["patience_km_S"] == {"30": None, "60": None, "120": None, "300": None}


def test_a_visit_belongs_to_the_window_in_which_it_arrived():
    early, first, last = visit(at=-1), visit(at=0), visit(at=7199)
    late = visit(at=7200)
    assert figures(early, first, last, late)["legs_offered"] == 2


def test_the_threshold_is_inclusive():
    on_time = figures(visit(wait=20), visit(wait=20.001), visit(wait=19))
    assert on_time["answered_within_20s"] == 2


# Where one visit of each outcome, after 30 s, counts: offered, headline denominator, lost.
@pytest.mark.parametrize(
    ("outcome", "offered", "owed", "lost"),
    [
        (Outcome.ANSWERED, 1, 1, 0),
        (Outcome.ABANDONED, 1, 1, 1),
        (Outcome.ABANDONED_SHORT, 1, 0, 0),
        (Outcome.TIMEOUT, 1, 1, 1),
        (Outcome.NO_AGENT, 1, 1, 1),
        (Outcome.FULL, 1, 1, 1),
        (Outcome.DIVERTED, 1, 0, 1),
        (Outcome.CLOSED, 0, 0, 0),
        (Outcome.KEY_EXIT, 1, 0, 0),
        (Outcome.CALLBACK, 1, 0, 0),
        (Outcome.MOVED, 1, 0, 0),
        (Outcome.ERROR, 1, 1, 1),
        (Outcome.CALLBACK_UNREACHED, 1, 0, 0),
        (Outcome.CALLBACK_BROKEN, 1, 0, 1),
        (Outcome.WITHDRAWN, 1, 1, 1),
    ],
)
def test_each_outcome_counts_where_the_table_says(outcome, offered, owed, lost):
    counted = figures(visit(outcome, wait=30))
    assert counted["legs_offered"] == offered
    assert (counted["sl20_headline"] is not None) == bool(owed)
    assert counted["lost"] == lost
    assert counted["outcomes"][outcome] == 1
    assert reconciles(counted)


def test_our_headline_counts_everyone_to_whom_an_answer_was_due():
    day = figures(
        visit(wait=20),
        visit(wait=21),
        visit(Outcome.ABANDONED, wait=90),
        visit(Outcome.ABANDONED_SHORT, wait=3),
        visit(Outcome.FULL),
        visit(None),
    )
    assert day["sl20_headline"] == 1 / 4
    assert day["sl20_A_answered_over_answered_plus_abandoned"] == 1 / 4
    assert day["sl20_B_excluding_short_abandons"] == 1 / 3
    assert day["sl20_C_over_answered"] == 1 / 2
    assert day["sl20_D_abandoned_in_T_count_as_good"] == 2 / 4
    assert day["sl20_E_excluding_abandons_within_T"] == 1 / 3
    assert day["sl20_F_blocked_in_denominator"] == 1 / 5


def test_whoever_waits_beyond_the_threshold_already_spoils_the_level_now():
    waiting_long, waiting_little = visit(None, at=0), visit(None, at=30)
    now = figures(visit(wait=5), waiting_long, waiting_little, cutoff=after(40))
    assert (now["sl20_headline"], now["sl20_now"]) == (1.0, 0.5)


def test_refusal_at_joining_is_blocked_and_during_the_wait_is_not():
    refused, dropped = visit(Outcome.NO_AGENT), visit(Outcome.NO_AGENT, wait=40)
    both = figures(refused, dropped)
    assert both["blocked"] == 1
    assert both["blocked_rate"] == 1 / 2
    assert both["abandon_rate"] == 0.0


def test_the_rate_of_giving_up_leaves_out_who_never_stood_in_line_or_moved_on():
    rows = [visit(outcome, wait=30) for outcome in Outcome]
    assert figures(*rows)["abandon_rate_excl_short"] == 2 / 5


def test_a_diversion_the_citizen_chose_is_no_loss():
    assert figures(visit(Outcome.DIVERTED, chosen=True))["lost"] == 0


def test_quantiles_are_waits_that_really_happened():
    waits = figures(*(visit(wait=n) for n in range(1, 11)))["wait_answered_quantiles_s"]
    assert waits == {"0.5": 5, "0.8": 8, "0.9": 9, "0.95": 10, "0.99": 10}


def test_means_are_over_those_they_name():
    rows = visit(wait=10), visit(wait=20), visit(Outcome.ABANDONED, wait=60), visit(None)
    waits = figures(*rows)
    assert (waits["asa_s"], waits["mean_wait_abandoned_s"], waits["mean_wait_all_s"]) == (
        15,
        60,
        30,
    )


def test_a_citizen_waits_in_all_what_they_waited_in_each_queue():
    first = visit(wait=10, interaction="c", transferred=True)
    second = visit(wait=50, interaction="c", leg=2, source="transfer", at=100)
    waits = figures(first, second)
    assert (waits["mean_wait_all_s"], waits["mean_wait_per_contact_s"]) == (30, 60)
    assert (waits["contacts"], waits["legs_offered"]) == (1, 2)
    assert (waits["handled"], waits["transferred_out"]) == (1, 1)


def test_the_longest_wait_includes_the_one_that_lasts():
    longest = figures(visit(wait=10), visit(None), cutoff=after(300))
    assert (longest["longest_wait_answered_s"], longest["longest_wait_any_s"]) == (10, 300)


def test_patience_counts_the_served_as_willing_to_wait_longer():
    patience = figures(visit(wait=100), visit(wait=20), visit(Outcome.ABANDONED, wait=60))
    assert patience["patience_mle_mean_s"] == 180
    assert patience["patience_km_S"] == {"30": 1.0, "60": 0.5, "120": 0.5, "300": 0.5}
    assert patience["patience_km_median_s"] == 60


def test_patience_is_unknown_when_nobody_gave_up():
    patience = figures(visit(wait=100))
    assert (patience["patience_mle_mean_s"], patience["patience_km_median_s"]) == (None, None)


def test_the_length_of_the_queue_includes_who_was_there_before():
    carried_in = visit(wait=120, at=-60)
    line = figures(carried_in, visit(wait=60, at=30))
    assert line["legs_offered"] == 1
    assert line["queue_area_call_seconds"] == 120
    assert line["queue_nonempty_seconds"] == 90
    assert line["queue_max_length"] == 2
    assert line["queue_max_first_at"] == "2026-03-17T08:00:30+00:00"


def test_who_leaves_makes_room_for_who_comes_at_the_same_moment():
    line = figures(visit(wait=10, at=0), visit(wait=10, at=10))
    assert line["queue_max_length"] == 1


def test_the_queue_counts_the_waiting_until_the_cut_off():
    line = figures(visit(None, at=0), cutoff=after(90))
    assert line["queue_area_call_seconds"] == 90
    assert line["still_waiting"] == 1
    assert line["queue_mean_length"] == 1.0


def test_occupancy_is_of_the_time_logged_in():
    shift = AgentSession("a1", "roads", after(0), after(100))
    busy = figures(visit(at=50, talk=80), sessions=[shift])
    assert busy["agent_logged_seconds"] == 100
    assert busy["agent_busy_logged_seconds"] == 50
    assert busy["agent_busy_after_logout_seconds"] == 30
    assert busy["occupancy"] == 0.5


def test_an_agent_who_serves_two_at_once_is_busy_once():
    shift = AgentSession("a1", None, after(-500), None)
    rows = visit(at=0, talk=100), visit(at=50, talk=100)
    busy = figures(*rows, sessions=[shift], cutoff=after(300))
    assert (busy["agent_logged_seconds"], busy["occupancy"]) == (300, 0.5)


def test_an_answer_in_progress_has_no_handling_time_yet():
    going_on = visit(at=10, ended_at=None, in_progress=True)
    now = figures(going_on, visit(talk=40), cutoff=after(60))
    assert (now["answered"], now["handled"], now["in_progress"]) == (2, 1, 1)
    assert now["aht_s"] == 40
    assert now["agent_busy_after_logout_seconds"] == 60


@pytest.mark.parametrize(("day", "slots"), [(28, 48), (29, 46)])
def test_a_short_day_has_fewer_half_hours(day, slots):
    first = datetime(2026, 3, day - 1, 23, tzinfo=UTC)
    last = datetime(2026, 3, day, 23 if day == 28 else 22, tzinfo=UTC)
    answer = report([], [], first, last, "Europe/Paris")
    assert len(answer["all"]["half_hours_offered_answered_within20_abandoned"]) == slots


def test_half_hours_are_those_of_arrival():
    rows = visit(wait=2000, at=1799), visit(Outcome.ABANDONED, wait=9, at=1800)
    half_hours = figures(*rows)["half_hours_offered_answered_within20_abandoned"]
    assert half_hours == [[1, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_each_queue_has_its_own_figures_and_target():
    rows = visit(wait=500, queue="counter"), visit(wait=30)
    answer = report(rows, [], START, END, "UTC", targets={"counter": timedelta(minutes=10)})
    assert set(answer) == {"all", "queue:counter", "queue:roads"}
    assert answer["queue:counter"]["service_level"] == 1.0
    assert answer["queue:counter"]["target_seconds"] == 600
    assert answer["queue:roads"]["service_level"] == 0.0
    assert answer["all"]["service_level"] == 0.5
    assert answer["all"]["sl20_headline"] == 0.0


def test_a_target_meant_in_open_hours_is_judged_by_them():
    mail = visit(wait=50_000, open_wait=timedelta(hours=1), at=0, queue="mail")
    level = figures(mail, scope="queue:mail", targets={"mail": timedelta(hours=1)})
    assert level["service_level"] == 1.0


def test_a_call_back_is_on_time_when_it_keeps_its_promise():
    kept = visit(wait=3600, source="callback", promised_at=after(3600))
    late = visit(wait=3601, source="callback", promised_at=after(3600))
    called = figures(kept, late)
    assert called["sl20_headline"] == 0.5
    assert called["asa_s"] is None
    assert called["demands"] == 0


def test_a_second_attempt_within_half_an_hour_is_the_same_demand():
    first = visit(Outcome.ABANDONED, wait=60, caller="k")
    again = visit(Outcome.ABANDONED, wait=60, at=60 + 1800, caller="k")
    much_later = visit(at=6000, caller="k")
    assert figures(first, again, much_later)["demands"] == 2


def test_who_was_answered_and_comes_again_has_a_new_demand():
    assert figures(visit(caller="k"), visit(at=200, caller="k"))["demands"] == 2


def test_a_person_served_within_a_day_is_not_unserved():
    given_up = visit(Outcome.ABANDONED, wait=60, caller="k")
    twice_lost = [visit(Outcome.FULL, at=n, caller="m") for n in (5, 50)]
    next_day = visit(at=80_000, caller="k")
    assert figures(given_up, *twice_lost, next_day)["unserved_people"] == 1


outcomes = st.sampled_from([None, *Outcome])
tables = st.lists(st.tuples(outcomes, st.integers(0, 400), st.integers(-500, 8000)), max_size=30)


@given(tables)
def test_everything_offered_is_accounted_for(table):
    rows = [visit(outcome, wait=wait, at=at) for outcome, wait, at in table]
    whole = figures(*rows)
    assert reconciles(whole)
    assert (
        sum(slot[0] for slot in whole["half_hours_offered_answered_within20_abandoned"])
        == (whole["legs_offered"])
    )


def test_every_outcome_has_its_row():
    assert set(COUNTS) == set(Outcome)
