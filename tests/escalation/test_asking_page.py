"""What the page for asking an expert offers, and when it says that one cannot."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.escalation import actions
from contactcenter.escalation.models import Mandate
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from tests.escalation.conftest import matter_fixture  # noqa: F401 - a fixture

ALREADY = "Déjà inscrit pour cette organisation"


@pytest.fixture
def page(matter, sign_in, world):
    browser = sign_in(world.agent)
    return lambda: browser.get(f"/tickets/{matter.reference}/referrals/new")


def test_a_permission_that_is_written_down_is_offered(page):
    assert ALREADY in page().text


def test_without_a_permission_none_is_offered(app, page, matter, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        actions.revoke_mandate(mandate, by=world.agent)
    assert ALREADY not in page().text


def test_a_finished_request_says_before_one_writes_that_it_must_be_reopened(
    app, page, matter, world, sign_in
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = db.session.get_one(Ticket, (world.centre_id, matter.ticket_id))
        tickets.resolve(ticket, by=world.agent)
    answer = page()
    assert answer.status_code == 200
    assert 'name="question"' not in answer.text
    assert f"/tickets/{matter.reference}/reopening" in answer.text
