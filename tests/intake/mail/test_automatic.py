"""People, machines and failed deliveries are told apart."""

import pytest

from contactcenter.intake.mail import automatic, message
from tests.intake.mail.letters import letter, pieces

NOTICE = "Content-Type: text/plain\n\nYour message could not be delivered."
RETURNED = (
    "Content-Type: message/rfc822\n\nFrom: contact@centre.example\nTo: perdu@citoyen.example\n"
    "Message-ID: <notice-7@centre.example>\nSubject: Votre demande\n\nBonjour"
)


def classify(raw: bytes) -> automatic.Classified:
    return automatic.classify(message.read(raw))


def report(recipient: str, *, text: str = NOTICE, **fields: str) -> bytes:
    status = (
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n{recipient}\n"
    )
    named = {"from_": "Mail Delivery System <mailer-daemon@a.example>", "return_path": "<>"}
    return pieces(text, status, RETURNED, kind="report", **{**named, **fields})


def failed(status: str, diagnostic: str = "", action: str = "failed") -> bytes:
    return report(
        f"Final-Recipient: rfc822; perdu@citoyen.example\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; {diagnostic}"
    )


def test_a_person_is_neither():
    kind = classify(letter("Bonjour"))
    assert kind == automatic.Classified(False, False, None, None)


def test_a_delivery_report_names_the_address_and_the_mail():
    kind = classify(failed("5.1.1"))
    assert (kind.bounce, kind.auto_reply, kind.answerable) == (True, True, False)
    assert kind.bounced_address == "perdu@citoyen.example"
    assert kind.about_message_id == "notice-7@centre.example"


def test_the_address_we_wrote_to_counts_and_not_where_it_went():
    kind = classify(
        report(
            "Original-Recipient: rfc822;perdu@citoyen.example\n"
            "Final-Recipient: rfc822;perdu@interne.example\nAction: failed\nStatus: 5.1.1"
        )
    )
    assert kind.bounced_address == "perdu@citoyen.example"


@pytest.mark.parametrize(
    ("status", "diagnostic", "permanent"),
    [
        ("5.1.1", "", True),
        ("5.2.1", "", True),
        ("5.4.4", "", True),
        ("5.2.2", "", False),
        ("5.7.1", "", False),
        ("4.4.1", "", False),
        ("5.0.0", "550 User unknown", True),
        ("5.0.0", "552 mailbox is full", False),
        ("5.0.0", "550 Utilisateur inconnu", True),
        ("", "550 5.1.1 no", True),
        ("5.0.0", "", None),
    ],
)
def test_a_bad_address_is_told_from_a_passing_fault(status, diagnostic, permanent):
    assert classify(failed(status, diagnostic)).permanent is permanent


def test_a_delay_is_no_failure_for_good():
    kind = classify(failed("4.4.1", action="delayed"))
    assert (kind.bounce, kind.delayed, kind.permanent) == (True, True, False)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action):
    kind = classify(failed("2.0.0", action=action))
    assert (kind.bounce, kind.auto_reply) == (False, True)


def test_a_receipt_of_reading_is_no_bounce():
    seen = "Content-Type: message/disposition-notification\n\nDisposition: manual; displayed"
    kind = classify(pieces(NOTICE, seen, kind="report", subject="Lu : Votre demande"))
    assert (kind.bounce, kind.auto_reply) == (False, True)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Undelivered Mail Returned to Sender", "<perdu@citoyen.example>: 550 User unknown"),
        ("Échec de la remise", "perdu@citoyen.example\nadresse inconnue"),
        ("Onbestelbaar: Uw aanvraag", "perdu@citoyen.example bestaat niet"),
        ("Unzustellbar: Ihr Antrag", "perdu@citoyen.example nicht gefunden"),
        ("Re: Votre demande", "Error: no such user here\nRCPT TO: perdu@citoyen.example"),
    ],
)
def test_a_report_without_form_is_recognised(subject, body):
    kind = classify(letter(body, from_="postmaster@a.example", subject=subject))
    assert (kind.bounce, kind.bounced_address) == (True, "perdu@citoyen.example")
    assert kind.permanent is True


def test_failed_recipients_in_the_header_make_a_bounce():
    kind = classify(letter("?", x_failed_recipients="perdu@citoyen.example"))
    assert (kind.bounce, kind.bounced_address) == (True, "perdu@citoyen.example")


def test_a_person_who_tells_of_a_failure_is_a_person():
    kind = classify(letter("Mon courriel n'a pas pu être remis.", subject="Échec de la remise ?"))
    assert (kind.bounce, kind.auto_reply) == (False, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated; x"},
        {"return_path": "<>"},
        {"x_autoreply": "yes"},
        {"precedence": "auto_reply"},
        {"subject": "Réponse automatique : Votre demande"},
        {"subject": "Absence du bureau"},
        {"subject": "Automatisch antwoord: Uw aanvraag"},
        {"subject": "Abwesenheitsnotiz: Ihr Antrag"},
        {"subject": "Automatic reply: Your request"},
        {"subject": "Out of office"},
    ],
)
def test_an_automatic_answer_is_recognised(fields):
    kind = classify(letter("Je suis absente.", **fields))
    assert (kind.auto_reply, kind.bounce, kind.answerable) == (True, False, False)


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "no"},
        {"auto_submitted": "auto-forwarded"},
        {"subject": "Demande de réponse automatique refusée"},
        {"subject": "Votre absence de réponse"},
    ],
)
def test_a_person_is_no_machine(fields):
    assert classify(letter("Bonjour", **fields)).auto_reply is False


@pytest.mark.parametrize(
    "fields",
    [
        {"list_id": "<liste.citoyen.example>"},
        {"precedence": "list"},
        {"x_loop": "contact@centre.example"},
        {"x_auto_response_suppress": "OOF, AutoReply"},
        {"from_": "no-reply@citoyen.example"},
        {"from_": "ne-pas-repondre@citoyen.example"},
        {"from_": ""},
    ],
)
def test_what_may_loop_is_not_answered(fields):
    assert classify(letter("Bonjour", **fields)).answerable is False


@pytest.mark.parametrize(
    "subject",
    [
        "Je suis absente le 12 mars, changer mon rendez-vous",
        "Avis d’absence de versement de ma pension",
        "Afwezigheidsattest voor mijn zoon",
        "Abwesenheitsbescheinigung",
        "Away from home: how do I get my allowance?",
        "Message automatique reçu de vos services, que faire ?",
    ],
)
def test_a_subject_refuses_nobody_it_only_gets_no_automatic_answer(subject):
    kind = classify(letter("Bonjour", subject=subject))
    assert (kind.by_machine, kind.answerable) == (False, False)


def test_a_mark_of_a_list_refuses_nobody_either():
    assert classify(letter("Bonjour", precedence="bulk")).by_machine is False
    assert classify(letter("Bonjour", auto_submitted="auto-replied")).by_machine is True
