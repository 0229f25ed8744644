"""Up to three topics with why; a person chooses; what they chose is counted."""

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from contactcenter.triage import learning, queries, suggesting
from contactcenter.triage.likelihood import likely_topics
from contactcenter.triage.models import LearntWord, Suggestion
from contactcenter.triage.suggesting import read, suggested

pytestmark = pytest.mark.usefixtures("in_centre")


@pytest.fixture
def housing(world):
    """A second topic, so that there is something to choose from."""
    with transaction():
        topic = Topic(
            code="logement",
            organisation_id=world.other_partner_id,
            label={"fr": "Aide au logement"},
            synonyms={"fr": ["loyer", "apl"], "nl": ["huursubsidie"]},
        )
        db.session.add(topic)
    return topic.id


def opened(world, text, **more):
    with transaction():
        return tickets.open_ticket(
            "Question",
            text=text,
            channel=Channel.EMAIL,
            language="fr",
            site_id=world.site_id,
            queue_id=world.written_queue_id,
            **more,
        )


def topics_of(found):
    return [each.topic_id for each in found]


def kept(ticket):
    return db.session.scalars(
        db.select(Suggestion).where(Suggestion.ticket_id == ticket.id).order_by(Suggestion.rank)
    ).all()


def test_topics_are_suggested_by_their_words_with_the_words(world, housing):
    found = suggested(read("mon loyer et mes impôts, surtout le loyer et l’APL", "fr"))
    assert topics_of(found) == [housing, world.topic_id]
    assert found[0].reason == {"words": ["loyer", "apl"]}


def test_of_two_topics_as_well_named_the_first_one_said_comes_first(world, housing):
    for text, first in (("loyer, impots", housing), ("impots, loyer", world.topic_id)):
        assert topics_of(suggested(read(text, "fr")))[0] == first


def test_a_word_that_is_listed_twice_is_said_once(world, housing):
    with transaction():
        topic = db.session.get_one(Topic, (world.centre_id, housing))
        topic.synonyms = {"fr": ["aide au logement", "Aide au Logement"]}
    (found,) = suggested(read("mon aide au logement", "fr"))
    assert found.reason["words"] == ["Aide au logement"]


def test_a_misspelt_word_is_suggested_with_what_it_may_mean(world, housing):
    (found,) = suggested(read("une question de loyyer", "fr"))
    assert (found.topic_id, found.reason) == (housing, {"alike": [["loyyer", "loyer"]]})


def test_a_word_near_a_part_of_an_expression_means_none_of_it(world, housing):
    with transaction():
        topic = db.session.get_one(Topic, (world.centre_id, housing))
        topic.synonyms = {"fr": ["s’inscrire comme demandeur d’emploi"]}
    assert suggested(read("Comment demander une copie ?", "fr")) == []
    (found,) = suggested(read("s’inscrire comme demandeurr d’emploi", "fr"))
    assert found.reason == {"alike": [["demandeurr", "demandeur"]]}


@pytest.mark.parametrize("text", ["", "   ", "😀 🎉", "?!…", "\u200f\u202e", "le la les"])
def test_empty_words_suggest_nothing(world, text):
    assert suggested(read(text, "fr")) == []


def test_text_from_right_to_left_suggests_by_its_words(world, housing):
    assert topics_of(suggested(read("\u200fمرحبا\u200f loyer 😀", "fr"))) == [housing]


def test_a_long_text_is_read_in_part(world, housing):
    assert topics_of(suggested(read("loyer " + "x " * 2_500_000, "fr"))) == [housing]


def test_a_topic_no_longer_in_use_is_not_suggested(world, housing):
    with transaction():
        db.session.get(Topic, (world.centre_id, housing)).is_active = False
    assert suggested(read("mon loyer", "fr")) == []


def test_finished_requests_teach_which_topic_a_text_sounds_like(world, housing, monkeypatch):
    monkeypatch.setattr(suggesting, "ENOUGH", 3)
    for number in range(3):
        _finish(world, "chaudière cassée, propriétaire absent", housing, number)
        _finish(world, "échéancier refusé, majoration injuste", world.topic_id, number)
    with transaction():
        assert learning.learn() == 6
    (found,) = suggested(read("Le propriétaire ignore la chaudière", "fr"))
    assert found.topic_id == housing
    assert found.reason["closed"]["of"] == 3
    assert "chaudiere" in found.reason["closed"]["words"]


def test_a_request_teaches_once_however_often_it_is_finished(world, housing):
    ticket = _finish(world, "chaudière cassée", housing, 0)
    with transaction():
        learning.learn()
        tickets.reopen(ticket, by=world.agent)
        tickets.resolve(ticket, by=world.agent)
        assert learning.learn() == 0
    assert set(db.session.scalars(db.select(LearntWord.requests))) == {1}


def test_what_was_rehearsed_teaches_nothing(world, housing):
    with transaction():
        db.session.get(Centre, world.centre_id).rehearsing = True
    _finish(world, "chaudière cassée", housing, 0, is_rehearsal=True)
    with transaction():
        assert learning.learn() == 0


def test_without_a_rule_or_clear_words_the_topic_stays_open_and_is_suggested(world, housing):
    ticket = opened(world, "mon loyer, mes impots")
    assert ticket.topic_id is None
    assert {each.topic_id for each in kept(ticket)} == {housing, world.topic_id}


def test_a_centre_may_forbid_topics_without_a_rule(world, housing):
    with transaction():
        db.session.get(Centre, world.centre_id).names_topics = False
    ticket = opened(world, "mon loyer")
    assert ticket.topic_id is None
    assert [each.topic_id for each in kept(ticket)] == [housing]


def test_with_as_many_signs_either_way_no_topic_is_likely():
    counts = {"mot": {1: 5, 2: 5}, "autre": {1: 5, 2: 5}}
    assert likely_topics(["mot", "autre"], {1: 50, 2: 50}, counts) == []


def test_what_is_seldom_said_tells_nothing():
    assert likely_topics(["a", "b"], {1: 50, 2: 50}, {"a": {1: 1}, "b": {1: 2}}) == []


def _finish(world, text, topic_id, number, **more):
    ticket = opened(world, f"{text} {number}", topic_id=topic_id, **more)
    with transaction():
        tickets.resolve(ticket, by=world.agent)
    return ticket


def test_the_unsettled_are_listed_best_first(world, housing):
    ticket = opened(world, "mon loyer, mes impots")
    assert [each.rank for each in db.session.scalars(queries.suggestions_of(ticket))] == [1, 2]
