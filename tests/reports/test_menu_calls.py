"""Calls that ended in the menu: told apart from every queue, whoever asks and in whatever form."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.outcomes import Outcome
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.receipts.words import LEFT_MENU, TOLD_IN_MENU

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
A_WEEK = timedelta(days=7)
DAY = ("--from", "2026-11-23T00:00", "--to", "2026-11-24T00:00", "--timezone", "Europe/Paris")
IN_MENUS = {"ivr_calls": 6, "ivr_contained": 2, "ivr_abandoned": 3}


@pytest.fixture
def calls(app, world, visit):
    """Six calls of today, one of them a visit; one of a week ago, one played, one by SMS."""
    visit(Outcome.ANSWERED)
    of_today = [LEFT_MENU, LEFT_MENU, LEFT_MENU, TOLD_IN_MENU, TOLD_IN_MENU, ""]
    rows = [(Door.PHONE, "call", EIGHT, problem, False) for problem in of_today]
    rows += [
        (Door.PHONE, "call", EIGHT - A_WEEK, TOLD_IN_MENU, False),
        (Door.PHONE, "call", EIGHT, LEFT_MENU, True),
        (Door.SMS, "text", EIGHT, "", False),
        (Door.PHONE, "refused", EIGHT, "no line has this number", False),
    ]
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        for number, (door, kind, at, problem, is_played) in enumerate(rows):
            db.session.add(
                Receipt(
                    centre_id=world.centre_id,
                    door=door,
                    dedupe_key=f"{kind}:{number}",
                    fate=Fate.ATTACHED if problem == TOLD_IN_MENU else Fate.REJECTED,
                    problem=problem,
                    received_at=at,
                    is_rehearsal=is_played,
                )
            )


@pytest.fixture
def manager(calls, world, sign_in):
    return sign_in(world.manager)


def test_the_report_counts_them_for_the_centre_and_for_no_queue(app, calls):
    told = app.test_cli_runner().invoke(args=["report", "--json", *DAY])
    figures = json.loads(told.output)
    assert {name: figures["all"][name] for name in IN_MENUS} == IN_MENUS
    assert figures["all"]["legs_offered"] == 1
    assert not IN_MENUS.keys() & figures["queue:Téléphone"].keys()


def test_one_queue_s_report_leaves_them_out(app, calls):
    told = app.test_cli_runner().invoke(args=["report", "--json", *DAY, "--queue", "Téléphone"])
    assert not IN_MENUS.keys() & json.loads(told.output)["all"].keys()


def test_the_page_of_a_period_tells_them_with_their_denominator(manager, world):
    page = manager.get("/reports").text
    rows = page[page.index("menu-title") :].split("</section>")[0]
    assert "Réponse entendue dans le menu" in rows
    for share in ("2 sur 6", "3 sur 6", "1 sur 1"):  # the last: a week ago
        assert share in rows
    assert "menu-title" not in manager.get(f"/reports?queue={world.phone_queue_id}").text


def test_the_table_to_take_away_has_them(manager):
    text = manager.get("/reports/table.csv").text.removeprefix("\ufeff")
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=";") if "menu" in row[1]]
    assert [(row[1], row[2]) for row in rows] == [
        ("Réponse entendue dans le menu", "2"),
        ("Raccrochés dans le menu", "3"),
    ]


def test_every_figure_of_a_phone_queue_says_them_beside_it(manager, world):
    page = manager.get(f"/board/queues/{world.phone_queue_id}/figures?day=2026-11-23").text
    assert '<td class="num strong">2</td>' in page.partition("ivr_contained</code>")[2][:60]
    other = manager.get(f"/board/queues/{world.counter_queue_id}/figures?day=2026-11-23").text
    assert "ivr_contained" not in other
