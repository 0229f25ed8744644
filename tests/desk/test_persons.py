"""A person's page, likely duplicates with their reasons, and the review of a merge."""

import pytest

from contactcenter.citizens import actions as citizens
from contactcenter.citizens.models import CitizenMerge
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.tickets.models import Ticket
from tests.desk.stage import far, opened

PHONE = "06 39 98 00 01"


@pytest.fixture
def known(app, world):
    def note(name="Élodie Vasseur", **more):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            return citizens.create(name=name, **more).id

    return note


def test_the_pages_compare_merge_lead_on_and_split(app, world, known, sign_in):
    kept, other = known(phone=PHONE), known(phone=PHONE, birth_year=1958)
    browser = sign_in(world.agent)
    assert "même téléphone" in browser.get(f"/citizens/{kept}").text
    assert "1958" in browser.get(f"/citizens/{kept}/merges/new?with={other}").text
    sent = {"other": other, "birth_year": "merged"}
    assert browser.post(f"/citizens/{kept}/merges", data=sent).status_code == 303
    assert browser.get(f"/citizens/{other}").location == f"/citizens/{kept}"
    assert "Séparer ces deux fiches" in browser.get(f"/citizens/{kept}").text
    with app.app_context(), within(Scope(world.centre_id)):
        merge_id = db.session.scalar(db.select(CitizenMerge.id))
    assert browser.post(f"/citizens/merges/{merge_id}/split").status_code == 303
    assert browser.get(f"/citizens/{other}").status_code == 200


def test_a_likely_duplicate_from_another_place_can_be_merged(app, world, known, sign_in):
    kept, other = known(phone=PHONE), known(phone=PHONE)
    far(app, world, citizen_id=other)
    browser = sign_in(world.agent)
    assert browser.get(f"/citizens/{kept}/merges/new?with={other}").status_code == 200
    assert browser.post(f"/citizens/{kept}/merges", data={"other": other}).status_code == 303


@pytest.mark.parametrize("who", ["administrator", "referent"])
def test_only_the_first_line_and_managers_merge(world, known, sign_in, who):
    kept, other = known(), known()
    browser = sign_in(getattr(world, who))
    assert browser.post(f"/citizens/{kept}/merges", data={"other": other}).status_code == 403


def test_a_person_of_another_centre_does_not_exist(known, other_world, sign_in):
    assert sign_in(other_world.agent).get(f"/citizens/{known()}").status_code == 404


def test_likely_the_same_request_shows_only_what_one_may_read(app, world, known, sign_in):
    citizen_id = known()
    first = opened(app, world, subject="Mon avis d’impôt", citizen_id=citizen_id)
    second = opened(app, world, subject="Mon avis d’impôt", citizen_id=citizen_id)
    page = sign_in(world.agent).get(f"/tickets/{second.reference}/alike").text
    assert first.reference in page
    assert "même personne, objet proche" in page
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        mine = db.session.get(Ticket, (world.centre_id, second.id))
        mine.site_id, mine.subject = world.other_site_id, "Autre objet"
    page = sign_in(world.outsider).get(f"/tickets/{second.reference}/alike").text
    assert first.reference in page
    assert "Mon avis d’impôt" not in page


def test_a_request_on_the_same_topic_in_like_words_is_proposed(app, world, sign_in):
    more = {"subject": "Mon avis d’impôt est faux", "topic_id": world.topic_id}
    first, second = opened(app, world, **more), opened(app, world, **more)
    page = sign_in(world.agent).get(f"/tickets/{second.reference}/alike").text
    assert first.reference in page
    assert "même motif, objet proche" in page


def test_a_request_of_two_months_ago_is_not_proposed(app, world, clock, sign_in):
    more = {"subject": "Mon avis d’impôt est faux", "topic_id": world.topic_id}
    opened(app, world, **more)
    clock.advance(days=60)
    second = opened(app, world, **more)
    page = sign_in(world.agent).get(f"/tickets/{second.reference}/alike").text
    assert "Rien de semblable" in page


def test_a_form_being_filled_in_is_told_who_and_what_it_resembles(app, world, known, sign_in):
    ticket = opened(app, world, citizen_id=known(phone=PHONE))
    sent = {"citizen_name": "E. Vasseur", "citizen_phone": PHONE, "subject": "Impôt"}
    page = sign_in(world.agent).post("/alike", data=sent).text
    assert "même téléphone" in page
    assert ticket.reference in page


def test_empty_words_resemble_nothing(world, sign_in):
    page = sign_in(world.agent).post("/alike", data={"name": "😀", "subject": ""}).text
    assert "Peut-être" not in page
