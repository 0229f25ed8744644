"""The page of every figure: it says all that is computed, of how many, and opens what it counts."""

import random
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.hold_models import Hold
from contactcenter.queues.measures import window_figures
from contactcenter.queues.models import ChosenStatus, PresencePeriod, QueueKind, Source
from contactcenter.queues.outcomes import Outcome
from contactcenter.reports.count_words import parts
from contactcenter.reports.figure_forms import exact, share

PAGE = "/board/queues/{}/figures"
# Told elsewhere: the chart of the day, and what stands above the tables.
ELSEWHERE = {
    "half_hours_offered_answered_within20_abandoned",
    "target_seconds",
    "formulas_version",
    "thresholds",
}
# What the page tells beyond the report.
BEYOND = {"no_show", "left_by_themselves", "ivr_calls", "ivr_contained", "ivr_abandoned"}
SEVEN = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def busy(app, world, visit, clock):
    """A day with a visit of every kind, a break, and a call on hold."""
    chance = random.Random(7)
    for number in range(70):
        outcome = [None, *Outcome, Outcome.ANSWERED, Outcome.ANSWERED][number % 18]
        wait = 0.0 if outcome is Outcome.FULL else chance.choice([0, 0.2, 1, 12])
        more = {"source": Source.NEW if number % 7 else Source.TRANSFER}
        if outcome is Outcome.ANSWERED:
            more |= {"answered_by": world.agent.id}
        visit(outcome, ago=chance.uniform(20, 500), wait=wait, **more)
    held = visit(Outcome.ANSWERED, at=SEVEN, service=10, answered_by=world.agent.id)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ends = SEVEN + timedelta(minutes=5)
        db.session.add(Hold(visit_id=held, began_at=SEVEN + timedelta(minutes=1), ended_at=ends))
        for status, at in ((ChosenStatus.READY, SEVEN - HOUR), (ChosenStatus.BREAK, SEVEN)):
            who = {"person_id": world.agent.id, "status": status}
            db.session.add(PresencePeriod(**who, began_at=at, ended_at=at + HOUR))


@pytest.fixture
def told(app, world, busy):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        start, end = day_of(SEVEN.date(), "Europe/Paris")
        figures = window_figures(world.centre_id, start, end, "Europe/Paris", world.phone_queue_id)
    return figures["queue:Téléphone"]


@pytest.fixture
def rows(world, busy, sign_in):
    """(name, value, links, counts) of each row of the page."""
    page = sign_in(world.manager).get(PAGE.format(world.phone_queue_id)).text
    found = []
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.S):
        if name := re.search(r"<code[^>]*>([^<]*)</code>", row):
            value = re.search(r'<td class="num strong">([^<]*)</td>', row)[1]
            links = re.findall(r'<a href="([^"]*)">(\d+)</a>', row)
            counts = re.findall(r"\d+", re.sub(r"<[^>]*>", "", row.rpartition("<td")[2]))
            opened = [(unescape(link), int(n)) for link, n in links]
            found.append((name[1].partition(".")[0], value, opened, [int(each) for each in counts]))
    return found


def test_the_page_tells_every_figure_of_the_report(told, rows):
    assert {name for name, *_rest in rows} - BEYOND == told.keys() - ELSEWHERE


def test_every_share_is_that_of_the_visits_it_opens(told, rows):
    """Two ways to one figure: in Python over the rows, and in SQL by the visits that are listed."""
    shares = {
        name: counts
        for name, _value, _links, counts in rows
        if isinstance(told.get(name), float) and len(counts) == 2 and "patience" not in name
    }
    assert len(shares) >= 12
    for name, (part, whole) in shares.items():
        assert told[name] == pytest.approx(part / whole), name


def test_every_count_is_that_of_the_visits_it_opens(told, rows):
    plain = {
        name: counts[0]
        for name, value, _links, counts in rows
        if counts and value == str(counts[0]) and isinstance(told.get(name), int)
    }
    assert len(plain) >= 8
    assert plain == {name: told[name] for name in plain}
    by_source = [counts[0] for name, _value, _links, counts in rows if name == "offered_by_source"]
    assert sum(by_source) == sum(told["offered_by_source"].values()) == told["legs_offered"]


def test_what_a_figure_opens_is_as_many_as_it_says(rows, world, sign_in):
    browser = sign_in(world.manager)
    links = {link: count for _name, _value, found, _counts in rows for link, count in found}
    for link, count in links.items():
        assert (
            len(browser.get(link.replace("/visits?", "/day.csv?")).text.splitlines()) == count + 1
        )


def test_hold_times_and_breaks_stand_on_the_page(told, rows):
    values = {name: value for name, value, *_rest in rows}
    assert (values["held"], told["held"]) == (
        share(1, told["handled"] + told["transferred_out"]),
        1,
    )
    assert values["hold_s"] == exact(told["hold_s"]) != exact(0)
    assert told["agent_paid_seconds"] == 2 * told["agent_logged_seconds"] == 7200
    assert told["utilisation"] < 1


def test_twenty_seconds_mean_nothing_to_a_letter(app):
    with app.test_request_context():
        assert len(parts(QueueKind.COUNTER)) == len(parts(QueueKind.WRITTEN)) + 1


def test_a_day_on_which_nobody_came_has_its_page(world, sign_in):
    page = sign_in(world.manager).get(PAGE.format(world.phone_queue_id) + "?day=2026-11-02")
    assert page.status_code == 200


def test_another_centre_s_queue_has_no_figures(world, other_world, sign_in):
    page = PAGE.format(other_world.phone_queue_id)
    assert sign_in(world.manager).get(page).status_code == 404
