"""No mail stops the others: every one is answered, soon, and kept."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.intake.mail import message, parse_report, reply

HEAD = b"From: a@b.example\nSubject: x\n"


def nested(depth: int) -> bytes:
    parts = (
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
        for level in range(depth)
    )
    return HEAD + b"".join(parts) + b"\nBonjour\n"


def page(body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\n\n" + body


HOSTILE = {
    "many senders": b"From: " + b", ".join(b"u%d@h.example" % n for n in range(20_000)) + b"\n\nx",
    "deep parts": nested(1_000),
    "mails in mails": HEAD + b"Content-Type: message/rfc822\n\n" * 500,
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000,
    "comments": b"From: " + b"(" * 3_000 + b"\nTo: " + b"(" * 100_000 + b"\n\nx",
    "quotes": b"From: " + b'"' * 60_000 + b"\nTo: " + b'"\\' * 30_000 + b"\n\nx",
    "encoded words": b"From: a@b.example\nSubject: " + b"=?a?q?" * 10_000 + b"\n\nx",
    "parameters": HEAD + b"Content-Type: text/plain; " + b'a=";' * 50_000 + b"\n\nx",
    "long header": HEAD + b"X-Long: " + b"y" * 3_000_000 + b"\n\nx",
    "slow charset": HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 100_000,
    "blanks": HEAD + b"\n" + b" " * 1_000_000 + b"x",
    "dashes": HEAD + b"Return-Path: <>\nFrom: mailer-daemon@b\n\n" + b"-" * 1_000_000,
    "headings": HEAD + b"\n" + b"De : x\n" * 140_000,
    "wrote": HEAD + b"\n" + b"Le 12/12/2026 a@b.example\n" * 30_000,
    "deep page": page(b"<div>" * 200_000 + b"x"),
    "deep quotes": page(b"<blockquote type=cite>" * 40_000 + b"x"),
    "many lines": page(b"<br>" * 250_000 + b"x"),
    "attributes": page(b"<a " + b"a " * 300_000 + b">x"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_answered_within_a_second(name):
    started = time.process_time()
    described = parse_report.describe(HOSTILE[name])
    assert time.process_time() - started < 1
    json.dumps(described, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["many senders", "deep parts", "many parts", "long header"])
def test_a_mail_over_a_limit_goes_along_as_a_file(name):
    mail = message.read(HOSTILE[name])
    assert mail.attachments[-1].content == HOSTILE[name]
    assert set(mail.problems) & message.LIMITS


def test_the_first_of_many_senders_is_taken():
    assert message.read(HOSTILE["many senders"]).from_address == "u0@h.example"


def test_fields_behind_one_that_is_too_long_still_count():
    raw = b"X-Long: " + b"y" * 500_000 + b"\nFrom: a@b.example\nSubject: Avis\n\nx"
    mail = message.read(raw)
    assert (mail.from_address, mail.subject) == ("a@b.example", "Avis")


def test_a_failure_of_the_reader_still_gives_a_mail(monkeypatch):
    # No bytes are known that break it: the fault is put in by hand.
    def broken(*_arguments: object) -> None:
        raise RecursionError

    monkeypatch.setattr(message.mime, "leaves", broken)
    raw = b"From: Lina <lina@citoyen.example>\nSubject: Avis\n\nBonjour"
    mail = message.read(raw)
    assert (mail.from_address, mail.subject, mail.problems) == (
        "lina@citoyen.example",
        "Avis",
        ["unreadable"],
    )
    assert [one.content for one in mail.attachments] == [raw]


_FIELDS = st.sampled_from(
    [
        b"From",
        b"To",
        b"Subject",
        b"Content-Type",
        b"Content-Disposition",
        b"Date",
        b"Message-ID",
        b"Content-Transfer-Encoding",
        b"References",
        b"Return-Path",
        b"Auto-Submitted",
    ]
)
_VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"multipart/mixed; boundary=b",
            b"multipart/report; boundary=b",
            b"text/html",
            b"base64",
            b"message/delivery-status",
            b"quoted-printable",
            b"attachment; filename*=x''%ff",
            b"<>",
            b"text/plain; charset*0*=utf-7''x",
            b"=?utf-8?b?=?=",
            b"mailer-daemon@x.example",
        ]
    ),
)
_HEADERS = st.lists(st.tuples(_FIELDS, _VALUES), max_size=6).map(
    lambda pairs: b"".join(b"%s: %s\r\n" % pair for pair in pairs)
)
_MAILS = st.lists(
    st.one_of(_HEADERS, st.binary(max_size=80), st.just(b"\r\n--b\r\n")), max_size=8
).map(b"\r\n".join)


@settings(max_examples=300)
@given(st.one_of(_MAILS, st.binary(max_size=2_000)))
def test_any_bytes_are_described(raw):
    json.dumps(parse_report.describe(raw), ensure_ascii=False).encode()
    assert message.read(raw).problems.count("unreadable") == 0


@settings(max_examples=200)
@given(st.text(max_size=500), st.one_of(st.none(), st.text(max_size=500)))
def test_any_text_has_a_visible_part(text, page):
    assert isinstance(reply.visible(text, page), str)
