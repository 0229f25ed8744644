"""Weekly hours written as text."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.directory.rules import Interval
from contactcenter.directory.weekly_text import (
    WEEKDAYS,
    HoursUnclear,
    format_weekly,
    parse_day,
    parse_weekly,
)

MORNING = Interval(time(9), time(12))
AFTERNOON = Interval(time(13, 30), time(17))


@pytest.mark.parametrize(
    "text",
    [
        "09:00-12:00, 13:30-17:00",
        "9h-12h / 13h30-17h",
        "9H00 \N{EN DASH} 12H ; 13H30 \N{EN DASH} 17H00",
        "13:30-17:00, 09:00-12:00",
        "9h à 12h, 13h30 à 17h",
        "9u-12u, 13u30-17u",
        "9-12, 13.30-17",
    ],
)
def test_a_day_is_read_as_people_write_it(text):
    assert parse_day(text) == (MORNING, AFTERNOON)


@pytest.mark.parametrize("text", ["", "  ", "-", "Fermé", "gesloten", "closed", "geschlossen"])
def test_a_closed_day_has_no_interval(text):
    assert parse_day(text) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("25:00-26:00", "time"),
        ("9h60-12h", "time"),
        ("24:30-24:45", "time"),
        ("neuf heures-12h", "time"),
        ("09:00", "interval"),
        ("9h12h", "interval"),
        ("09:00-12:00-14:00", "interval"),
        ("09:00-09:00", "interval"),
        ("24:00-06:00", "interval"),
        ("09:00-12:00, 11:00-13:00", "overlap"),
        ("22:00-06:00, 23:00-23:30", "overlap"),
    ],
)
def test_what_cannot_be_read_is_named(text, reason):
    with pytest.raises(HoursUnclear) as unclear:
        parse_day(text)
    assert unclear.value.reason == reason


def test_a_week_may_name_ranges_of_days():
    weekly = parse_weekly("lundi-jeudi: 09:00-12:00, 13:30-17:00\n\nven. 9h-12h\nsamedi fermé")
    assert weekly == {**dict.fromkeys(range(4), (MORNING, AFTERNOON)), 4: (MORNING,)}


def test_midnight_as_an_end_is_written_as_24():
    weekly = parse_weekly("dimanche: 00:00-24:00")
    assert weekly == {6: (Interval(time(), time()),)}
    assert format_weekly(weekly).endswith("dimanche: 00:00-24:00")


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("lundi: 9-12\nmardu: 9-12", "weekday", 2),
        ("lundi: 9-12\nlun: 13-14", "repeated", 2),
        ("vendredi-lundi: 9-12", "weekday", 1),
        ("9-12", "weekday", 1),
        ("lundi: 9-12\n\nmardi: 9-8h99", "time", 3),
        ("di: 9-12", "weekday", 1),
    ],
)
def test_an_error_says_on_which_line(text, reason, line):
    with pytest.raises(HoursUnclear) as unclear:
        parse_weekly(text)
    assert (unclear.value.reason, unclear.value.line) == (reason, line)


def disjoint(minutes: list[int]) -> tuple[Interval, ...]:
    ordered = [time(minute // 60, minute % 60) for minute in sorted(minutes)]
    return tuple(map(Interval, ordered[::2], ordered[1::2]))


days = st.lists(st.integers(0, 1439), unique=True, max_size=6).map(
    lambda minutes: disjoint(minutes[: len(minutes) // 2 * 2])
)


@given(
    st.dictionaries(st.integers(0, 6), days.filter(bool)),
    st.sampled_from(sorted(WEEKDAYS)),
)
def test_what_is_written_is_read_back(weekly, language):
    assert parse_weekly(format_weekly(weekly, language)) == weekly
