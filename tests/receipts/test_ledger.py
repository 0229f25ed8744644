from sqlalchemy import select

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.events import EventRecord
from contactcenter.receipts import actions
from contactcenter.receipts.models import Door, Fate


def _came(app, world, problem):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.record(Door.PHONE, Fate.REJECTED, problem=problem)


def test_whoever_hung_up_was_not_refused(app, world, sign_in):
    _came(app, world, "hung up in the menu")
    page = sign_in(world.administrator).get("/traces").text
    assert ">A raccroché</td>" in page
    assert "pendant le menu" in page
    assert "hung up" not in page


def test_who_was_refused_reads_as_refused_with_the_reason(app, world, sign_in):
    _came(app, world, "outside opening hours")
    page = sign_in(world.administrator).get("/traces").text
    assert ">Refusé</td>" in page
    assert "En dehors des heures d’ouverture" in page


def test_a_reason_that_is_not_foreseen_stays_as_it_was_written(app, world, sign_in):
    _came(app, world, "/phone/voice: no valid signature")
    assert "/phone/voice: no valid signature" in sign_in(world.administrator).get("/traces").text


def test_an_original_is_opened_with_a_reason_that_is_kept(app, world, sign_in):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        receipt_id = actions.claim(Door.MAIL, "k", raw=b"Subject: Mon avis").id
    browser = sign_in(world.administrator)
    address = f"/traces/{receipt_id}/raw"
    assert address in browser.get("/traces").text
    assert browser.get(address).status_code == 405
    refused = browser.post(address, data={"why": "x"})
    assert (refused.status_code, "Mon avis" in refused.text) == (422, False)
    answer = browser.post(address, data={"why": "La personne dit l’avoir écrit"})
    assert answer.data == b"Subject: Mon avis"
    with app.app_context(), within(Scope(world.centre_id)):
        kept = db.session.scalars(select(EventRecord).where(EventRecord.kind == "RawRead")).one()
        assert (kept.person_id, kept.reason) == (
            world.administrator.id,
            "La personne dit l’avoir écrit",
        )
