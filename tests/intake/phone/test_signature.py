"""Only our own Twilio account is heard, and what is refused leaves a trace."""

import logging

import pytest
from twilio.request_validator import RequestValidator

from contactcenter.intake.phone.models import PhoneCall
from contactcenter.receipts.models import Door, Fate, Receipt

DOORS = [
    "/phone/voice", "/phone/menu?at=fr0", "/phone/wait", "/phone/left", "/phone/conference",
    "/phone/over", "/phone/status", "/phone/conference-events", "/phone/agent-leg",
    "/phone/post-key", "/phone/sms",
    "/phone/message-status?notice=1",
]  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_an_unsigned_request_is_refused_at_every_door(telephone, look, door):
    assert telephone.ask(door, signature="").status_code == 403
    assert look.all(PhoneCall) == []


def test_a_refusal_leaves_a_trace_without_a_number_in_it(telephone, look):
    telephone.ask("/phone/voice", signature="made up")
    trace = look.all(Receipt)[0]
    assert (trace.door, trace.fate) == (Door.PHONE, Fate.REJECTED)
    assert trace.problem == "/phone/voice: no valid signature"
    assert telephone.caller not in trace.dedupe_key


def test_a_flood_of_refusals_leaves_one_trace_a_minute(telephone, look):
    for _time in range(5):
        telephone.ask("/phone/voice", signature="made up")
    assert len(look.all(Receipt)) == 1


def test_a_signed_request_is_heard(telephone):
    assert telephone.hear("/phone/voice").tag == "Response"


def test_a_parameter_added_to_a_signed_request_is_refused(telephone, client):
    form = {"CallSid": telephone.sid, "To": telephone.line, "From": telephone.caller}
    signature = RequestValidator(telephone.token).compute_signature(
        telephone.base + "/phone/voice", form
    )
    twice = {**form, "CallSid": [telephone.sid, "CA" + "2" * 32]}
    answer = client.post("/phone/voice", data=twice, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


def test_the_query_is_signed_too(telephone):
    signature = RequestValidator(telephone.token).compute_signature(
        telephone.base + "/phone/menu?at=fr0", {"CallSid": telephone.sid}
    )
    assert telephone.ask("/phone/menu?at=en0", signature=signature).status_code == 403


def test_what_a_proxy_says_of_the_host_changes_nothing(telephone, client):
    form = {"CallSid": telephone.sid, "To": telephone.line, "From": telephone.caller}
    signature = RequestValidator(telephone.token).compute_signature(
        "http://elsewhere.example/phone/voice", form
    )
    answer = client.post(
        "/phone/voice",
        data=form,
        headers={"X-Twilio-Signature": signature, "X-Forwarded-Host": "elsewhere.example"},
        base_url="http://elsewhere.example",
    )
    assert answer.status_code == 403


def test_during_a_change_both_tokens_are_believed(telephone, settings, monkeypatch):
    monkeypatch.setattr(settings, "twilio_auth_token", f"new one, {telephone.token}")
    assert telephone.ask("/phone/voice").status_code == 200


def test_without_a_token_nobody_is_believed(telephone, settings, monkeypatch):
    monkeypatch.setattr(settings, "twilio_auth_token", "")
    telephone.token = ""
    assert telephone.ask("/phone/voice").status_code == 403


def test_the_start_warns_that_no_token_is_set(settings, caplog):
    from contactcenter import create_app

    with caplog.at_level(logging.WARNING):
        create_app(settings.model_copy(update={"twilio_auth_token": ""}))
    assert "TWILIO_AUTH_TOKEN is not set" in caplog.text


def test_a_number_that_is_not_ours_is_told_so(telephone, look):
    telephone.line = "+33199009999"
    document = telephone.hear("/phone/voice")
    assert [verb.tag for verb in document] == ["Say", "Hangup"]
    assert look.all(Receipt)[0].problem == "/phone/voice: no line has this number"
