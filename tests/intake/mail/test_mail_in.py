"""The pipe of a mail server: stored for the centre it names, whatever address was written to."""

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.receipts.models import Receipt
from tests.intake.mail.test_mail_door import mail


@pytest.mark.parametrize("to", ["contact@orme.example", "personne@ailleurs.example"])
def test_a_mail_is_stored_for_the_centre_that_is_named(app, world, to):
    arguments = ["mail-in", "--centre", "orme"]
    with app.app_context():
        done = app.test_cli_runner().invoke(args=arguments, input=mail(to=to))
    assert done.exit_code == 0, done.output
    with app.app_context(), within(Scope(world.centre_id)):
        assert len(db.session.scalars(db.select(Receipt)).all()) == 1
