"""A text to a number that is no line's is kept aside, read once it is one, and not for ever."""

import pytest

from contactcenter.db import db
from contactcenter.directory.models import Line
from contactcenter.intake.phone import jobs
from contactcenter.operations import forget
from contactcenter.receipts.jobs import forget_raw
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.tickets.models import Message, Ticket

STRAY = "+33199009999"


@pytest.fixture
def usual(settings, world, monkeypatch):
    monkeypatch.setattr(settings, "default_centre", world.code)


def _send(telephone, sid="SM1"):
    answer = telephone.ask("/phone/sms", MessageSid=sid, Body="Bonjour", NumMedia="0", To=STRAY)
    assert (answer.status_code, answer.text.endswith("<Response/>")) == (200, True)


def test_it_is_kept_aside_where_an_administrator_sees_it(usual, telephone, look, sign_in, world):
    for _twice in range(2):
        _send(telephone)
    [receipt] = look.all(Receipt)
    assert (receipt.fate, receipt.centre_id, look.all(Ticket)) == (Fate.HELD, world.centre_id, [])
    browser = sign_in(world.administrator)
    page = browser.get("/traces?fate=held").text
    assert "Un SMS au +33199009999" in page
    assert f"/traces/{receipt.id}/raw" in page
    said = browser.post(f"/traces/{receipt.id}/raw", data={"why": "Qui nous écrit ?"})
    assert "Bonjour" in said.text


def test_once_the_number_is_a_line_s_it_is_read(usual, telephone, look, within_centre):
    _send(telephone)
    within_centre(jobs.read_held_texts)
    assert look.all(Ticket) == []

    def give():
        db.session.scalars(db.select(Line)).one().number = STRAY

    within_centre(give)
    for _twice in range(2):
        within_centre(jobs.read_held_texts)
    assert [message.text for message in look.all(Message)] == ["Bonjour"]
    assert look.all(Receipt)[0].fate is Fate.TICKETED


def test_its_words_are_kept_a_year_at_most(usual, telephone, within_centre, clock):
    _send(telephone)

    def words():
        forget_raw()
        return db.session.scalars(db.select(Receipt.raw)).one()

    clock.advance(days=91)
    assert within_centre(words) is not None
    clock.advance(days=275)
    assert within_centre(words) is None


def test_where_nobody_can_tell_which_centre_is_meant_its_words_are_not_kept(
    app, settings, telephone, sign_in, world, clock, monkeypatch
):
    monkeypatch.setattr(settings, "default_centre", "none-of-them")
    _send(telephone)
    with app.app_context():
        stray = db.select(Receipt.fate, Receipt.raw).where(Receipt.centre_id.is_(None))
        assert db.session.execute(stray).all() == [(Fate.REJECTED, None)]
        db.session.rollback()
        assert "Un SMS au +33199009999" in sign_in(world.administrator).get("/traces").text
        clock.advance(days=91)
        forget()
        assert db.session.execute(stray).all() == []
        db.session.rollback()
