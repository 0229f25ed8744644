"""A written request is acknowledged once, to a person, with what the centre knows and no more."""

from datetime import date

import pytest

from config import Settings
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Silence, Topic
from contactcenter.edge import transaction
from contactcenter.intake.acknowledgement.actions import MOST_AN_HOUR
from contactcenter.intake.acknowledgement.rules import months_after
from contactcenter.intake.mail import door
from contactcenter.notices import mail
from contactcenter.notices.models import Notice
from contactcenter.triage.models import TriageRule


@pytest.fixture
def told(app, world):
    def notices() -> list[Notice]:
        with app.app_context(), within(Scope(world.centre_id)):
            found = list(db.session.scalars(db.select(Notice).order_by(Notice.id)))
            db.session.expunge_all()
            return found

    return notices


@pytest.fixture
def post(app, world, worker):
    """Let a mail arrive and be read."""

    def arrive(
        *headers: str,
        text: str = "Bonjour, je n'ai pas recu mon avis d'impot. Merci.",
        sender: str = "Lina Petit <lina@citoyen.example>",
        number: int = 1,
    ) -> None:
        lines = (
            f"From: {sender}",
            f"To: {world.mailbox}",
            f"Message-ID: <{number}@citoyen.example>",
            f"Subject: Mon avis {number}",
            *headers,
            "",
            text,
            "",
        )
        with app.app_context():
            mailbox = door.mailbox_of(world.mailbox)
            door.store("\r\n".join(lines).encode(), mailbox, world.mailbox)
        worker.run_all()

    return arrive


@pytest.fixture
def change(app, world):
    """Change the topic or the centre as an administrator would."""

    def changed(kind, **values) -> None:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            key = world.centre_id if kind is Centre else (world.centre_id, world.topic_id)
            row = db.session.get_one(kind, key)
            for name, value in values.items():
                setattr(row, name, value)

    return changed


@pytest.fixture
def ruled(app, world):
    """The centre says itself what such a request is about."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        rule = TriageRule(position=1, name="Avis", words=["avis"])
        rule.sets = {"topic_id": world.topic_id}
        db.session.add(rule)


def test_a_mail_is_acknowledged_in_its_own_conversation(post, told):
    post()
    notice = told()[0]
    assert (notice.kind, notice.to_address) == ("acknowledgement", "lina@citoyen.example")
    assert notice.headers["In-Reply-To"] == "<1@citoyen.example>"
    assert "lundi 23 novembre 2026" in notice.body
    assert "contact@orme.example" in notice.body


def test_it_says_that_a_machine_wrote_it(post, told, app, world):
    post()
    with app.app_context(), within(Scope(world.centre_id)):
        composed = mail.compose(db.session.scalars(db.select(Notice)).one())
    assert composed["Auto-Submitted"] == "auto-generated"
    assert composed["X-Auto-Response-Suppress"] == "All"


def test_it_repeats_nothing_that_was_typed(post, told):
    post(text="Achetez chez moi : http://spam.example")
    assert "spam" not in told()[0].body


def test_an_answer_to_it_is_not_acknowledged_again(post, told):
    post()
    ours = told()[0].message_id
    post(f"In-Reply-To: <{ours}>", number=2)
    assert len(told()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"headers": ("Auto-Submitted: auto-replied",)},
        {"headers": ("Precedence: list",)},
        {"headers": ("List-Id: <nouvelles.citoyen.example>",)},
        {"headers": ("X-Auto-Response-Suppress: All",)},
        {"headers": ("Return-Path: <>",)},
        {"sender": "no-reply@citoyen.example"},
        {"sender": "MAILER-DAEMON@citoyen.example"},
        {"sender": "contact+t1@orme.example"},
    ],
)
def test_no_machine_is_answered(post, told, headers):
    post(*headers.pop("headers", ()), **headers)
    assert told() == []


def test_who_writes_much_is_told_a_few_times(post, told):
    for number in range(MOST_AN_HOUR + 2):
        post(number=number)
    assert len(told()) == MOST_AN_HOUR


def test_a_centre_may_do_without(post, told, change):
    change(Centre, acknowledges=False)
    post()
    assert told() == []


def test_it_speaks_the_language_of_the_citizen(post, told):
    post(text="Goedendag, ik heb mijn aanslagbiljet niet ontvangen. Met vriendelijke groeten.")
    assert told()[0].language == "nl"


def test_what_silence_means_is_not_invented(post, told):
    post()
    assert "considérée comme" not in told()[0].body


def test_a_topic_that_was_only_guessed_is_not_told(post, told, change):
    change(Topic, silence=Silence.REJECTION, silence_months=2)
    post()
    body = told()[0].body
    assert "Motif" not in body
    assert "Sans réponse" not in body


def test_a_topic_that_a_rule_of_the_centre_says_is_told(post, told, ruled):
    post()
    assert "Motif" in told()[0].body


def test_a_link_that_nobody_knows_is_left_out(post, told, app):
    settings = app.config["SETTINGS"]
    known = settings.model_fields_set
    unknown = settings.model_dump(exclude={"public_base_url"})
    assert "public_base_url" in known
    app.config["SETTINGS"] = Settings(**unknown)
    try:
        post()
    finally:
        app.config["SETTINGS"] = settings
    body = told()[0].body
    assert "http://" not in body
    assert "Code pour la suivre" in body


def test_what_silence_means_is_said_where_the_topic_knows_it(post, told, change, ruled):
    change(
        Topic,
        silence=Silence.REJECTION,
        silence_months=2,
        appeal={"fr": "Vous avez ensuite deux mois pour saisir le tribunal."},
    )
    post()
    body = told()[0].body
    assert "Sans réponse le samedi 23 janvier 2027" in body
    assert "considérée comme refusée" in body
    assert "saisir le tribunal" in body


def test_no_day_is_named_where_another_authority_must_receive_it_first(post, told, change, ruled):
    change(Topic, silence=Silence.ACCEPTANCE, silence_months=2)
    post()
    body = told()[0].body
    assert "2 mois après sa réception par Impôts d’essai" in body
    assert "attestation" in body


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 23), 2, date(2027, 1, 23)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(day, months, then):
    assert months_after(day, months) == then
