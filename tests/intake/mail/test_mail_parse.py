"""`mail-parse` prints what the system understands of each file."""

import json

from click.testing import CliRunner

from contactcenter.intake.mail.commands import mail_parse
from tests.intake.mail.letters import TEXT, letter, pieces


def run(*files: object) -> list[dict[str, object]]:
    result = CliRunner().invoke(mail_parse, [str(file) for file in files])
    assert result.exit_code == 0
    return [json.loads(line) for line in result.output.splitlines()]


def test_each_file_gives_one_line_with_every_field(tmp_path):
    file = tmp_path / "mail.eml"
    file.write_bytes(
        pieces(
            TEXT + ", je vous envoie mon bail.\n\n> Votre bail ?",
            "Content-Type: application/pdf; name=bail.pdf\n\n%PDF-1",
            in_reply_to="<a@centre.example>",
        )
    )
    assert run(file, file)[1] == {
        "file": str(file),
        "from_name": "Lina Petit",
        "from_address": "lina.petit@citoyen.example",
        "to": ["contact@centre.example"],
        "subject": "Ma demande",
        "text": "Bonjour, je vous envoie mon bail.\n\n> Votre bail ?",
        "reply_text": "Bonjour, je vous envoie mon bail.",
        "attachments": [{"name": "bail.pdf", "content_type": "application/pdf", "size": 6}],
        "message_id": "1@citoyen.example",
        "in_reply_to": ["a@centre.example"],
        "references": [],
        "auto_reply": False,
        "bounce": False,
        "bounced_address": None,
        "language": "fr",
    }


def test_a_text_without_a_header_is_a_body(tmp_path):
    file = tmp_path / "reply.txt"
    file.write_text("Oui.\n\nLe 17/11/2026 à 10:14, Accueil a écrit :\n> Venez-vous ?")
    assert run(file)[0]["reply_text"] == "Oui."


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    result = CliRunner().invoke(mail_parse, [str(tmp_path / "absent.eml")])
    assert result.exit_code == 2


def test_the_text_of_any_charset_is_printed(tmp_path):
    file = tmp_path / "mail.eml"
    file.write_bytes(letter("Déjà vu 🌷"))
    assert run(file)[0]["text"] == "Déjà vu 🌷"
