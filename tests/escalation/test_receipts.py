"""What the citizen allowed, handed to them in their language, and in the history."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.escalation.models import Mandate
from contactcenter.events import EventRecord
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets


@pytest.fixture
def allow(world, matter, sign_in):
    """Both partners, for all topics, before a witness."""
    sent = {
        "organisations": [world.partner_id, world.other_partner_id],
        "scope": "all",
        "kind": "oral",
        "witness": "Mme Aubert",
        "valid_days": 31,
    }
    agent = sign_in(world.agent)
    path = f"/tickets/{matter.reference}/mandates"
    return lambda **more: agent.post(path, data=sent | more)


@pytest.fixture
def kept(app, world):
    def read(model, *which):
        with app.app_context(), within(Scope(world.centre_id)):
            return db.session.scalars(db.select(model).where(*which).order_by(model.id)).all()

    return read


def given(kept):
    return kept(EventRecord, EventRecord.kind == "MandateReceiptGiven")


def test_one_receipt_tells_all_that_was_allowed_in_one_breath(allow, world, sign_in, kept):
    answer = allow()
    page = sign_in(world.agent).get(answer.headers["Location"]).text
    assert "Impôts d’essai" in page
    assert "Allocations d’essai" in page
    assert "Tout motif de cette demande." in page
    assert "Mme Aubert" in page
    assert "Comment le reprendre" in page
    assert "Josette Lambertin" in page
    first, second = kept(Mandate)[-2:]
    assert second.given_with == first.id


def test_the_receipt_speaks_the_language_of_the_citizen(app, allow, world, matter, sign_in):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        tickets.get(matter.ticket_id).language = "nl"
    page = sign_in(world.agent).get(allow().headers["Location"]).text
    assert 'lang="nl"' in page
    assert "Comment le reprendre" not in page


def test_handed_over_it_is_in_the_history(allow, world, matter, sign_in, kept):
    agent = sign_in(world.agent)
    where = allow().headers["Location"]
    assert given(kept) == []
    assert agent.post(where).status_code == 303
    [event] = given(kept)
    assert (event.detail["means"], event.person_id) == ("paper", world.agent.id)
    story = agent.get(f"/tickets/{matter.reference}").text
    assert "le reçu de ce qu’il permet" in story


def test_who_has_an_address_gets_one_mail_for_all_and_another_when_it_ends(
    allow, world, matter, sign_in, kept, worker
):
    allow()
    worker.run_all()
    worker.run_all()
    letters = kept(Notice, Notice.kind == "mandate")
    assert [letter.to_address for letter in letters] == ["josette@citoyens.example"] * 2
    first, both = letters  # that of the matter, and this one
    assert "Allocations" not in first.body
    assert "Impôts d’essai" in both.body
    assert "Allocations d’essai" in both.body
    assert "reprendre cet accord" in both.body
    assert "impôt" not in both.subject.lower()
    assert [event.detail["means"] for event in given(kept)] == ["email", "email"]
    mandate = kept(Mandate)[-1]
    sign_in(world.agent).post(f"/tickets/{matter.reference}/mandates/{mandate.id}/revocation")
    worker.run_all()
    assert "n’est plus partagée avec" in kept(Notice, Notice.kind == "mandate")[-1].body


def test_who_has_no_address_gets_none(app, allow, world, kept, worker, matter):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        tickets.get(matter.ticket_id).citizen_id = None
    allow()
    worker.run_all()
    assert kept(Notice, Notice.kind == "mandate") == []
    assert given(kept) == []


@pytest.mark.parametrize(
    "wrong", [{"organisations": []}, {"witness": ""}, {"scope": "chosen"}, {"kind": "sms"}]
)
def test_what_is_incomplete_is_refused_and_nothing_is_written(allow, kept, wrong):
    before = len(kept(Mandate))
    assert allow(**wrong).status_code == 422
    assert len(kept(Mandate)) == before


def test_a_receipt_of_another_request_or_for_a_stranger_is_not_there(allow, world, matter, sign_in):
    where = allow().headers["Location"]
    elsewhere = where.replace(matter.reference, "2020-000001")
    assert sign_in(world.agent).get(elsewhere).status_code == 404
    assert sign_in(world.referent).get(where).status_code == 403


def test_a_receipt_for_every_topic_tells_all_that_any_of_them_shows(
    app, allow, world, matter, sign_in, kept, worker
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        tickets.get(matter.ticket_id).topic_id = None
        db.session.add(
            Topic(
                code="rsa",
                organisation_id=world.other_partner_id,
                label={"fr": "RSA"},
                shared=["name", "phone"],
            )
        )
    sheet = sign_in(world.agent).get(allow().headers["Location"]).text
    worker.run_all()
    letter = kept(Notice, Notice.kind == "mandate")[-1].body
    for told in (sheet, letter):
        assert "selon le motif, au plus\xa0: nom entier, année de naissance, téléphone" in told
        assert "ien d’autre" not in told


def test_what_is_sent_twice_is_allowed_once_with_one_receipt(allow, world, kept, worker):
    before = len(kept(Mandate))
    first, second = allow(), allow()
    assert first.headers["Location"] == second.headers["Location"]
    worker.run_all()
    assert len(kept(Mandate)) == before + 2
    assert len(kept(Notice, Notice.kind == "mandate")) == 2  # that of the matter, and this one
    assert allow(organisations=[world.partner_id]).headers["Location"] != first.headers["Location"]
