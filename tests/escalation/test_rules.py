"""The clock of a team: pure arithmetic by tables, and properties that hold for any moment."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.directory.rules import Hours, Interval, is_open, open_time_between
from contactcenter.escalation import rules, words
from contactcenter.escalation.rules import Rung

HOURS = Hours(
    weekly={
        day: (Interval(time(8, 30), time(12)), Interval(time(13, 30), time(17))) for day in range(5)
    },
    timezone="Europe/Paris",
    country="FR",
)
moments = st.integers(0, 700 * 86400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
amounts = st.integers(0, 200 * 3600).map(lambda seconds: timedelta(seconds=seconds))


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A winter moment of Paris in 2026, told as the clock on the wall shows it."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (at(23, 10), 1, at(23, 11)),
        (at(23, 11), 2, at(23, 14, 30)),  # the lunch break does not count
        (at(23, 10), 8, at(24, 11)),
        (at(27, 16), 2, at(30, 9, 30)),  # Friday evening goes on on Monday
        (at(24, 15, month=12), 3, at(28, 9, 30, month=12)),  # Christmas Day is a holiday
        (at(22, 3), 1, at(23, 9, 30)),  # asked on a Sunday night
    ],
)
def test_a_deadline_counts_the_teams_open_hours_only(
    start: datetime, hours: int, due: datetime
) -> None:
    assert rules.deadline(HOURS, start, timedelta(hours=hours)) == due


@given(start=moments, left=amounts)
def test_what_is_left_of_a_deadline_is_what_was_given(start: datetime, left: timedelta) -> None:
    assert rules.remaining(HOURS, start, rules.deadline(HOURS, start, left)) == left


@given(start=moments, late=amounts)
def test_a_lateness_kept_is_a_lateness_given_back(start: datetime, late: timedelta) -> None:
    due_at = rules.deadline(HOURS, start, -late)
    assert due_at <= start
    assert rules.remaining(HOURS, start, due_at) == -late


@given(now=moments, ahead=amounts)
def test_chasing_never_makes_the_next_step_later(now: datetime, ahead: timedelta) -> None:
    planned = rules.deadline(HOURS, now, ahead)
    assert rules.hastened(HOURS, now, planned) <= planned


@given(now=moments, ahead=amounts)
def test_a_hastened_step_still_reaches_people_in_their_hours(
    now: datetime, ahead: timedelta
) -> None:
    sooner = rules.hastened(HOURS, now, rules.deadline(HOURS, now, ahead))
    if ahead:
        assert open_time_between(HOURS, now, sooner) == ahead / 2
        assert is_open(HOURS, sooner - timedelta(microseconds=1))


def test_steps_before_and_after_the_deadline_are_in_open_time() -> None:
    ladder = [Rung(timedelta(hours=-2)), Rung(timedelta(0)), Rung(timedelta(hours=4))]
    assert rules.rung_times(HOURS, at(24, 9), ladder) == [at(23, 15, 30), at(24, 9), at(24, 14, 30)]


def test_after_the_last_step_a_question_ends_after_a_long_while() -> None:
    due_at = at(24, 9)
    assert rules.next_due([due_at], 1, due_at, None) == due_at + rules.EXPIRES_AFTER


def test_a_question_ends_when_the_permission_to_share_does() -> None:
    due_at, ends = at(24, 9), at(23, 20)
    assert rules.next_due([due_at], 0, due_at, ends) == ends


@pytest.mark.parametrize(
    ("language", "said"), [("fr", ["8 h 30 – 12 h 00", "13 h 30 – 24 h 00"]), ("en", None)]
)
def test_a_day_that_lasts_until_midnight_ends_at_24(app, language, said):
    until_midnight = (Interval(time(8, 30), time(12)), Interval(time(13, 30), time(0)))
    hours = Hours(weekly=dict.fromkeys(range(7), until_midnight), timezone="Europe/Paris")
    with app.test_request_context(), force_locale(language):
        told = words.open_today(hours, at(5, 9))
    assert told == (said or ["08:30 – 12:00", "13:30 – 24:00"])
