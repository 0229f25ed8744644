"""A mail that was kept aside is read after all, and not kept for ever."""

import pytest

from contactcenter import outbox
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.intake.mail import door
from contactcenter.notices.models import Notice
from contactcenter.outbox import OutboxMessage
from contactcenter.receipts import jobs
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.tickets.models import Ticket
from tests.intake.mail.letters import mail


@pytest.fixture
def held(app, in_centre, world, clock) -> int:
    """A mail whose reading was given up."""
    door.store(mail(), door.mailbox_of(world.mailbox), world.mailbox)
    with transaction():
        db.session.execute(db.update(OutboxMessage).values(dead_at=clock.time, attempts=12))
        return db.session.scalars(db.select(Receipt.id)).one()


def _fate(world) -> Fate:
    with within(Scope(world.centre_id)), transaction():
        return db.session.scalars(db.select(Receipt.fate)).one()


def test_a_mail_whose_reading_was_given_up_is_read_again_at_a_word(held, world, sign_in, worker):
    browser = sign_in(world.administrator)
    assert f"/traces/{held}/reading" in browser.get("/traces").text
    for _time in range(2):
        assert browser.post(f"/traces/{held}/reading").status_code == 303
        worker.run_all()
    assert _fate(world) is Fate.TICKETED


def test_a_refused_mail_is_opened_as_a_request_at_a_word_and_answered_by_nobody(
    app, in_centre, world, sign_in, worker
):
    raw = mail(Auto_Submitted="auto-replied")
    door.store(raw, door.mailbox_of(world.mailbox), world.mailbox)
    worker.run_all()
    assert _fate(world) is Fate.REJECTED
    with transaction():
        refused = db.session.scalars(db.select(Receipt.id)).one()
    browser = sign_in(world.administrator)
    assert f"/traces/{refused}/request" in browser.get("/traces").text
    for _time in range(2):
        assert browser.post(f"/traces/{refused}/request").status_code == 303
        worker.run_all()
    assert _fate(world) is Fate.TICKETED
    with within(Scope(world.centre_id)), transaction():
        assert db.session.scalars(db.select(Ticket.subject)).all() == ["Avis"]
        assert db.session.scalars(db.select(Notice)).all() == []


@pytest.mark.parametrize("job_is_known", [True, False])
def test_and_by_itself_a_day_later(held, world, worker, clock, job_is_known):
    clock.advance(hours=25)
    with transaction():
        if not job_is_known:
            db.session.execute(db.delete(OutboxMessage))
        jobs.read_held_mail()
    assert worker.run_all() > 0
    assert _fate(world) is Fate.TICKETED


def test_a_mail_that_is_being_read_is_not_read_twice(held, clock):
    with transaction():
        outbox.retry(OutboxMessage.job == "intake.read_mail")
    clock.advance(hours=25)
    with transaction():
        jobs.read_held_mail()
        assert len(db.session.scalars(db.select(OutboxMessage.id)).all()) == 1


def test_the_words_of_a_mail_as_it_came_are_kept_ninety_days(held, worker, clock):
    clock.advance(days=91)
    with transaction():
        jobs.forget_raw()
        assert db.session.scalars(db.select(Receipt.raw)).one() is not None  # nobody read it yet
        outbox.retry(OutboxMessage.job == "intake.read_mail")
    worker.run_all()
    with transaction():
        jobs.forget_raw()
        assert db.session.scalars(db.select(Receipt.raw)).one() is None
