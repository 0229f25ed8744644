"""Pictures that come with a text are files of its request, fetched once from the operator."""

import pytest

from contactcenter.attachments.models import Attachment
from contactcenter.events import EventRecord
from contactcenter.intake.phone import jobs
from contactcenter.outbox import OutboxMessage
from contactcenter.tickets.models import Message

JPEG = b"\xff\xd8\xff" + b"0" * 100


@pytest.fixture
def send(telephone, settings, look):
    """A text with these addresses; what it has the worker fetch."""

    def sent(*addresses):
        named = {f"MediaUrl{number}": address for number, address in enumerate(addresses)}
        telephone.ask(
            "/phone/sms", MessageSid="SM1", Body="", NumMedia=str(len(addresses)), **named
        )
        rows = look.all(OutboxMessage)
        return [row.arguments for row in rows if row.job == "intake.fetch_picture"]

    return sent


def _address(settings, name):
    account = f"/2010-04-01/Accounts/{settings.twilio_account_sid}"
    return f"https://api.twilio.com{account}/Messages/MM1/Media/{name}"


def _refused(look):
    return [e.detail["name"] for e in look.all(EventRecord) if e.kind == "FileRefused"]


def test_a_picture_is_fetched_once_and_is_a_file_of_the_words_it_came_with(
    send, settings, operator, within_centre, look
):
    operator.network.pictures["ME1"] = JPEG
    [asked] = send(_address(settings, "ME1"))
    for _twice in range(2):
        within_centre(lambda: jobs.fetch_picture(**asked))
    [kept] = look.all(Attachment)
    assert (kept.name, kept.content_type, kept.size) == ("ME1.jpg", "image/jpeg", len(JPEG))
    assert kept.message_id == look.all(Message)[0].id
    assert _refused(look) == []


@pytest.mark.parametrize("there", [None, b"\xff\xd8\xff" + b"0" * 2000])
def test_one_that_is_gone_or_too_large_is_said_in_the_request(
    send, settings, operator, within_centre, look, there, monkeypatch
):
    monkeypatch.setattr(settings, "attachment_max_bytes", 1000)
    if there:
        operator.network.pictures["ME1"] = there
    [asked] = send(_address(settings, "ME1"))
    for _twice in range(2):
        within_centre(lambda: jobs.fetch_picture(**asked))
    assert (look.all(Attachment), _refused(look)) == ([], ["ME1"])


def test_while_the_operator_is_away_it_is_asked_for_again(send, settings, within_centre):
    settings.twilio_api_base = "http://127.0.0.1:1"
    [asked] = send(_address(settings, "ME1"))
    with pytest.raises(OSError, match="refused"):
        within_centre(lambda: jobs.fetch_picture(**asked))
    settings.twilio_api_base = ""


def test_nothing_is_fetched_from_elsewhere(send, look):
    assert send("https://media.example/internal/1", "http://169.254.0.1/latest/") == []
    assert len(_refused(look)) == 2


def test_no_more_is_fetched_than_a_request_takes(send, settings, look, monkeypatch):
    monkeypatch.setattr(settings, "attachment_max_count", 1)
    assert len(send(_address(settings, "ME1"), _address(settings, "ME2"))) == 1
    assert _refused(look) == ["ME2"]
