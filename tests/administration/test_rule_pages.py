"""The pages of triage rules: their life, what comes back to be corrected, and who sees what."""

import re

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.triage import rulebook, trials
from contactcenter.triage.models import TriageRule
from tests.desk.stage import opened

SENT = {"name": "Loyers", "words": "loyer\nbail", "sets_priority": "high"}


@pytest.fixture
def trial(app, world):
    """A trial that touched one request, with its path."""
    ticket = opened(app, world, "expulsion", subject="Mon bail")
    content = dict.fromkeys(rulebook.CONTENT) | {
        "name": "Expulsions",
        "words": ["expulsion"],
        "sets": {"priority": "high"},
    }
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        trial_id = trials.begin(content, None, by=world.manager).id
    return ticket, f"/rules/trials/{trial_id}"


def the_rule(app, world):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalar(db.select(TriageRule.id))


def test_the_pages_lead_an_administrator_through_a_rules_life(app, world, sign_in):
    browser = sign_in(world.administrator)
    assert browser.post("/rules", data=SENT).status_code == 303
    rule_id = the_rule(app, world)
    assert "dit «\xa0loyer, bail\xa0»" in browser.get("/rules").text
    for place, sent in (
        ("place", {"to": "up"}),
        ("activity", {"speaks": "no"}),
        ("removal", {}),
        ("returns", {"number": 1}),
    ):
        assert browser.post(f"/rules/{rule_id}/{place}", data=sent).status_code == 303, place
    assert "Version 4" in browser.get(f"/rules/{rule_id}").text


def test_what_stands_in_the_form_is_tried_without_keeping_it(app, world, sign_in):
    browser = sign_in(world.manager)
    answer = browser.post("/rules/trials", data=SENT)
    page = browser.get(answer.location).text
    assert "aurait rien changé" in page
    again = browser.get(re.search(r'href="(/rules/new[^"]+)"', page)[1]).text  # as it was tried
    assert 'value="Loyers"' in again
    assert "bail" in again
    assert the_rule(app, world) is None


def test_what_cannot_be_a_rule_comes_back_with_what_was_typed(world, sign_in):
    sent = {**SENT, "words": "😀"}
    answer = sign_in(world.manager).post("/rules", data=sent)
    assert answer.status_code == 422
    assert "n’a ni lettre ni chiffre" in answer.text
    assert 'value="Loyers"' in answer.text


def test_a_trial_lists_only_the_requests_one_may_read(world, trial, sign_in):
    ticket, path = trial
    assert ticket.subject in sign_in(world.manager).get(path).text
    page = sign_in(world.administrator).get(path).text
    assert ticket.subject not in page
    assert "comptée, pas montrée" in page


def test_trials_of_another_centre_do_not_exist(trial, other_world, sign_in):
    assert sign_in(other_world.manager).get(trial[1]).status_code == 404


def test_an_agent_does_not_edit_rules(world, sign_in):
    assert sign_in(world.agent).get("/rules").status_code == 403


def test_a_centre_chooses_whether_a_topic_is_taken_without_a_rule(world, sign_in):
    browser = sign_in(world.manager)
    browser.post("/rules/naming", data={"names": "no"})
    assert "Aucun motif n’est pris sans règle" in browser.get("/rules").text
