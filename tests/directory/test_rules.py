"""Business time, against an oracle that asks the clock on the wall minute by minute."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.directory.holidays import UnknownCalendar
from contactcenter.directory.rules import (
    Hours,
    Interval,
    NeverCloses,
    NeverOpens,
    add_open_time,
    holiday_name,
    is_open,
    next_closing,
    next_opening,
    open_segments,
    open_time_between,
)
from contactcenter.directory.weekly_text import parse_day

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
# Days of 23 and 25 hours, a New Year, Easter, a leap day, clocks that change at midnight.
MOMENTS = [
    ("Europe/Paris", datetime(2026, 3, 29, tzinfo=UTC)),
    ("Europe/Paris", datetime(2026, 10, 25, tzinfo=UTC)),
    ("Europe/Brussels", datetime(2026, 12, 31, tzinfo=UTC)),
    ("Europe/Paris", datetime(2026, 4, 5, tzinfo=UTC)),
    ("Europe/Brussels", datetime(2028, 2, 29, tzinfo=UTC)),
    ("Indian/Reunion", datetime(2026, 12, 19, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 9, 5, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 4, 4, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, tzinfo=UTC)),
]


def weekdays(text: str, **calendar: object) -> Hours:
    return Hours(dict.fromkeys(range(5), parse_day(text)), **calendar)


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS).astimezone(UTC)


def says_the_wall(hours: Hours, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(hours.timezone))
    today, clock = local.date(), local.time()
    for interval in hours.on(today):
        past_midnight = interval.end <= interval.start
        if interval.start <= clock and (past_midnight or clock < interval.end):
            return True
    return any(
        interval.end <= interval.start and clock < interval.end
        for interval in hours.on(today - timedelta(days=1))
    )


def minutes_open(hours: Hours, start: datetime, end: datetime) -> list[datetime]:
    total = int((end - start) / MINUTE)
    moments = (start + n * MINUTE for n in range(total))
    return [moment for moment in moments if says_the_wall(hours, moment)]


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
intervals = st.builds(Interval, clocks, clocks)
days_of_intervals = st.lists(intervals, max_size=3).map(tuple)


@st.composite
def calendars(draw: Callable) -> tuple[Hours, datetime]:
    timezone, around = draw(st.sampled_from(MOMENTS))
    near = st.integers(-2, 3).map(lambda n: around.date() + timedelta(days=n))
    hours = Hours(
        weekly=draw(st.dictionaries(st.integers(0, 6), days_of_intervals, max_size=7)),
        closed_on=draw(st.frozensets(near, max_size=2)),
        extra=draw(st.dictionaries(near, days_of_intervals, max_size=2)),
        timezone=timezone,
        country=draw(st.sampled_from([None, "FR", "BE"])),
    )
    return hours, around + draw(st.integers(-1500, 1500)) * MINUTE


@settings(max_examples=150)
@given(calendars(), st.integers(0, 3000))
def test_segments_are_the_minutes_at_which_the_wall_clock_says_open(calendar, length):
    hours, start = calendar
    end = start + length * MINUTE
    segments = list(open_segments(hours, start, end))
    covered = [a + n * MINUTE for a, b in segments for n in range(int((b - a) / MINUTE))]
    expected = minutes_open(hours, start, end)
    assert covered == expected
    assert open_time_between(hours, start, end) == len(expected) * MINUTE
    assert all(a[1] < b[0] for a, b in pairwise(segments))


@settings(max_examples=150)
@given(calendars())
def test_a_moment_is_open_when_the_wall_clock_says_so(calendar):
    hours, at = calendar
    assert is_open(hours, at) == says_the_wall(hours, at)


@settings(max_examples=100)
@given(calendars())
def test_the_next_opening_is_the_first_open_minute(calendar):
    hours, at = calendar
    first = next(iter(minutes_open(hours, at, at + timedelta(days=4))), None)
    if first is not None:
        assert next_opening(hours, at) == first


@settings(max_examples=100)
@given(calendars())
def test_the_place_is_closed_at_its_next_closing_and_open_just_before(calendar):
    hours, at = calendar
    try:
        closing = next_closing(hours, at)
    except (NeverOpens, NeverCloses):
        return
    assert closing > at
    assert not is_open(hours, closing)
    assert is_open(hours, closing - MINUTE)


@settings(max_examples=150)
@given(calendars(), st.integers(0, 2000))
def test_a_deadline_is_the_first_moment_with_that_much_open_time_behind_it(calendar, amount):
    hours, start = calendar
    try:
        due = add_open_time(hours, start, amount * MINUTE)
    except NeverOpens:
        return
    assert open_time_between(hours, start, due) == amount * MINUTE
    assert amount == 0 or is_open(hours, due - MINUTE)


def test_a_day_has_its_lunch_break():
    hours = weekdays("09:00-12:00, 13:30-17:00")
    day = list(open_segments(hours, paris(2026, 11, 23), paris(2026, 11, 24)))
    assert day == [
        (paris(2026, 11, 23, 9), paris(2026, 11, 23, 12)),
        (paris(2026, 11, 23, 13, 30), paris(2026, 11, 23, 17)),
    ]


def test_a_deadline_skips_the_weekend():
    hours = weekdays("09:00-17:00")
    friday_afternoon = paris(2026, 11, 20, 16)
    assert add_open_time(hours, friday_afternoon, timedelta(hours=2)) == paris(2026, 11, 23, 10)


def test_a_deadline_that_ends_with_the_day_is_due_at_closing_time():
    hours = weekdays("09:00-17:00")
    due = add_open_time(hours, paris(2026, 11, 20, 16), timedelta(hours=1))
    assert due == paris(2026, 11, 20, 17)


@pytest.mark.parametrize(("day", "length"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_a_place_open_day_and_night_is_open_as_long_as_the_day_lasts(day, length):
    hours = Hours({n: parse_day("00:00-24:00") for n in range(7)})
    start = paris(*day)
    end = paris(*day[:2], day[2] + 1)
    assert open_time_between(hours, start, end) == timedelta(hours=length)
    assert len(list(open_segments(hours, start, end))) == 1


def test_a_night_runs_into_a_holiday_that_is_itself_closed():
    hours = Hours({n: parse_day("22:00-06:00") for n in range(7)}, country="FR")
    assert is_open(hours, paris(2026, 5, 1, 5))
    assert not is_open(hours, paris(2026, 5, 1, 23))


def test_a_dated_opening_wins_over_the_holiday():
    opening = {date(2026, 5, 1): parse_day("10:00-11:00")}
    hours = weekdays("09:00-17:00", country="FR", extra=opening)
    assert next_opening(hours, paris(2026, 5, 1, 9)) == paris(2026, 5, 1, 10)


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        (None, date(2026, 4, 3), None),
        ("57", date(2026, 4, 3), "Vendredi saint"),
        ("6AE", date(2026, 12, 26), "Saint-Étienne"),
        ("974", date(2026, 12, 20), "Abolition de l'esclavage"),
        (None, date(2026, 7, 14), "Fête nationale"),
    ],
)
def test_french_holidays_follow_the_region(region, day, name):
    hours = weekdays("09:00-17:00", country="FR", region=region)
    assert holiday_name(hours, day, "fr") == name
    assert is_open(hours, paris(day.year, day.month, day.day, 10)) == (
        name is None and day.weekday() < 5
    )


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("BE", "fr", "Toussaint"),
        ("BE", "nl", "Allerheiligen"),
        ("BE", "de", "Allerheiligen"),
        ("FR", "en", "All Saints' Day"),
        ("FR", "de", "Allerheiligen"),
    ],
)
def test_a_holiday_has_a_name_in_each_language(country, language, name):
    hours = weekdays("09:00-17:00", country=country)
    assert holiday_name(hours, date(2026, 11, 1), language) == name


@pytest.mark.parametrize("region", [None, "57", "971", "972", "973", "974", "976", "BL", "MF"])
@pytest.mark.parametrize("language", ["nl", "de"])
def test_every_french_holiday_is_translated(region, language):
    hours = weekdays("09:00-17:00", country="FR", region=region)
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    for day in days:
        french = holiday_name(hours, day, "fr")
        translated = holiday_name(hours, day, language)
        assert (french is None) == (translated is None)
        assert french is None or translated != french


def test_two_holidays_on_one_date_are_both_translated():
    hours = weekdays("09:00-17:00", country="FR")
    both = holiday_name(hours, date(2008, 5, 1), "nl")
    assert both is not None
    assert set(both.split("; ")) == {"Hemelvaartsdag", "Dag van de Arbeid"}


def test_an_unknown_region_is_named():
    hours = weekdays("09:00-17:00", country="FR", region="99")
    with pytest.raises(UnknownCalendar, match="99"):
        is_open(hours, paris(2026, 11, 20, 10))


@pytest.mark.parametrize("search", [next_opening, next_closing])
def test_a_calendar_without_hours_never_opens(search):
    with pytest.raises(NeverOpens):
        search(Hours({}), paris(2026, 11, 20))
    with pytest.raises(NeverOpens):
        add_open_time(Hours({}), paris(2026, 11, 20), MINUTE)


def test_a_single_opening_years_ahead_is_found():
    hours = Hours({}, extra={date(2031, 6, 2): parse_day("10:00-11:00")})
    assert next_opening(hours, paris(2026, 11, 20)) == paris(2031, 6, 2, 10)


def test_a_place_open_day_and_night_never_closes():
    hours = Hours({n: parse_day("00:00-24:00") for n in range(7)})
    with pytest.raises(NeverCloses):
        next_closing(hours, paris(2026, 11, 20))


def test_open_time_backwards_is_negative():
    hours = weekdays("09:00-17:00")
    ten, eleven = paris(2026, 11, 20, 10), paris(2026, 11, 20, 11)
    assert open_time_between(hours, eleven, ten) == -60 * MINUTE


def test_a_moment_without_a_zone_is_refused():
    naive = paris(2026, 11, 20).replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        is_open(Hours({}), naive)


def test_a_negative_amount_of_open_time_is_refused():
    with pytest.raises(ValueError, match="negative"):
        add_open_time(weekdays("09:00-17:00"), paris(2026, 11, 20), -MINUTE)


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        ("Flemish", date(2025, 7, 11), "Feestdag van de Vlaamse Gemeenschap"),
        ("French", date(2027, 9, 27), "Feestdag van de Franse Gemeenschap"),
        ("German", date(2027, 11, 15), "Feestdag van de Duitstalige Gemeenschap"),
        ("Brussels", date(2026, 5, 8), "Irisfeest"),
    ],
)
def test_belgian_regions_have_a_day_of_their_own_beside_the_federal_ones(region, day, name):
    hours = weekdays("09:00-12:00, 13:00-16:00", timezone="Europe/Brussels", country="BE")
    regional = replace(hours, region=region)
    assert is_open(hours, paris(day.year, day.month, day.day, 10))
    assert not is_open(regional, paris(day.year, day.month, day.day, 10))
    assert holiday_name(regional, day, "nl") == name
    assert not is_open(regional, paris(2026, 7, 21, 10))


def test_a_team_overseas_answers_by_its_own_wall():
    hours = weekdays("08:00-12:00", timezone="Indian/Reunion", country="FR", region="974")
    due = add_open_time(hours, paris(2026, 11, 23, 9), timedelta(hours=2))
    assert due == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # 10:00 there


@given(calendars(), st.integers(0, 2000), st.integers(0, 4000))
def test_the_table_says_the_same_however_it_grew(calendar, amount, later):
    hours, start = calendar
    try:
        due = add_open_time(hours, start, amount * MINUTE)
        add_open_time(hours, start + later * MINUTE, amount * MINUTE)
        add_open_time(hours, start - later * MINUTE, amount * MINUTE)
        open_time_between(hours, start - timedelta(days=900), start + timedelta(days=900))
    except NeverOpens:
        return
    assert add_open_time(hours, start, amount * MINUTE) == due
    assert open_time_between(hours, start, due) == amount * MINUTE
