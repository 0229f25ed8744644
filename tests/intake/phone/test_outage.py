"""While the database is away callers keep their line, and nobody else gets an answer."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from config import Settings
from contactcenter import create_app

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def ask(settings):
    app = create_app(Settings(**settings.model_dump() | {"database_url": AWAY}))
    browser = app.test_client()

    def ask(path, *, signed=True, **form):
        sent = {"CallSid": "CA1", "To": "+33199001471", "From": "+33639980042", **form}
        validator = RequestValidator(settings.twilio_auth_token)
        signature = validator.compute_signature(settings.public_base_url + path, sent)
        headers = {"X-Twilio-Signature": signature if signed else "a guess"}
        return browser.post(path, data=sent, headers=headers)

    return ask


def test_who_waits_hears_music_and_is_asked_for_again(ask):
    answer = ask("/phone/wait?leg=2", QueueSid="QU1")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    document = ET.fromstring(answer.text)
    assert [verb.tag for verb in document] == ["Pause", "Play", "Redirect"]
    assert document.findtext("Redirect") == "http://localhost/phone/wait?leg=2&again=1"


def test_who_calls_is_told_so_once_in_each_language_french_first(ask):
    document = ET.fromstring(ask("/phone/voice").text)
    assert [verb.get("language") for verb in document.iter("Say")][:2] == ["fr-FR", "nl-NL"]
    assert document[-1].text == "http://localhost/phone/voice?again=1"
    again = ET.fromstring(ask("/phone/voice?again=1").text)
    assert [verb.tag for verb in again] == ["Pause", "Redirect"]


def test_a_key_nobody_could_note_is_asked_for_again(ask):
    document = ET.fromstring(ask("/phone/menu?at=fr0", Digits="1").text)
    assert document[-1].text == "http://localhost/phone/voice?at=fr0&again=1"


def test_it_does_not_go_on_without_end(ask):
    document = ET.fromstring(ask("/phone/wait?leg=1&again=40").text)
    assert document[-1].tag == "Hangup"


@pytest.mark.parametrize("path", ["/phone/status", "/phone/sms", "/phone/conference-events"])
def test_what_is_only_told_is_not_taken_for_kept(ask, path):
    answer = ask(path, CallStatus="completed", FriendlyName="cc-1-1-1")
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


def test_a_conference_of_no_name_of_ours_is_not_our_fault(ask):
    answer = ask("/phone/conference-events", FriendlyName="nonsense")
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


def test_who_typed_a_code_in_line_stays_in_line(ask):
    document = ET.fromstring(ask("/phone/follow-up?try=1&leg=2", Digits="123").text)
    assert document[-1].text == "http://localhost/phone/wait?try=1&leg=2&again=1"


def test_what_our_account_did_not_sign_is_refused_as_ever(ask):
    assert ask("/phone/voice", signed=False).status_code == 403


def test_the_document_for_the_worst_case_is_one(client):
    document = ET.fromstring(client.get("/static/phone/fallback.xml").data)
    assert [verb.tag for verb in document] == ["Say"] * 4 + ["Hangup"]
    assert Path("static/phone/fallback.xml").read_bytes().startswith(b"<?xml")
