"""The page of the centre itself, and what is written of silence."""

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Silence, Topic


@pytest.fixture
def admin(world, sign_in):
    return sign_in(world.administrator)


@pytest.fixture
def read(app, world):
    def loaded(kind, key):
        with app.app_context(), within(Scope(world.centre_id)):
            row = db.session.get_one(kind, key)
            db.session.expunge_all()
            return row

    return loaded


def test_a_centre_acknowledges_until_it_is_told_not_to(admin, world, read):
    assert read(Centre, world.centre_id).acknowledges
    assert admin.post("/directory/centre", data={}).status_code == 303
    assert not read(Centre, world.centre_id).acknowledges
    admin.post("/directory/centre", data={"acknowledges": "y"})
    assert read(Centre, world.centre_id).acknowledges


def test_the_page_gives_the_address_of_the_public_form(admin, world):
    assert f"/ask/{world.code}" in admin.get("/directory/centre").text


def _topic(**more: str) -> dict[str, object]:
    return {
        "code": "impots-avis",
        "label": ["Avis d’impôt", "", "", ""],
        "price_cents": "0",
        "target_minutes": "960",
        "is_active": "y",
        **more,
    }


def test_what_silence_means_is_kept_with_its_months(admin, world, read):
    data = _topic(organisation_id=str(world.partner_id), silence="rejection", silence_months="2")
    answer = admin.post(f"/directory/topics/{world.topic_id}", data=data)
    assert answer.status_code == 303, answer.text
    topic = read(Topic, (world.centre_id, world.topic_id))
    assert (topic.silence, topic.silence_months) == (Silence.REJECTION, 2)


def test_silence_without_months_is_not_kept(admin, world, read):
    data = _topic(organisation_id=str(world.partner_id), silence="rejection")
    assert admin.post(f"/directory/topics/{world.topic_id}", data=data).status_code == 422
    assert read(Topic, (world.centre_id, world.topic_id)).silence is None
