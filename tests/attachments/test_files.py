"""What a file is, how much of it is taken, and how it is handed out."""

import io

import pytest

from contactcenter.attachments.models import Attachment
from contactcenter.attachments.rules import WORD, content_type_of, named_as, safe_name
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from tests.desk.stage import opened

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (PDF, "application/pdf"),
        (b"\n\n" + PDF, "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"II*\x00rest", "image/tiff"),
        (b"MM\x00*rest", "image/tiff"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        ("bonjour, ça va".encode(), "text/plain"),
        (b"MZ\x90\x00\x03", "application/octet-stream"),
        (b"MZ this program is all letters", "application/octet-stream"),
        (b"#!/bin/sh\nrm -r .", "application/octet-stream"),
        (b"\x00\x01binary", "application/octet-stream"),
        (b"PK\x03\x04archive", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_type_is_told_by_the_content(content, content_type):
    assert content_type_of(content) == content_type


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("avis.pdf", "avis.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Papiers\\avis.pdf", "avis.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("..", "fichier"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("résumé été.pdf", "résumé été.pdf"),
    ],
)
def test_names_are_made_harmless(name, kept):
    assert safe_name(name, "fichier") == kept


@pytest.mark.parametrize(
    ("name", "content_type", "kept"),
    [
        ("notes.txt", "text/plain", "notes.txt"),
        ("releve.CSV", "text/plain", "releve.CSV"),
        ("bad.exe", "text/plain", "bad.exe.txt"),
        ("avis.PDF", "application/pdf", "avis.PDF"),
        ("facture.hta", "application/pdf", "facture.hta.pdf"),
        ("photo", "image/jpeg", "photo.jpg"),
        ("photo.scr", "image/jpeg", "photo.scr.jpg"),
        ("lettre.docm", WORD, "lettre.docm.docx"),
        ("donnees.xyz", "application/octet-stream", "donnees.xyz"),
    ],
)
def test_no_file_goes_by_the_name_of_a_program(name, content_type, kept):
    assert named_as(name, content_type) == kept


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


@pytest.fixture
def ticket(app, world):
    return opened(app, world)


def send(browser, ticket, *files, **more):
    sent = [(io.BytesIO(content), name) for name, content in files]
    address = f"/tickets/{ticket.reference}/attachments"
    answer = browser.post(address, data={"files": sent} | more, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large body is kept in a file by the client
    return answer


def kept(app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        return [(a.id, a.name, a.content_type) for a in db.session.scalars(db.select(Attachment))]


def test_files_sent_twice_by_one_form_are_kept_once(agent, app, world, ticket):
    page = agent.get(f"/tickets/{ticket.reference}").text
    joined = page.split('name="joined" value="')[1].split('"')[0]
    for _time in range(2):
        assert send(agent, ticket, ("avis.pdf", PDF), joined=joined).status_code == 303
    assert len(kept(app, world)) == 1
    assert send(agent, ticket, ("avis.pdf", PDF), joined=kept(app, world)[0][0]).status_code == 303
    assert len(kept(app, world)) == 2


def test_files_are_kept_with_the_type_they_prove(agent, app, world, ticket):
    assert send(agent, ticket, ("avis.exe", PDF), ("photo", PNG)).status_code == 303
    assert [(name, kind) for _, name, kind in kept(app, world)] == [
        ("avis.exe.pdf", "application/pdf"),
        ("photo.png", "image/png"),
    ]


def test_a_file_is_saved_and_never_run(agent, app, world, ticket):
    send(agent, ticket, ("page.html", b"<script>alert(1)</script>"))
    (number, _, _) = kept(app, world)[0]
    answer = agent.get(f"/tickets/{ticket.reference}/attachments/{number}")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.content_type == "text/plain"


@pytest.mark.parametrize(
    "files",
    [
        [],
        [("vide.pdf", b"")],
        [("programme.pdf", b"MZ\x90\x00\x03")],
        [("bon.pdf", PDF), ("mauvais.pdf", b"MZ\x90\x00\x03")],
        [("lourd.pdf", PDF + b"x" * (10 * 2**20))],
        [(f"{n}.pdf", PDF) for n in range(11)],
    ],
)
def test_what_is_empty_wrong_too_big_or_too_many_is_refused_whole(agent, app, world, ticket, files):
    assert send(agent, ticket, *files).status_code == 422
    assert kept(app, world) == []


def test_a_file_is_only_in_its_own_request(agent, sign_in, app, world, other_world, ticket):
    send(agent, ticket, ("avis.pdf", PDF))
    (number, _, _) = kept(app, world)[0]
    other = opened(app, world)
    assert agent.get(f"/tickets/{other.reference}/attachments/{number}").status_code == 404
    address = f"/tickets/{ticket.reference}/attachments/{number}"
    assert sign_in(world.outsider).get(address).status_code == 404
    assert sign_in(other_world.agent).get(address).status_code == 404
    assert sign_in(world.referent).get(address).status_code == 403


@pytest.mark.parametrize(
    ("content", "placed"), [(PDF, "inline"), (PNG, "inline"), (b"<b>page</b>", "attachment")]
)
def test_only_what_a_browser_shows_by_itself_opens_in_a_tab(
    agent, app, world, ticket, content, placed
):
    send(agent, ticket, ("papier", content))
    (number, _, _) = kept(app, world)[0]
    answer = agent.get(f"/tickets/{ticket.reference}/attachments/{number}?open=1")
    assert answer.headers["Content-Disposition"].startswith(placed)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    page = agent.get(f"/tickets/{ticket.reference}").text
    assert ("open=1" in page) is (placed == "inline")


def test_a_pdf_opens_within_our_own_page_and_in_no_other(agent, app, world, ticket):
    send(agent, ticket, ("avis.pdf", PDF))
    (number, _, _) = kept(app, world)[0]
    address = f"/tickets/{ticket.reference}/attachments/{number}?within=1"
    page = agent.get(f"/tickets/{ticket.reference}")
    assert f'data-pdf="{address}"' in page.text
    assert "<iframe" not in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    answer = agent.get(address)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("content", [PNG, b"<script>alert(1)</script>"])
def test_what_is_no_pdf_is_never_opened_within_a_page(agent, app, world, ticket, content):
    send(agent, ticket, ("avis.pdf", content))
    (number, _, _) = kept(app, world)[0]
    answer = agent.get(f"/tickets/{ticket.reference}/attachments/{number}?within=1")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "data-pdf" not in agent.get(f"/tickets/{ticket.reference}").text
