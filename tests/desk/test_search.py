"""The search of the desk: what is found, for whom, and what is said of it."""

import re

import pytest
from sqlalchemy import text

from contactcenter.citizens import actions as citizens
from contactcenter.db import Scope, db, within
from contactcenter.desk.queries import PAGE
from contactcenter.edge import transaction
from contactcenter.tickets import actions as tickets
from contactcenter.tickets import search
from contactcenter.tickets.models import Channel
from tests.desk.stage import change, far, listed, opened, shown


def test_a_reference_is_found_exactly(agent, app, world):
    first, second = opened(app, world), opened(app, world, f"comme {2026}-000001 déjà dit")
    assert listed(agent, q=second.reference) == [second.reference]
    assert listed(agent, q=f" {first.reference} ")[0] == first.reference


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("fr", "J’ai déménagé à l’étranger", "demenage etranger"),
        ("fr", "Les relevés de carrière", "relevé"),
        ("nl", "Ik heb drie aanslagbiljetten ontvangen", "aanslagbiljet"),
        ("de", "Meine Anträge wurden verzögert", "antrag verzogert"),
        ("en", "My pension payments stopped", "payment"),
    ],
)
def test_words_are_found_in_each_language_with_accents_ignored(
    agent, app, world, language, written, words
):
    ticket = opened(app, world, written, channel=Channel.WEB, language=language)
    opened(app, world, "rien à voir")
    assert listed(agent, q=words) == [ticket.reference]


def test_words_are_found_however_far_back_and_the_newest_come_first(agent, app, world, owner):
    found = [opened(app, world, "un colis perdu")]
    for between in (3_000, 12_000, 60_000, 3_000_000):
        with owner.begin() as connection:
            connection.execute(text(f"SELECT setval('tickets_id_seq', {found[0].id + between})"))
        opened(app, world, "rien à voir")
        found.insert(0, opened(app, world, "un colis perdu"))
    assert listed(agent, q="perdu") == [ticket.reference for ticket in found]


def test_the_words_of_others_requests_answer_nothing(sign_in, agent, app, world, other_world):
    far(app, world, "une maladie grave")
    assert listed(agent, q="maladie") == []
    opened(app, world, "une maladie grave")
    assert listed(sign_in(world.outsider), q="maladie") != listed(agent, q="maladie")
    assert listed(sign_in(other_world.agent), q="maladie") == []


def test_a_reference_elsewhere_shows_its_line_and_not_its_content(agent, app, world):
    ticket = far(app, world, subject="Un sujet privé", topic_id=world.topic_id)
    page = agent.get("/tickets", query_string={"q": ticket.reference}).text
    assert shown(page) == [ticket.reference]
    assert "Avis d’impôt" in page
    assert "s’ouvre avec une raison" in page
    assert "Un sujet privé" not in page


@pytest.mark.parametrize("words", ["lambertin", "Lambertín", "01 99 00 12 34", "j@exemple.example"])
def test_a_citizen_leads_to_their_requests_everywhere(agent, app, world, words):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        citizen = citizens.create(
            name="Josette Lambertin", phone="01 99 00 12 34", email="j@exemple.example"
        )
        citizen_id = citizen.id
    here = opened(app, world, citizen_id=citizen_id)
    there = far(app, world, citizen_id=citizen_id, subject="Un sujet privé")
    page = agent.get("/tickets", query_string={"q": words}).text
    assert set(shown(page)) == {here.reference, there.reference}
    assert "Un sujet privé" not in page


def test_filters_narrow_a_search_too(agent, app, world):
    opened(app, world, "déménagement")
    letter = opened(app, world, "déménagement", channel=Channel.LETTER)
    assert listed(agent, q="déménagement", channel="letter") == [letter.reference]


def test_a_long_search_goes_on_on_the_next_page(agent, app, world):
    for _ in range(PAGE + 2):
        opened(app, world, "déménagement")
    first = agent.get("/tickets?q=déménagement").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert len(shown(first)) == PAGE
    assert len(shown(agent.get(following).text)) == 2


def test_own_requests_are_found_behind_many_newer_ones_of_others(agent, app, world, monkeypatch):
    monkeypatch.setattr(search, "LOOKS", (2, 4, 8))
    mine = opened(app, world, "déménagement")
    for _ in range(5):
        far(app, world, "déménagement")
    assert listed(agent, q="déménagement") == [mine.reference]


@pytest.mark.parametrize("words", ["'", '"', "& | !", "\\", "%", "a" * 500, "<b>", "((("])
def test_no_words_break_the_search(agent, app, world, words):
    opened(app, world, "bonjour")
    assert agent.get("/tickets", query_string={"q": words}).status_code == 200


def test_internal_words_are_found_by_the_house(agent, app, world):
    ticket = opened(app, world)
    change(app, ticket, lambda t: tickets.note(t, "registre de la filature", by=world.agent))
    assert listed(agent, q="filature") == [ticket.reference]


def test_a_referent_finds_nothing_by_searching(sign_in, app, world):
    opened(app, world, "déménagement")
    assert sign_in(world.referent).get("/tickets?q=déménagement").status_code == 403
    with app.app_context(), within(world.referent.scope):
        assert search.ticket_ids("déménagement") == []
        db.session.rollback()
