"""An expert looks through what was asked of their organisation."""

import re

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.escalation import actions
from contactcenter.escalation.models import Referral, Side


def said(app, world, asked_id, text, **more):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        referral = db.session.get_one(Referral, (world.centre_id, asked_id))
        actions.note(referral, text, **more)


def rows(browser, words):
    page = browser.get("/referrals", query_string={"q": words})
    assert page.status_code == 200
    return page.text, re.findall(r'href="/referrals/(\d+)"', page.text)


def test_own_questions_are_found_by_their_words(sign_in, app, world, asked_id):
    with app.app_context(), within(Scope(world.centre_id)):
        asked = db.session.get_one(Referral, (world.centre_id, asked_id)).question
        word = max(re.findall(r"\w+", asked), key=len)
        db.session.rollback()
    page, found = rows(sign_in(world.referent), word)
    assert str(asked_id) in found
    assert "<mark>" in page


def test_private_words_of_the_centre_are_not_found(sign_in, app, world, asked_id):
    said(app, world, asked_id, "une ostrolenka", side=Side.ASKER, by=world.agent)
    page, _found = rows(sign_in(world.referent), "ostrolenka")
    assert "Rien ne correspond" in page


def test_own_private_words_are_found(sign_in, app, world, asked_id):
    said(app, world, asked_id, "une ostrolenka", side=Side.REFERENT, by=world.referent)
    page, found = rows(sign_in(world.referent), "Ostrolenka")
    assert str(asked_id) in found
    assert "<mark>ostrolenka</mark>" in page


def test_another_organisation_finds_nothing(sign_in, app, world, asked_id):
    said(app, world, asked_id, "une ostrolenka", side=Side.REFERENT, by=world.referent)
    page, _found = rows(sign_in(world.other_referent), "ostrolenka")
    assert "Rien ne correspond" in page


@pytest.mark.parametrize(
    "words",
    ["définitif '", '"cet avis', '"avis est-il"', "avis & |", "((avis", "avis -absent"],
)
def test_odd_signs_hide_nothing_from_an_expert(sign_in, world, asked_id, words):
    page, found = rows(sign_in(world.referent), words)
    assert "Rien ne correspond" not in page
    assert "<mark>" in page
    assert str(asked_id) in found


@pytest.mark.parametrize("words", ["'", '"', "& |", "((", "-x", "avis -définitif", "a" * 400])
def test_what_holds_no_word_of_the_question_finds_nothing(sign_in, world, asked_id, words):
    page, _found = rows(sign_in(world.referent), words)
    assert "Rien ne correspond" in page
    assert "<mark>" not in page
