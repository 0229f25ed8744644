"""A mail is read whatever its faults, and nothing of it is lost."""

import hashlib
from datetime import UTC, datetime

import pytest

from contactcenter.intake.mail import message
from tests.intake.mail.letters import PAGE, TEXT, letter, pieces


def test_a_plain_mail_is_read():
    raw = letter(
        "Où en est mon dossier ?",
        date="Tue, 17 Nov 2026 10:14:00 +0100",
        in_reply_to="<a@centre.example>",
        references="<b@centre.example> <a@centre.example>",
        reply_to="autre@citoyen.example",
        return_path="<lina.petit@citoyen.example>",
    )
    mail = message.read(raw)
    assert (mail.from_name, mail.from_address) == ("Lina Petit", "lina.petit@citoyen.example")
    assert mail.to == ["contact@centre.example"]
    assert mail.reply_to == ["autre@citoyen.example"]
    assert (mail.subject, mail.text) == ("Ma demande", "Où en est mon dossier ?")
    assert mail.message_id == "1@citoyen.example"
    assert mail.in_reply_to == ["a@centre.example"]
    assert mail.references == ["b@centre.example", "a@centre.example"]
    assert mail.date == datetime(2026, 11, 17, 9, 14, tzinfo=UTC)
    assert mail.return_path == "lina.petit@citoyen.example"
    assert mail.sha256 == hashlib.sha256(raw).hexdigest()
    assert mail.problems == []


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("=?utf-8?q?R=C3=A9clamation?=", "Réclamation"),
        ("=?UTF-8?B?w4k=?= =?UTF-8?B?dMOp?=", "Été"),
        ("=?utf-8?b?w6k=?=\n =?utf-8?b?w?=", "é"),
        ("=?utf-8?q?=E2=82?= =?utf-8?q?=AC?=", "€"),
        ("=?iso-8859-1?Q?Allocation_logement_?= 2026", "Allocation logement  2026"),
        ("=?utf-8?Q?avec espace?=", "avec espace"),
        ("Réclamation en clair", "Réclamation en clair"),
        ("=?x-inconnu?q?=E9t=E9?=", "été"),
        ("=?utf-8?q?sans fin", "=?utf-8?q?sans fin"),
        ("", ""),
    ],
)
def test_a_subject_is_decoded(value, subject):
    assert message.read(letter(subject=value)).subject == subject


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ('"Petit, Lina" <lina@citoyen.example>', "Petit, Lina", "lina@citoyen.example"),
        ("lina@citoyen.example (Lina Petit)", "Lina Petit", "lina@citoyen.example"),
        ("<lina@citoyen.example>", "", "lina@citoyen.example"),
        ("=?utf-8?q?Ren=C3=A9e?= <lina@citoyen.example>", "Renée", "lina@citoyen.example"),
        ("=?utf-8?q?Lina_<lina=40citoyen.example>?=", "Lina", "lina@citoyen.example"),
        ("=?utf-8?q?Petit,_Lina?= <lina@citoyen.example>", "Petit, Lina", "lina@citoyen.example"),
        ("Lina Petit <lina@citoyen.example", "Lina Petit", "lina@citoyen.example"),
        ("a@citoyen.example, b@citoyen.example", "", "a@citoyen.example"),
    ],
)
def test_a_sender_is_found(value, name, address):
    mail = message.read(letter(from_=value))
    assert (mail.from_name, mail.from_address) == (name, address)


def test_without_a_sender_the_one_to_answer_is_taken():
    mail = message.read(letter(from_="", reply_to="Lina <lina@citoyen.example>"))
    assert (mail.from_name, mail.from_address) == ("Lina", "lina@citoyen.example")


def test_a_mail_from_nobody_is_still_a_mail():
    mail = message.read(letter("Bonjour", from_=""))
    assert (mail.from_address, mail.text, mail.problems) == ("", "Bonjour", ["no-sender"])


@pytest.mark.parametrize(
    ("value", "path"),
    [("<>", ""), ("<rebond@citoyen.example>", "rebond@citoyen.example"), ("***", "***")],
)
def test_a_null_return_path_is_told_from_an_unreadable_one(value, path):
    assert message.read(letter(return_path=value)).return_path == path


def test_no_return_path_is_none():
    assert message.read(letter()).return_path is None


@pytest.mark.parametrize("value", ["", "hier", "Tue, 99 Nov 2026 10:14:00 +0100", "9" * 500])
def test_an_unreadable_date_is_none(value):
    assert message.read(letter(date=value)).date is None


@pytest.mark.parametrize(
    ("declared", "raw"),
    [
        ("utf-8", "Été".encode()),
        ("iso-8859-1", "Été".encode("latin-1")),
        ("iso-8859-1", "Été".encode()),
        ("utf-8", "Été".encode("cp1252")),
        ("us-ascii", "Été".encode()),
        ("x-inconnu", "Été".encode("cp1252")),
        ("hex", "Été".encode()),
        ('"utf-8\n content-transfer-encoding"', "Été".encode()),
        ("utf-16", "Été".encode("utf-16")),
    ],
)
def test_a_text_is_read_under_a_wrong_charset(declared, raw):
    head = letter("", kind=f"text/plain; charset={declared}")
    assert message.read(head + raw).text == "Été"


def test_a_text_without_a_charset_is_read():
    assert (
        message.read(letter("", kind="text/plain") + "Été 2026".encode("cp1252")).text == "Été 2026"
    )


def test_nul_bytes_leave_a_text():
    assert message.read(letter("Bon\0jour")).text == "Bonjour"


def test_half_a_character_of_utf_7_is_replaced():
    mail = message.read(letter("+2AA-", kind="text/plain; charset=utf-7"))
    assert mail.text.encode() == "\ufffd".encode()


def test_the_plain_form_is_preferred_and_the_html_kept():
    mail = message.read(pieces(TEXT, PAGE, kind="alternative"))
    assert (mail.text, mail.html) == ("Bonjour", "<p>Bonjour</p>")


def test_an_empty_plain_form_gives_way_to_the_html():
    empty = "Content-Type: text/plain\n\n  \n"
    assert message.read(pieces(empty, PAGE, kind="alternative")).text == "Bonjour"


def test_texts_that_follow_one_another_are_joined():
    footer = "Content-Type: text/plain\n\nEnvoyé par la liste"
    assert message.read(pieces(PAGE, footer)).text == "Bonjour\n\nEnvoyé par la liste"


def test_a_file_is_found_with_its_name_and_bytes():
    file = (
        "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename*=utf-8''avis%20d%E2%80%99imp%C3%B4t.pdf\n\n"
        "JVBERi0x\n"
    )
    mail = message.read(pieces(TEXT, file))
    assert [(one.name, one.content_type, one.size, one.content) for one in mail.attachments] == [
        ("avis d’impôt.pdf", "application/pdf", 6, b"%PDF-1")
    ]
    assert mail.text == "Bonjour"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ('Content-Type: image/png; name="photo.png"', "photo.png"),
        ("Content-Type: image/png; name==?utf-8?q?re=C3=A7u.png?=", "reçu.png"),
        ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        ('Content-Disposition: attachment; filename="C:\\\\dossier\\\\bail.pdf"', "bail.pdf"),
        ('Content-Disposition: attachment; filename="a\u202egnp.exe"', "agnp.exe"),
        ("Content-Disposition: attachment; filename*=utf-7''%2B2AA-x.pdf", "x.pdf"),
        ("Content-Type: image/png", "piece-1.png"),
        ("Content-Type: application/x-inconnu", "piece-1.bin"),
    ],
)
def test_a_file_has_a_safe_name(fields, name):
    mail = message.read(pieces(TEXT, f"{fields}\n\nx"))
    assert [one.name for one in mail.attachments] == [name]


def test_a_long_name_keeps_its_extension():
    long = "a" * 400 + ".pdf"
    file = f"Content-Type: application/pdf; name={long}\n\nx"
    name = message.read(pieces(TEXT, file)).attachments[0].name
    assert len(name) == 200
    assert name.endswith(".pdf")


def test_a_picture_of_the_page_keeps_its_id():
    picture = "Content-Type: image/png\nContent-ID: <logo@citoyen.example>\n\nx"
    assert message.read(pieces(PAGE, picture)).attachments[0].content_id == "logo@citoyen.example"


def test_a_mail_in_a_mail_is_one_file_with_its_subject_as_name():
    inner = "Content-Type: message/rfc822\n\nSubject: Avis\nFrom: a@b.example\n\nTexte"
    mail = message.read(pieces(TEXT, inner))
    assert [(one.name, one.content_type) for one in mail.attachments] == [
        ("Avis.eml", "message/rfc822")
    ]


def test_a_mail_that_is_a_file_has_no_text():
    mail = message.read(letter("%PDF-1", kind="application/pdf; name=bail.pdf"))
    assert (mail.text, [one.name for one in mail.attachments]) == ("", ["bail.pdf"])


def test_a_text_file_without_other_text_is_also_the_text():
    mail = message.read(pieces('Content-Type: text/plain; name="note.txt"\n\nBonjour'))
    assert (mail.text, mail.attachments[0].name) == ("Bonjour", "note.txt")


@pytest.mark.parametrize("tail", ["=", "===", "=\n-- \nListe", "!"])
def test_broken_base64_gives_what_can_be_read(tail):
    file = f"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0x{tail}"
    assert message.read(pieces(TEXT, file)).attachments[0].content.startswith(b"%PDF-1")


def test_a_uuencoded_file_leaves_the_text():
    mail = message.read(letter("Bonjour\nbegin 644 note.txt\n#0V%T\n`\nend\nAu revoir"))
    assert mail.text.split() == ["Bonjour", "Au", "revoir"]
    assert [(one.name, one.content) for one in mail.attachments] == [("note.txt", b"Cat")]


def test_a_declared_multipart_without_parts_is_a_text():
    mail = message.read(letter("Bonjour", kind="multipart/mixed; boundary=absent"))
    assert (mail.text, mail.problems) == ("Bonjour", ["no-parts"])


def test_a_missing_last_boundary_loses_nothing():
    raw = pieces(TEXT, PAGE).replace(b"--cut--", b"")
    assert message.read(raw).html is not None


def test_header_lines_that_lost_their_indentation_are_joined():
    raw = letter().replace(b"subject: Ma demande", b"subject: Ma demande\nde logement")
    assert message.read(raw).subject == "Ma demande de logement"


def test_a_lost_blank_line_does_not_swallow_the_text():
    raw = b"From: lina@citoyen.example\nSubject: Avis\nBonjour,\nune question\n\nLina"
    mail = message.read(raw)
    assert (mail.subject, mail.text) == ("Avis", "Bonjour,\nune question\n\nLina")


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"From lina Tue Nov 17 10:14:00 2026\n", b"\r\n\r\n", b"<<junk>>\n"]
)
def test_what_stands_before_the_header_is_skipped(before):
    mail = message.read(before + letter())
    assert (mail.subject, mail.text) == ("Ma demande", "Bonjour")


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n", b"\r"])
def test_every_line_end_is_read(line_end):
    mail = message.read(letter("Bonjour\nLina").replace(b"\n", line_end))
    assert (mail.subject, mail.text) == ("Ma demande", "Bonjour\nLina")


def test_a_file_without_a_header_is_a_text():
    mail = message.read(b"Objet : ma demande\n\nDate: demain\nBonjour")
    assert mail.text == "Objet : ma demande\n\nDate: demain\nBonjour"
    assert "no-header" in mail.problems


def test_a_page_without_a_header_is_read_as_a_page():
    assert message.read(b"<html><body><p>Bonjour</p></body></html>").text == "Bonjour"
