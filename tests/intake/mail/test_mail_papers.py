"""What a citizen sent by mail is never lost: papers, pictures, the mail itself."""

import pytest

from contactcenter.attachments.models import Attachment
from contactcenter.events import EventRecord
from contactcenter.receipts.models import Receipt
from contactcenter.tickets.models import Ticket
from tests.intake.mail.letters import TEXT, mail, pieces


def paper(number: int) -> str:
    head = f"Content-Type: text/plain\nContent-Disposition: attachment; filename={number}.txt"
    return f"{head}\n\nPage {number}"


def logo(number: int) -> str:
    return f"Content-Type: image/png\nContent-ID: <logo{number}@x>\n\nPNG {number}"


@pytest.fixture
def two_files(settings, monkeypatch) -> None:
    monkeypatch.setattr(settings, "attachment_max_count", 2)


@pytest.fixture
def names(kept):
    return lambda: [each.name for each in kept(Attachment)]


def test_of_too_many_files_none_is_lost_and_the_request_says_where(
    world, arrive, kept, names, two_files, sign_in
):
    arrive(pieces(TEXT, *(paper(number) for number in range(4))))
    assert names() == ["message.eml", "0.txt", "1.txt"]
    page = sign_in(world.agent).get(f"/tickets/{kept(Ticket)[0].reference}").text
    assert "3.txt" in page
    assert "gardé parmi les pièces" in page


def test_a_file_that_is_too_large_is_in_the_whole_mail(arrive, names, settings, monkeypatch):
    monkeypatch.setattr(settings, "attachment_max_bytes", 5)
    arrive(pieces(TEXT, paper(1)))
    assert names() == ["message.eml"]


def test_the_logos_of_a_signature_take_no_place_of_papers(arrive, names, two_files):
    shown = "".join(f"<img src='cid:logo{number}@x'>" for number in range(2))
    page = f"Content-Type: text/html\n\n<p>Bonjour</p>{shown}"
    arrive(pieces(page, logo(0), logo(1), paper(0), paper(1)))
    assert {"0.txt", "1.txt"} <= set(names())
    assert "message.eml" not in names()


def test_an_empty_file_is_named_and_nothing_more_is_kept(arrive, kept, names):
    arrive(pieces(TEXT, paper(1).partition("\n\n")[0] + "\n\n"))
    refused = kept(EventRecord, EventRecord.kind == "FileRefused")
    assert [each.detail["why"] for each in refused] == ["empty"]
    assert names() == []


def test_who_reads_the_request_may_open_its_mail_as_it_came(world, arrive, kept, sign_in):
    arrive(mail())
    reference, receipt_id = kept(Ticket)[0].reference, kept(Receipt)[0].id
    browser, address = sign_in(world.agent), f"/tickets/{reference}/originals/{receipt_id}"
    assert address in browser.get(f"/tickets/{reference}").text
    answer = browser.post(address)
    assert answer.data == mail()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (read,) = kept(EventRecord, EventRecord.kind == "RawRead")
    assert read.person_id == world.agent.id


def test_a_mail_of_another_request_is_not_opened_there(world, arrive, kept, sign_in):
    arrive(mail())
    arrive(mail("Autre", Message_ID="<2@x.example>", sender="autre@x.example"))
    wrong = f"/tickets/{kept(Ticket)[1].reference}/originals/{kept(Receipt)[0].id}"
    assert sign_in(world.agent).post(wrong).status_code == 404
