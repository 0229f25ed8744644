"""Identifiers: sealed, masked, whole only for whom they concern, with a reason, in the log."""

import pytest
from sqlalchemy import text

from config import Settings
from contactcenter.accounts.models import Organisation
from contactcenter.citizens import identifiers, sealing
from contactcenter.citizens.identifier_models import Identifier
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.escalation import ending
from contactcenter.escalation.models import Mandate
from contactcenter.events import EventRecord

NUMBER, SPACED = "3023217600053", "30 23 217 600 053"


@pytest.fixture
def concerned(app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        partner = db.session.get_one(Organisation, (world.centre_id, world.partner_id))
        partner.identifiers = ["tax_fr"]
        topic = db.session.get_one(Topic, (world.centre_id, world.topic_id))
        topic.shared = [*topic.shared, "tax_fr"]


@pytest.fixture
def noted(asked_id, matter, world, sign_in, app):
    """The id of a tax number that an agent kept."""
    path = f"/tickets/{matter.reference}/citizen/identifiers"
    answer = sign_in(world.agent).post(path, data={"kind": "tax_fr", "number": SPACED})
    assert answer.status_code == 303
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(db.select(Identifier.id)).one()


def reading(asked_id: int, noted: int) -> str:
    return f"/referrals/{asked_id}/identifiers/{noted}/readings"


def test_a_number_is_kept_sealed_and_shown_masked_to_agents(noted, matter, world, sign_in, owner):
    with owner.connect() as line:
        stored = line.scalar(text("SELECT sealed FROM identifiers"))
        told = line.execute(text("SELECT detail::text FROM events")).scalars().all()
        indexed = line.execute(text("SELECT document::text FROM search_documents")).scalars().all()
    assert NUMBER not in stored
    assert not any(NUMBER in each for each in [*told, *indexed])
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/citizen").text
    assert "•••••••••••53" in page
    assert NUMBER not in page


def test_a_wrong_number_is_refused_and_not_repeated(matter, world, sign_in):
    path = f"/tickets/{matter.reference}/citizen/identifiers"
    answer = sign_in(world.agent).post(path, data={"kind": "tax_fr", "number": "3023217600054"})
    assert answer.status_code == 422
    assert "3023217600054" not in answer.text


def test_the_organisation_concerned_sees_it_on_request_with_a_reason_in_the_log(
    noted, concerned, asked_id, world, sign_in, app
):
    expert = sign_in(world.referent)
    page = expert.get(f"/referrals/{asked_id}").text
    assert "•••••••••••53" in page
    assert NUMBER not in page
    path = reading(asked_id, noted)
    assert expert.post(path, data={"reason": " "}).status_code == 422
    shown = expert.post(path, data={"reason": "Retrouver l’avis"})
    assert NUMBER in shown.text
    assert NUMBER not in expert.get(f"/referrals/{asked_id}").text
    with app.app_context(), within(Scope(world.centre_id)):
        (event,) = db.session.scalars(
            db.select(EventRecord).where(EventRecord.kind == "IdentifierRead")
        )
        assert (event.person_id, event.reason) == (world.referent.id, "Retrouver l’avis")
        assert NUMBER not in str(event.detail)


def test_an_organisation_that_it_does_not_concern_sees_nothing_of_it(
    noted, asked_id, world, sign_in, app
):
    expert = sign_in(world.referent)
    assert "•••" not in expert.get(f"/referrals/{asked_id}").text
    assert expert.post(reading(asked_id, noted), data={"reason": "Voir"}).status_code == 404
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        assert db.session.scalars(db.select(Identifier)).all() == []  # nor does PostgreSQL


def test_another_organisation_and_a_taken_back_permission_get_404(
    noted, concerned, asked_id, matter, world, sign_in, app
):
    path, said = reading(asked_id, noted), {"reason": "Voir"}
    assert sign_in(world.other_referent).post(path, data=said).status_code == 404
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent)
    assert sign_in(world.referent).post(path, data=said).status_code == 404


def test_keys_are_changed_and_old_ones_may_then_go(
    noted, app, world, settings: Settings, monkeypatch
):
    def number() -> str:
        return identifiers.number_of(db.session.scalars(db.select(Identifier)).one())

    monkeypatch.setattr(settings, "field_keys", "new, ")
    with app.app_context(), within(Scope(world.centre_id)), pytest.raises(sealing.Unreadable):
        number()
    monkeypatch.setattr(settings, "field_keys", f"new,{settings.secret_key}")
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        assert (identifiers.reseal_all(), identifiers.reseal_all()) == (1, 0)
    monkeypatch.setattr(settings, "field_keys", "new")
    with app.app_context(), within(Scope(world.centre_id)):
        assert number() == NUMBER


def test_what_was_sealed_for_one_thing_does_not_open_as_another(app):
    with app.app_context():
        sealed = sealing.seal("12", "1:nir")
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(sealed, "1:tax_fr")
