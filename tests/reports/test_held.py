"""Who held the finished requests, by organisation, without small numbers, and to take away."""

import csv

import pytest

from contactcenter.accounts.models import Organisation
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions, asking
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel

PERIOD = "period=own&from=2026-11-23&to=2026-11-24"


@pytest.fixture
def finished(app, world, clock):
    """So many requests, each answered by a team after so many minutes, and finished."""

    def finish(team_id, minutes):
        with app.test_request_context(), within(Scope(world.centre_id)):
            for each in minutes:
                with transaction():
                    ticket = tickets.open_ticket(
                        "Avis",
                        channel=Channel.COUNTER,
                        language="fr",
                        text="?",
                        site_id=world.site_id,
                    )
                    team = db.session.get_one(Team, (world.centre_id, team_id))
                    asked = asking.ask(
                        ticket, team, question="Alors ?", by=world.agent, without_identity=True
                    )
                clock.advance(minutes=each)
                with transaction():
                    actions.answer(actions.lock_id(asked.id), "Oui.", by=world.referent)
                    tickets.resolve(tickets.get(ticket.id), by=world.agent)

    return finish


def table(browser):
    shown = browser.get(f"/referrals/held.csv?{PERIOD}")
    assert shown.status_code == 200
    rows = list(csv.reader(shown.text.lstrip("\ufeff").splitlines(), delimiter=";"))
    return {row[0]: row[1:] for row in rows[1:]}


def test_an_organisation_has_its_percentiles_and_a_small_one_has_none(finished, world, sign_in):
    finished(world.team_id, [5, 10, 10, 10, 20])
    finished(world.other_team_id, [5, 5])
    manager = sign_in(world.manager)
    told = table(manager)
    assert told["Impôts d’essai"] == ["5", "600", "960"]
    assert told["Allocations d’essai"] == ["", "", ""]
    assert told["Nous"][0] == ""  # no sum from which the small one could be had
    page = manager.get(f"/referrals/figures?{PERIOD}").text
    assert "Qui a tenu les demandes" in page
    assert "Allocations d’essai" in page


def test_a_name_that_a_spreadsheet_would_run_is_words(app, finished, world, sign_in):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Organisation, (world.centre_id, world.partner_id)).name = "=1+1"
    finished(world.team_id, [5] * 5)
    assert "'=1+1" in table(sign_in(world.manager))


def test_figures_are_for_managers(world, sign_in):
    assert sign_in(world.agent).get("/referrals/held.csv").status_code == 403
    assert sign_in(world.referent).get("/referrals/held.csv").status_code == 403
