"""Suggested topics on a request's page: one click takes one, none is taken by itself."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.triage.models import Settled, Suggestion
from tests.desk.stage import opened, reload

BOTH = "mon loyer, mes impots"


@pytest.fixture
def housing(app, world):
    """A second topic, so that there is something to choose from."""
    with app.app_context(), within(Scope(world.centre_id)):
        with transaction():
            topic = Topic(
                code="logement",
                organisation_id=world.other_partner_id,
                label={"fr": "Aide au logement"},
                synonyms={"fr": ["loyer", "apl"]},
            )
            db.session.add(topic)
        return topic.id


def settled(app, world):
    with app.app_context(), within(Scope(world.centre_id)):
        return {each.topic_id: each.settled for each in db.session.scalars(db.select(Suggestion))}


def choose(browser, ticket, topic):
    return browser.post(f"/tickets/{ticket.reference}/suggestions/choice", data={"topic": topic})


def test_one_click_accepts_a_suggestion_and_refuses_the_others(app, world, housing, sign_in):
    ticket, browser = opened(app, world, BOTH), sign_in(world.agent)
    assert "Motifs suggérés" in browser.get(f"/tickets/{ticket.reference}").text
    assert choose(browser, ticket, housing).status_code == 303
    assert reload(app, ticket).topic_id == housing
    assert settled(app, world) == {housing: Settled.ACCEPTED, world.topic_id: Settled.REFUSED}


def test_none_of_these_leaves_the_topic_and_counts(app, world, housing, sign_in):
    ticket = opened(app, world, BOTH)
    choose(sign_in(world.agent), ticket, "none")
    assert reload(app, ticket).topic_id is None
    assert set(settled(app, world).values()) == {Settled.REFUSED}


def test_choosing_in_the_list_settles_the_suggestions_too(app, world, housing, sign_in):
    ticket = opened(app, world, BOTH)
    sign_in(world.agent).post(f"/tickets/{ticket.reference}/triage", data={"topic": housing})
    assert settled(app, world)[housing] is Settled.ACCEPTED


def test_a_topic_that_was_not_suggested_is_not_taken_by_that_door(app, world, housing, sign_in):
    ticket = opened(app, world, "bonjour")
    assert choose(sign_in(world.agent), ticket, housing).status_code == 404


def test_other_topics_are_suggested_when_asked_for(app, world, housing, sign_in):
    ticket, browser = opened(app, world, "Mon loyer trop cher"), sign_in(world.agent)
    assert reload(app, ticket).topic_id == housing
    browser.post(f"/tickets/{ticket.reference}/suggestions")
    assert "Rien dans ce texte" in browser.get(f"/tickets/{ticket.reference}").text


def test_precision_is_published_with_its_denominator(app, world, housing, sign_in):
    choose(sign_in(world.agent), opened(app, world, BOTH), housing)
    page = sign_in(world.manager).get("/rules/suggestions").text
    assert "(1 sur 1)" in page
    assert "(0 sur 1)" in page


def test_a_form_being_filled_in_gets_suggestions_and_keeps_nothing(app, world, housing, sign_in):
    sent = {"subject": "Mon loyer", "text": "trop cher"}
    page = sign_in(world.agent).post("/suggestions/topics", data=sent).text
    assert f'value="{housing}"' in page
    assert "mots : loyer" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert settled(app, world) == {}
