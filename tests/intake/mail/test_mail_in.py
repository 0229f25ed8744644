"""The pipe of a mail server: stored for the centre it names, whatever address was written to."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.outbox import OutboxMessage
from contactcenter.receipts.models import Receipt
from tests.intake.mail.letters import mail


@pytest.mark.parametrize("to", ["contact@orme.example", "personne@ailleurs.example"])
def test_a_mail_is_stored_for_the_centre_that_is_named(app, world, to):
    arguments = ["mail-in", "--centre", "orme"]
    with app.app_context():
        done = app.test_cli_runner().invoke(args=arguments, input=mail(to=to))
    assert done.exit_code == 0, done.output
    with app.app_context(), within(Scope(world.centre_id)):
        assert len(db.session.scalars(db.select(Receipt)).all()) == 1


def test_what_must_be_sent_is_left_to_the_workers_who_know_the_mail_server(app, world):
    with app.app_context():
        app.test_cli_runner().invoke(args=["mail-in", "--centre", "orme"], input=mail())
    with app.app_context(), within(Scope(world.centre_id)):
        jobs = db.session.execute(db.select(OutboxMessage.job, OutboxMessage.done_at)).all()
    assert [done for job, done in jobs if job == "intake.read_mail"] != [None]
    assert [done for job, done in jobs if job == "notices.send"] == [None]


@pytest.mark.parametrize("centre", ["nulle-part", "sans-boite"])
def test_a_mistake_in_the_set_up_keeps_the_mail_with_its_server(app, world, other_world, centre):
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["mail-in", "--centre", centre], input=mail())
    assert done.exit_code == 75
    assert "lina" not in done.output.lower()
