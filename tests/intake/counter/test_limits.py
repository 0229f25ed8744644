"""What the counter refuses, and how it says so."""

import re

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.queues.models import Queue, VisitState
from contactcenter.queues.outcomes import Outcome
from tests.intake.counter.conftest import Desk


def test_a_stranger_is_sent_to_sign_in(client, world):
    answer = client.get("/counter")
    assert answer.status_code in (302, 303)
    assert "/sign-in" in answer.location


def test_a_referent_has_no_counter(sign_in, world):
    assert sign_in(world.referent).get("/counter").status_code == 403


def test_without_a_place_one_is_asked_for(sign_in, world):
    answer = sign_in(world.agent).get("/counter")
    assert answer.location == "/counter/place"


def test_a_counter_of_another_site_cannot_be_chosen(sign_in, world):
    answer = sign_in(world.outsider).post("/counter/place", data={"counter": world.counter_id})
    assert answer.status_code == 422


def test_a_visit_of_another_centre_does_not_exist(desk, other_world, sign_in, visit_of):
    theirs = Desk(sign_in(other_world.agent), other_world.counter_id).admit()
    assert desk.post(f"visits/{theirs}/calls").status_code == 404
    assert desk.post(f"visits/{theirs}/departure").status_code == 404
    assert desk.browser.get(f"/counter/visits/{theirs}/slip").status_code == 404
    assert desk.browser.get(f"/counter?given={theirs}").status_code == 200


def test_letters_that_do_not_decide_keep_what_was_typed(desk, app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.add(
            Topic(code="avis2", organisation_id=world.partner_id, label={"fr": "Avis de passage"})
        )
    answer = desk.post("visits", topic="avis", key="k")
    assert answer.status_code == 422
    assert "Plusieurs motifs" in answer.text
    assert 'value="avis"' in answer.text
    assert re.search(r'name="chosen" value="\d+" aria-keyshortcuts="1" autofocus', answer.text)
    assert "Avis de passage" in answer.text
    assert 'name="chosen" value="none" aria-keyshortcuts="0"' in answer.text


def test_a_word_that_is_no_topic_gives_no_number_by_itself(desk):
    answer = desk.post("visits", topic="Chien perdu", key="k")
    assert answer.status_code == 422
    assert re.search(r"Sans motif, noter «\sChien perdu\s»", answer.text)
    assert "A001" not in desk.page()


def test_a_topic_mistyped_is_proposed(desk):
    answer = desk.post("visits", topic="aivs", key="k")
    assert answer.status_code == 422
    assert re.search(r'name="chosen" value="\d+"[^>]*>.*Avis d’impôt', answer.text)


def test_the_topic_of_a_visit_is_asked_for_too(desk, visit_of, world):
    visit = desk.admit()
    desk.call()
    desk.receive(visit)
    answer = desk.post(f"visits/{visit}/topic", topic="aivs")
    assert answer.status_code == 422
    assert f'name="chosen" value="{world.topic_id}"' in answer.text
    desk.post(f"visits/{visit}/topic", topic="aivs", chosen=world.topic_id)
    assert visit_of(visit).topic_id == world.topic_id


def test_a_wrong_phone_number_keeps_what_was_typed(desk):
    answer = desk.post("visits", topic="avis", phone="12", name="Zoé Exemple", key="k")
    assert answer.status_code == 422
    assert "Zoé Exemple" in answer.text


def test_the_same_form_sent_twice_gives_one_number(desk):
    first = desk.post("visits", topic="avis", key="same")
    again = desk.post("visits", topic="avis", key="same")
    assert first.location == again.location
    assert "A002" not in desk.page()


def test_two_counters_never_have_the_same_person(desk, second_desk, visit_of, world):
    first, second = desk.admit(), desk.admit()
    desk.call()
    second_desk.call()
    assert visit_of(first).reserved_for == world.agent.id
    assert visit_of(second).reserved_for == world.second_agent.id


def test_another_counters_person_cannot_be_received(desk, second_desk, visit_of, world):
    visit = desk.admit()
    desk.call()
    answer = second_desk.post(f"visits/{visit}/service")
    assert answer.status_code == 409
    assert "Revenir" in answer.text or "accueil" in answer.text
    assert visit_of(visit).reserved_for == world.agent.id


def test_finishing_for_a_colleague_is_refused(desk, second_desk, visit_of):
    visit = desk.admit()
    desk.call()
    desk.receive(visit)
    assert second_desk.post(f"visits/{visit}/end", visit=visit).status_code == 409
    assert visit_of(visit).state is VisitState.SERVING


def test_a_page_that_shows_someone_else_calls_nobody(desk, visit_of):
    first, second = desk.admit(), desk.admit()
    desk.call()
    desk.receive(first)
    assert desk.call().status_code == 409
    assert desk.call(second).status_code == 409
    assert visit_of(first).state is VisitState.SERVING
    assert visit_of(second).state is VisitState.WAITING


def test_receiving_twice_is_refused_the_second_time(desk):
    visit = desk.admit()
    desk.call()
    desk.receive(visit)
    assert desk.post(f"visits/{visit}/service").status_code == 409


def test_finishing_twice_ends_once_and_keeps_a_later_text(desk, records):
    visit = desk.admit()
    desk.call()
    desk.receive(visit)
    for text in ("Fait.", "Fait.", "Et la photo aussi."):
        answer = desk.post(f"visits/{visit}/end", visit=visit, done=text)
        assert answer.status_code == 303
    assert records() == ["Fait.", "Et la photo aussi."]


def test_who_already_left_cannot_be_called(desk, clock):
    visit = desk.admit()
    clock.advance(minutes=5)
    desk.post(f"visits/{visit}/departure")
    assert desk.post(f"visits/{visit}/calls").status_code == 409


def test_a_full_queue_says_so(desk, app, world, visit_of):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get(Queue, (world.centre_id, world.counter_queue_id)).capacity = 1
    desk.admit()
    refused = desk.admit()
    assert visit_of(refused).outcome is Outcome.FULL
    assert "La file est pleine" in desk.page()


@pytest.mark.parametrize(("hours", "is_told"), [(0, False), (3, True)])  # at ten, at lunch
def test_a_number_given_while_the_place_is_closed_warns(world, clock, request, hours, is_told):
    clock.advance(hours=hours)
    desk = request.getfixturevalue("desk")
    desk.admit("avis")
    assert ("Ce lieu est fermé" in desk.page()) is is_told


def test_a_key_longer_than_any_index_takes_still_gives_one_number(desk):
    given = [desk.post("visits", topic="avis", key="k" * 12_000) for _time in range(2)]
    assert [answer.status_code for answer in given] == [303, 303]
    assert given[0].location == given[1].location
