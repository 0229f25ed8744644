"""Reports of a period: what they compare, what they keep back, and what can be taken away."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.models import PriorityClass
from contactcenter.queues.outcomes import Outcome
from contactcenter.reports import overview
from contactcenter.reports.disclosure import LEAST, hidden, rounded
from contactcenter.reports.periods import Kind, Period, month_of, own, week_of
from contactcenter.reports.workbook import workbook
from contactcenter.tickets.models import Channel

FILES = ("", ".csv", ".parquet")
MONDAY = date(2026, 11, 23)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@given(counts=st.dictionaries(st.integers(), st.integers(0, 30), max_size=12))
def test_what_is_hidden_cannot_be_had_by_subtraction(counts):
    back = hidden(counts)
    assert all(not 0 < counts[each] < LEAST for each in counts.keys() - back)
    left = [each for each in counts if counts[each] and each not in back]
    if back and left:
        assert len(back) > 1
        assert sum(counts[each] for each in back) >= LEAST
        assert max(counts[each] for each in back) <= min(counts[each] for each in left)


def test_nothing_is_hidden_where_all_is_large():
    assert hidden({"a": 5, "b": 900, "c": 0}) == frozenset()


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10)])
def test_what_is_published_is_rounded_or_left_out(count, told):
    assert rounded(count) == told


def test_a_week_is_compared_with_the_same_days():
    week = week_of(date(2026, 11, 25))
    assert (week.first, week.last) == (MONDAY, date(2026, 11, 29))
    assert (week.before.first, week.year_before.first) == (date(2026, 11, 16), date(2025, 11, 24))
    assert week.year_before.first.weekday() == 0


def test_a_month_is_compared_with_months():
    month = month_of(date(2026, 3, 31))
    assert (month.before, month.year_before) == (
        Period(Kind.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        Period(Kind.MONTH, date(2025, 3, 1), date(2025, 3, 31)),
    )
    assert month.after.last == date(2026, 4, 30)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_range_has_an_end_after_its_beginning_and_is_not_endless(days):
    with pytest.raises(ValueError, match="range"):
        own(MONDAY, MONDAY + timedelta(days=days))


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_a_period_of_one_day_is_as_long_as_that_day(day, hours):
    start, end = own(date(*day), date(*day)).bounds("Europe/Paris")
    assert end - start == timedelta(hours=hours)


@pytest.fixture
def looked(app, world):
    def look(period):
        with app.test_request_context(), within(Scope(world.centre_id)), transaction():
            return overview.look(db.session.get_one(Centre, world.centre_id), period, None)

    return look


def test_a_period_stands_beside_the_one_before_and_a_year_before(visit, looked):
    for weeks, many in ((0, 3), (1, 2), (52, 1)):
        for _ in range(many):
            visit(Outcome.ANSWERED, ago=60 + weeks * 7 * 24 * 60)
    shown = looked(week_of(MONDAY))
    assert [each.answered for each in (shown.now, shown.before, shown.year_before)] == [3, 2, 1]
    assert sum(each.offered for each in shown.days.values()) == shown.now.offered
    assert sum(shown.heat.counts.values()) == shown.now.arrived


def test_a_letter_that_waited_a_day_makes_nobody_in_line_wait_longer(world, visit, looked):
    letters = {"queue_id": world.written_queue_id, "channel": Channel.LETTER}
    for _each in range(5):
        visit(Outcome.ANSWERED, wait=2)
        visit(Outcome.ANSWERED, wait=2000, **letters)
    shown = looked(week_of(MONDAY))
    assert (shown.is_mixed, shown.now.answered, shown.now.asa_seconds) == (True, 10, 120)
    assert [day.asa_seconds for day in shown.days.values()] == [120]
    waits = {each.key: each.tally.asa_seconds for each in shown.groupings["channel"]}
    assert waits == {Channel.PHONE: 120, Channel.LETTER: 120_000}
    assert [each.tally.asa_seconds for each in shown.groupings["language"]] == [120]


def test_the_heat_map_goes_by_the_clock_of_the_place(visit, looked):
    visit(Outcome.ANSWERED, at=datetime(2026, 10, 25, 0, 40, tzinfo=UTC))  # 2:40, the first time
    visit(Outcome.ANSWERED, at=datetime(2026, 10, 25, 1, 40, tzinfo=UTC))  # 2:40, the second time
    heat = looked(week_of(date(2026, 10, 25))).heat
    assert {(day, at.isoformat()): count for (day, at), count in heat.counts.items()} == {
        (7, "02:30:00"): 2
    }


def test_a_small_group_shows_no_figure_nor_does_what_would_tell(world, visit, sign_in):
    for _ in range(7):
        visit(Outcome.ANSWERED)
    visit(Outcome.ABANDONED, priority_class=PriorityClass.PRIORITY)
    page = sign_in(world.manager).get("/reports").text
    fair = page.split('id="by-priority_class"')[1].split("</table>")[0]
    assert fair.count("trop peu pour être montré") == 2
    assert ">7<" not in fair


def test_a_group_too_small_to_be_shown_is_not_opened_either(world, visit, sign_in):
    for number in range(12):
        visit(Outcome.ANSWERED, ago=number, language="fr")
    for number in range(6):
        visit(Outcome.ABANDONED, ago=number * 10, language="nl")
        visit(Outcome.ANSWERED, ago=60, language=["de", "en"][number > 3])
    browser = sign_in(world.manager)
    week = "from=2026-11-23T00:00&to=2026-11-30T00:00&by=language"

    def opened(asked):
        return {browser.get(f"/reports/visits{kind}?{asked}").status_code for kind in FILES}

    assert opened(f"{week}&key=nl") == opened(f"{week}&key=fr") == {200}
    assert opened(f"{week}&key=de") == opened(f"{week}&key=en") == {404}
    recently = (clock.now() - timedelta(minutes=25)).strftime("%Y-%m-%dT%H:%MZ")
    last_minutes = f"from={recently}&to=2026-11-24T00:00&by=language&key=nl"
    assert opened(last_minutes) == {404}  # nor by asking for a narrower window


def test_who_may_not_see_reports_does_not(world, sign_in):
    for page in ("", "/table.csv", "/table.xlsx", "/open.csv"):
        assert sign_in(world.agent).get(f"/reports{page}").status_code == 403
        assert sign_in(world.referent).get(f"/reports{page}").status_code == 403


def test_another_centre_s_queue_is_not_found(world, other_world, sign_in):
    address = f"/reports?queue={other_world.phone_queue_id}"
    assert sign_in(world.manager).get(address).status_code == 404


@pytest.mark.parametrize("asked", ["period=own&from=2026-11-30&to=2026-11-01", "day=tomorrow"])
def test_a_range_that_is_none_is_refused(world, sign_in, asked):
    assert sign_in(world.manager).get(f"/reports?{asked}").status_code == 422


def test_the_table_and_the_workbook_say_the_same(world, visit, sign_in):
    for _ in range(6):
        visit(Outcome.ANSWERED)
    browser = sign_in(world.manager)
    text = browser.get("/reports/table.csv").get_data(as_text=True).removeprefix("\ufeff")
    table = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheet = _cells(browser.get("/reports/table.xlsx").data)
    assert [cell or "" for row in sheet for cell in row] == [cell for row in table for cell in row]
    assert table[1][2:5] == ["6", "6", "6"]


def test_a_workbook_holds_no_formula_whatever_the_words():
    data = workbook("=x", ["a"], [["=1+1"], ["<b>&\x07"], [None], [3]])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f" not in sheet
    assert [row[0] for row in _cells(data)] == ["a", "=1+1", "<b>&", None, "3"]


def test_what_is_published_names_no_small_number(world, visit, sign_in):
    for _ in range(22):
        visit(Outcome.ANSWERED)
    for _ in range(3):
        visit(Outcome.ANSWERED, queue_id=world.counter_queue_id, channel="counter")
    text = sign_in(world.manager).get("/reports/open.csv").text.removeprefix("\ufeff")
    told = {line["queue"]: line for line in csv.DictReader(io.StringIO(text), delimiter=";")}
    few, many = sorted(told.values(), key=lambda line: line["arrived"])
    assert (few["arrived"], few["answered"], few["on_time_percent"]) == ("", "", "")
    assert (many["arrived"], many["on_time_percent"]) == ("20", "100")


def _cells(data):
    root = ElementTree.fromstring(
        zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    )
    return [["".join(cell.itertext()) or None for cell in row] for row in root.iter(f"{SHEET}row")]


def test_a_period_that_lasts_until_today_ends_on_a_date(world, sign_in):
    heading = sign_in(world.manager).get("/reports").text.split("</h1>")[1].split("</span>")[0]
    assert re.search(r"du \d+ \w+ au \d+ \w+", heading)


@pytest.mark.parametrize(
    "address",
    [
        "/reports?day=0001-01-01",
        "/reports?period=month&day=9999-12-31",
        "/reports?period=own&from=0001-01-01&to=0001-01-02",
        "/reports/visits?day=9999-12-31",
        "/reports/visits?from=0001-01-01T00:00&to=0001-01-02T00:00",
        "/reports/visits?from=2020-01-01T00:00&to=2026-01-01T00:00",
        "/reports/visits?from=2026-01-02T00:00&to=2026-01-01T00:00",
        "/board/queues/{queue}?day=0001-01-01",
        "/board/queues/{queue}/figures?day=9999-12-31",
        "/referrals/figures?period=month&day=0001-01-15",
        "/articles/figures?day=0001-01-05",
    ],
)
def test_a_day_at_the_edge_of_the_calendar_is_refused(world, sign_in, address):
    asked = address.format(queue=world.phone_queue_id)
    assert sign_in(world.manager).get(asked).status_code == 422
