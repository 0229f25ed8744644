"""A letter is entered by hand, and its answer is a letter."""

import io
import re
from datetime import UTC, date, datetime

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.notices.models import Means, Notice, NoticeState
from contactcenter.queues.models import Visit
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.tickets.models import Channel, Interaction, Message, Ticket

PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


def typed(browser, **more):
    token = re.search(r'name="token"[^>]*value="([^"]+)"', browser.get("/letters/new").text)[1]
    return {
        "token": token,
        "received_on": "2026-11-19",
        "citizen_name": "Josette Lambertin",
        "citizen_address": "1 rue d’Essai\n00000 Essai",
        "subject": "Trimestres manquants",
        "text": "J’ai travaillé en 1983 et rien n’apparaît.",
        "language": "fr",
        "topic": "",
    } | more


def send(browser, form):
    return browser.post("/letters", data=form, content_type="multipart/form-data")


def rows(app, world, kind):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        found = db.session.scalars(db.select(kind).order_by(kind.id)).all()
        for row in found:
            db.session.expunge(row)
        return found


def test_a_letter_becomes_a_request_with_the_day_it_came(agent, app, world):
    answer = send(agent, typed(agent))
    (ticket,) = rows(app, world, Ticket)
    assert (answer.status_code, answer.location) == (303, f"/tickets/{ticket.reference}")
    assert ticket.channel is Channel.LETTER
    (interaction,) = rows(app, world, Interaction)
    assert (interaction.received_on, interaction.ticket_id) == (date(2026, 11, 19), ticket.id)
    (visit,) = rows(app, world, Visit)
    assert (visit.channel, visit.queue_id) == (Channel.LETTER, world.written_queue_id)
    page = agent.get(answer.location).text
    assert "Reçue le 19 novembre 2026" in page


def test_the_answer_is_due_from_the_day_the_letter_came(agent, app, world):
    send(agent, typed(agent))  # Thursday: 14 open hours until Friday evening, 2 on Monday
    (ticket,) = rows(app, world, Ticket)
    assert ticket.due_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_the_ledger_says_what_became_of_it(agent, app, world):
    send(agent, typed(agent))
    (receipt,) = rows(app, world, Receipt)
    (ticket,) = rows(app, world, Ticket)
    assert (receipt.door, receipt.fate, receipt.ticket_id) == ("letter", Fate.TICKETED, ticket.id)


def test_the_same_form_sent_twice_makes_one_request(agent, app, world):
    form = typed(agent)
    assert send(agent, form).location == send(agent, form).location
    assert len(rows(app, world, Ticket)) == 1


def test_two_letters_alike_are_two_requests(agent, app, world):
    send(agent, typed(agent))
    send(agent, typed(agent))
    assert len(rows(app, world, Ticket)) == 2


def test_the_scan_is_kept_with_the_words(agent, app, world):
    send(agent, typed(agent, scan=(io.BytesIO(PDF), "lettre.pdf")))
    (scan,) = rows(app, world, Attachment)
    (words,) = rows(app, world, Message)
    assert (scan.name, scan.content_type, scan.message_id) == (
        "lettre.pdf",
        "application/pdf",
        words.id,
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"received_on": "2026-11-24"}, "pas encore venu"),
        ({"received_on": "2024-11-24"}, "Vérifiez l’année"),
        ({"received_on": "hier"}, "Reçue le"),
        ({"received_on": ""}, "le jour où la lettre est arrivée"),
        ({"subject": ""}, "de quoi il s’agit"),
        ({"text": " "}, "Recopiez la lettre"),
        ({"topic": "999999"}, "Motif"),
        ({"language": "es"}, "Langue"),
        ({"scan": (io.BytesIO(b"MZ\x90\x00"), "lettre.pdf")}, "PDF ou une image"),
        ({"scan": (io.BytesIO(b"bonjour"), "lettre.txt")}, "PDF ou une image"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_is_kept(agent, app, world, wrong, said):
    answer = send(agent, typed(agent, citizen_name="Un nom long à retaper") | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Un nom long à retaper" in answer.text
    assert rows(app, world, Ticket) == []
    assert rows(app, world, Receipt) == []


def test_a_letter_without_a_name_is_as_good(agent, app, world):
    send(agent, typed(agent, citizen_name="", citizen_address=""))
    assert rows(app, world, Citizen) == []
    assert len(rows(app, world, Ticket)) == 1


def test_the_answer_waits_to_be_printed_and_is_noted_as_posted(agent, app, world, worker):
    page = send(agent, typed(agent)).location
    seen = re.search(r'name="seen" value="([^"]+)"', agent.get(page).text)[1]
    agent.post(f"{page}/replies", data={"text": "Chère Madame,\n\nvoici.", "seen": seen})
    worker.run_all()
    (notice,) = rows(app, world, Notice)
    assert (notice.means, notice.state) == (Means.LETTER, NoticeState.PENDING)
    assert "À imprimer et poster" in agent.get(page).text
    sheet = agent.get(f"{page}/letters/{notice.id}").text
    assert "1 rue d’Essai" in sheet
    assert "<p>Chère Madame,</p>" in sheet
    assert agent.post(f"{page}/letters/{notice.id}/posting").status_code == 303
    assert rows(app, world, Notice)[0].state is NoticeState.SENT
    assert agent.post(f"{page}/letters/{notice.id}/posting").status_code == 409


def test_the_sheet_speaks_the_citizens_language(agent, app, world):
    page = send(agent, typed(agent, language="de")).location
    seen = re.search(r'name="seen" value="([^"]+)"', agent.get(page).text)[1]
    agent.post(f"{page}/replies", data={"text": "Guten Tag", "seen": seen})
    (notice,) = rows(app, world, Notice)
    assert (
        '<article class="paper-preview" lang="de">' in agent.get(f"{page}/letters/{notice.id}").text
    )


def test_a_letter_of_a_rehearsal_is_marked_everywhere(agent, app, world):
    with app.app_context(), transaction():
        db.session.get_one(Centre, world.centre_id).rehearsing = True
    send(agent, typed(agent))
    for kind in (Ticket, Interaction, Citizen, Visit, Receipt):
        (row,) = rows(app, world, kind)
        assert row.is_rehearsal


def test_letters_are_walled(agent, sign_in, client, app, world, other_world):
    page = send(agent, typed(agent)).location
    seen = re.search(r'name="seen" value="([^"]+)"', agent.get(page).text)[1]
    agent.post(f"{page}/replies", data={"text": "Voici", "seen": seen})
    (notice,) = rows(app, world, Notice)
    sheet = f"{page}/letters/{notice.id}"
    assert client.get(sheet).status_code == 303
    assert client.get("/letters/new").status_code == 303
    assert sign_in(world.referent).get("/letters/new").status_code == 403
    for person in (world.outsider, other_world.agent):
        assert sign_in(person).get(sheet).status_code == 404
        assert sign_in(person).post(f"{sheet}/posting").status_code == 404


def test_all_that_is_wrong_is_said_at_once_each_beside_its_field(agent):
    page = send(
        agent, typed(agent, subject="", text="", citizen_phone="12", citizen_email="josette")
    )
    assert page.status_code == 422
    for words in (
        "Dites en quelques mots",
        "Recopiez la lettre",
        "Écrivez le numéro entier",
        "Écrivez une adresse entière",
    ):
        assert words in page.text
    assert "novalidate" in page.text
