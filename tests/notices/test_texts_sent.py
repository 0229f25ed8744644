"""A text leaves once, waits for a right token, and is not sent to who asked for none."""

import threading

import pytest

from contactcenter.db import db
from contactcenter.directory.models import Line
from contactcenter.edge import JOBS, transaction
from contactcenter.notices import actions, refusals, rules, sms
from contactcenter.notices import jobs as notices
from contactcenter.notices.models import Means, Notice, NoticeState
from contactcenter.outbox import OutboxMessage
from contactcenter.rehearsal.twilio.network import Network
from contactcenter.rehearsal.twilio.server import Server
from contactcenter.rehearsal.twilio.wire import Options

pytestmark = pytest.mark.usefixtures("in_centre")

CITIZEN = "+33639980042"


@pytest.fixture
def operator(settings):
    """It knows another token than ours once a test says so, and tells us nothing by itself."""
    options = Options("", settings.twilio_account_sid, settings.twilio_auth_token)
    server = Server(Network(options))
    server.network.wire.tell = lambda *_told: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.twilio_api_base = server.address
    yield server.network
    settings.twilio_api_base = ""
    server.shutdown()
    server.server_close()


@pytest.fixture
def text(operator) -> Notice:
    notice = actions.write(
        kind="acknowledgement",
        means=Means.SMS,
        to_address=CITIZEN,
        body="C’est prêt.",
        language="fr",
    )
    db.session.commit()
    return notice


def _send(notice):
    with transaction():
        errand = JOBS["notices.send"](notice_id=notice.id)
    if errand is not None:
        errand()
    db.session.refresh(notice)
    return notice.state


def test_a_text_is_handed_over_once(text, operator):
    assert [_send(text), _send(text)] == [NoticeState.SENT] * 2
    [sent] = operator.messages
    assert (sent["to"], sent["body"], text.message_id) == (CITIZEN, "C’est prêt.", sent["sid"])


@pytest.mark.parametrize("status", sorted(sms.TAKEN))
def test_a_text_the_operator_speaks_of_is_not_sent_again(text, operator, clock, status):
    """Whoever handed it over died before noting so."""
    with transaction():
        JOBS["notices.send"](notice_id=text.id)
    sms.hear_status(text, "SM1", status, "")
    db.session.commit()
    assert (text.state, text.message_id) == (NoticeState.SENT, "SM1")
    clock.advance(seconds=rules.HANDED_OVER_WITHIN.total_seconds() + 1)
    staged = db.session.scalar(db.select(db.func.count(OutboxMessage.id)))
    notices.find_left_behind()
    assert db.session.scalar(db.select(db.func.count(OutboxMessage.id))) == staged
    assert (text.doubts, _send(text), operator.messages) == (0, NoticeState.SENT, [])


@pytest.mark.parametrize("state", [NoticeState.PENDING, NoticeState.UNSURE])
def test_a_report_ends_the_doubt(text, state):
    text.state = state
    sms.hear_status(text, "SM1", "delivered", "")
    assert text.state is NoticeState.SENT


def test_with_a_wrong_token_texts_wait_and_the_log_says_why(text, operator, settings, caplog):
    right, settings.twilio_auth_token = settings.twilio_auth_token, "no longer ours"
    try:
        assert (_send(text), text.tries) == (NoticeState.PENDING, 1)
    finally:
        settings.twilio_auth_token = right
    assert "refuses our account (20003)" in caplog.text
    assert CITIZEN not in caplog.text
    assert _send(text) is NoticeState.SENT


def test_who_told_the_operator_to_stop_is_written_to_no_more_and_the_agent_sees_it(text, operator):
    line = db.session.scalars(db.select(Line)).first()
    operator._stopped.add((line.number, CITIZEN))
    assert (_send(text), text.failure) == (NoticeState.FAILED, "refused by the operator (21610)")
    assert refusals.is_refused(Means.SMS, CITIZEN)
