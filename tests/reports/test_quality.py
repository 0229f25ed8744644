"""How a centre served, shown to everybody: only if it wants to, and never a small number."""

import csv
import io
from datetime import UTC, datetime

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.outcomes import Outcome
from contactcenter.reports import published

TODAY = datetime(2026, 11, 22, 10, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 14, 9, tzinfo=UTC)


@pytest.fixture
def publishes(app, world, clock):
    clock.time = TODAY
    published.KEPT.clear()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Centre, world.centre_id).publishes_quality = True


def told(client, world):
    text = client.get(f"/quality/{world.code}/table.csv").text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("page", ["", "/table.csv"])
def test_nobody_sees_it_until_the_centre_wants_it(world, client, sign_in, page):
    address = f"/quality/{world.code}{page}"
    assert client.get(address).status_code == 404
    chosen = {"acknowledges": "y", "publishes_quality": "y"}
    assert sign_in(world.administrator).post("/directory/centre", data=chosen).status_code == 303
    assert client.get(address).status_code == 200


def test_whole_months_are_told_by_queue_rounded(world, publishes, visit, client):
    for _each in range(21):
        visit(Outcome.ANSWERED, at=OCTOBER, wait=3)
    for _each in range(4):
        visit(Outcome.ABANDONED, at=OCTOBER, wait=2)
    visit(Outcome.ANSWERED, at=TODAY)
    october, september, _august = told(client, world)
    assert october["month"] == "2026-10"
    assert (october["arrived"], october["answered"]) == ("25", "20")
    assert (october["reached"], october["mean_wait_minutes"]) == ("84", "3")
    assert (september["arrived"], september["reached"]) == ("0", "")


def test_who_was_sent_on_or_left_a_message_was_not_reached(world, publishes, visit, client):
    for outcome in (Outcome.ANSWERED, Outcome.ABANDONED):
        for _each in range(10):
            visit(outcome, at=OCTOBER, wait=3)
    for outcome in (Outcome.MOVED, Outcome.KEY_EXIT, Outcome.CALLBACK):
        visit(outcome, at=OCTOBER, wait=3)
    assert told(client, world)[0]["reached"] == "50"


def test_a_small_number_is_told_to_nobody(world, publishes, visit, client):
    for _each in range(4):
        visit(Outcome.ANSWERED, at=OCTOBER)
    page = client.get(f"/quality/{world.code}").text
    assert "moins de 5" in page
    assert told(client, world)[0]["arrived"] == ""


def test_nothing_of_another_centre_is_told(world, other_world, publishes, visit, client):
    for _each in range(30):
        visit(Outcome.ANSWERED, at=OCTOBER, of=other_world)
    assert told(client, world) == []
    assert client.get(f"/quality/{other_world.code}").status_code == 404


def test_the_figures_are_counted_once_a_minute(world, publishes, visit, client, clock):
    for _each in range(21):
        visit(Outcome.ANSWERED, at=OCTOBER, wait=3)
    before = told(client, world)
    for _each in range(21):
        visit(Outcome.ANSWERED, at=OCTOBER, wait=3)
    assert told(client, world) == before
    clock.advance(minutes=1)
    assert told(client, world) != before
