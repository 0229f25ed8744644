from contactcenter.db import Scope, within
from contactcenter.edge import transaction
from contactcenter.receipts import actions
from contactcenter.receipts.models import Door, Fate


def _came(app, world, problem):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.record(Door.PHONE, Fate.REJECTED, problem=problem)


def test_whoever_hung_up_was_not_refused(app, world, sign_in):
    _came(app, world, "hung up in the menu")
    page = sign_in(world.administrator).get("/traces").text
    assert "<td>A raccroché</td>" in page
    assert "pendant le menu" in page
    assert "hung up" not in page


def test_who_was_refused_reads_as_refused_with_the_reason(app, world, sign_in):
    _came(app, world, "outside opening hours")
    page = sign_in(world.administrator).get("/traces").text
    assert "<td>Refusé</td>" in page
    assert "En dehors des heures d’ouverture" in page


def test_a_reason_that_is_not_foreseen_stays_as_it_was_written(app, world, sign_in):
    _came(app, world, "/phone/voice: no valid signature")
    assert "/phone/voice: no valid signature" in sign_in(world.administrator).get("/traces").text
