"""Somebody without an account asks, and is told what to keep."""

from io import BytesIO

import pytest

from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen, Reach
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.intake.web.forms import LONGEST_TEXT
from contactcenter.notices.models import Means, Notice
from contactcenter.queues.models import Visit
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Interaction, Message, Ticket

PDF = b"%PDF-1.4 essai"


def test_a_request_becomes_a_ticket_that_waits_in_a_queue(visitor, world, rows):
    assert visitor.send(topic=str(world.topic_id)).status_code == 303
    ticket = rows(db.select(Ticket))[0]
    assert (ticket.channel, ticket.topic_id) == (Channel.WEB, world.topic_id)
    assert ticket.subject == "Je n’ai pas reçu mon avis d’impôt."
    assert [visit.queue_id for visit in rows(db.select(Visit))] == [world.written_queue_id]


def test_lists_call_a_request_by_what_it_says_and_not_by_its_greeting(visitor, rows):
    visitor.send(text="Bonjour,\n\nMon avis d’impôt est faux.")
    assert rows(db.select(Ticket.subject)) == ["Mon avis d’impôt est faux."]


def test_who_does_not_know_the_topic_gets_one_proposed(visitor, world, rows):
    visitor.send(topic="")
    assert rows(db.select(Ticket))[0].topic_id == world.topic_id


def test_the_page_after_sending_gives_number_code_and_square(visitor, rows):
    visitor.send()
    page = visitor.receipt()
    assert rows(db.select(Ticket))[0].reference in page
    assert 'class="qr"' in page
    assert len(visitor.code()) == 9


def test_the_code_opens_the_request_in_another_browser(visitor, app, rows):
    visitor.send()
    other = app.test_client()
    token = other.get("/follow-up").text.split('name="csrf-token" content="')[1].split('"')[0]
    other.post("/follow-up", data={"code": visitor.code(), "csrf_token": token})
    assert "Je n’ai pas reçu mon avis" in other.get("/follow-up").text


def test_sent_twice_the_same_form_makes_one_request(visitor, clock, rows):
    form = visitor.open()
    clock.advance(seconds=5)
    visitor.send(form)
    first = visitor.code()
    assert visitor.send(form).status_code == 303
    assert visitor.code() == first
    assert len(rows(db.select(Ticket))) == 1


def test_other_words_in_the_same_form_are_another_request(visitor, clock, rows):
    form = visitor.open()
    clock.advance(seconds=5)
    visitor.send(form)
    visitor.send(form, text="Et encore une chose.")
    assert len(rows(db.select(Ticket))) == 2


def test_the_ledger_says_what_became_of_it(visitor, rows):
    visitor.send()
    receipt = rows(db.select(Receipt).where(Receipt.door == Door.WEB))[0]
    assert (receipt.fate, receipt.ticket_id) == (Fate.TICKETED, rows(db.select(Ticket))[0].id)


def test_nobody_need_say_who_they_are(visitor, rows):
    assert visitor.send(reach="code", email="").status_code == 303
    assert rows(db.select(Citizen)) == []
    assert rows(db.select(Notice)) == []


def test_the_way_of_the_answer_is_kept(visitor, rows):
    visitor.send(reach="phone", email="", phone="06 39 98 12 34", name="Zoé Exemple")
    citizen = rows(db.select(Citizen))[0]
    assert (citizen.reach, citizen.phone) == (Reach.PHONE, "+33639981234")


def test_who_wrote_before_is_recognised(visitor, rows):
    visitor.send()
    visitor.send(text="Encore une question.")
    assert len(rows(db.select(Citizen))) == 1
    assert len({each.citizen_id for each in rows(db.select(Interaction))}) == 1


def test_a_stranger_adds_no_number_of_theirs_to_a_known_person(visitor, rows):
    visitor.send(name="Zoé Exemple")
    visitor.send(text="Autre chose.", name="Zoé Exemple", phone="06 39 98 99 99")
    known = rows(db.select(Citizen).order_by(Citizen.id))
    assert [citizen.phone for citizen in known] == [None, "+33639989999"]


def test_photographs_come_along(visitor, rows):
    visitor.send(files=(BytesIO(b"\xff\xd8\xff\xe0 photo"), "IMG_0001.jpg"))
    kept = rows(db.select(Attachment))[0]
    assert (kept.name, kept.content_type) == ("IMG_0001.jpg", "image/jpeg")
    assert kept.message_id == rows(db.select(Message))[0].id


def test_words_from_right_to_left_and_emoji_survive(visitor, rows):
    text = "لم أستلم الإشعار 🙂\u200f שלום"
    visitor.send(text=text)
    assert rows(db.select(Message))[0].text == text


def test_a_sign_that_no_database_keeps_is_left_out(visitor, rows):
    assert visitor.send(text="Bon\x00jour.").status_code == 303
    assert rows(db.select(Message))[0].text == "Bonjour."


def test_papers_and_places_of_a_topic_are_shown_at_once(visitor, world):
    path = f"/ask/{world.code}/topic"
    shown = visitor.browser.get(
        path, query_string={"topic": world.topic_id}, headers={"HX-Request": "true"}
    )
    assert "Dernier avis d’impôt" in shown.text
    assert "Bureau d’essai" in shown.text


def test_without_javascript_a_button_shows_them_and_keeps_the_words(visitor, world, rows):
    answer = visitor.send(visitor.open(), topic=str(world.topic_id), look="1")
    assert answer.status_code == 200
    assert "Dernier avis d’impôt" in answer.text
    assert "Je n’ai pas reçu mon avis" in answer.text
    assert rows(db.select(Ticket)) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": ""}, "Écrivez votre demande"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "Ce texte est trop long"),
        ({"reach": None}, "Choisissez comment recevoir"),
        ({"email": ""}, "Écrivez l’adresse à laquelle répondre"),
        ({"email": "zoe"}, "Écrivez une adresse entière"),
        ({"reach": "sms"}, "Écrivez le numéro auquel répondre"),
        ({"phone": "12"}, "Écrivez le numéro entier"),
        ({"files": (BytesIO(b"MZ\x90\x00"), "virus.exe")}, "virus.exe"),
        ({"files": [(BytesIO(PDF), f"{n}.pdf") for n in range(11)]}, "Au plus 10 fichiers"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(visitor, rows, wrong, told):
    answer = visitor.send(name="Zoé Exemple", **wrong)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Zoé Exemple" in answer.text
    assert rows(db.select(Ticket)) == []


def test_files_to_choose_again_are_mentioned(visitor):
    answer = visitor.send(text="", files=(BytesIO(PDF), "avis.pdf"))
    assert "Choisissez de nouveau vos photos" in answer.text


def test_a_paste_of_five_megabytes_gets_a_clear_answer(visitor):
    answer = visitor.send(text="x" * 5 * 2**20)
    assert answer.status_code == 413
    assert "trop long" in answer.text


def test_a_form_of_a_forgotten_session_keeps_its_words(visitor, rows):
    form = visitor.open()
    visitor.browser.delete_cookie("s")
    answer = visitor.send(form)
    assert answer.status_code == 400
    assert "Je n’ai pas reçu mon avis" in answer.text
    assert rows(db.select(Ticket)) == []


def test_an_unknown_centre_is_not_found(client, world):
    assert client.get("/ask/nulle-part").status_code == 404
    assert client.post("/ask/nulle-part").status_code == 404


def test_the_only_centre_needs_no_choice(client, world):
    assert client.get("/ask").location == f"/ask/{world.code}"


def test_several_centres_are_a_choice(client, world, other_world):
    page = client.get("/ask").text
    assert f'href="/ask/{world.code}"' in page
    assert f'href="/ask/{other_world.code}"' in page


def test_the_receipt_is_only_for_who_sent_it(visitor, client, world):
    visitor.send()
    assert client.get(f"/ask/{world.code}/receipt").status_code == 303


def test_the_agent_is_told_how_who_left_no_address_reads_the_answer(visitor, rows, world, sign_in):
    visitor.send(reach="code", email="")
    reference = rows(db.select(Ticket))[0].reference
    page = sign_in(world.agent).get(f"/tickets/{reference}").text
    assert "sur sa page de suivi, avec son code" in page


def test_on_paper_the_receipt_says_of_which_day_it_is(visitor):
    visitor.send()
    assert "Imprimé le lundi 23 novembre 2026" in visitor.receipt()


def test_the_receipt_names_nobody(visitor):
    visitor.send(name="Zoé Exemple")
    page = visitor.receipt()
    assert "Exemple" not in page
    assert "courriel.example" not in page


@pytest.mark.parametrize("language", ["fr", "nl", "en", "de"])
def test_the_form_speaks_four_languages(client, world, language):
    page = client.get(f"/ask/{world.code}", headers={"Accept-Language": language}).text
    assert f'<html lang="{language}"' in page
    assert 'name="language" value="nl"' in page or language == "nl"


def test_an_acknowledgement_leaves_once_by_text_for_who_wants_that(visitor, rows):
    visitor.send(reach="sms", email="", phone="06 39 98 12 34")
    told = rows(db.select(Notice))
    assert [(notice.means, notice.to_address) for notice in told] == [(Means.SMS, "+33639981234")]
    assert visitor.code() in told[0].body


@pytest.mark.parametrize(("reach", "means"), [("sms", Means.SMS), ("email", Means.EMAIL)])
def test_the_reply_leaves_by_the_way_that_was_chosen(visitor, rows, app, world, reach, means):
    visitor.send(reach=reach, phone="06 39 98 12 34")
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        ticket = db.session.scalars(db.select(Ticket)).one()
        tickets.reply(ticket, "Votre avis est reparti.", by=world.agent)
    replies = rows(db.select(Notice).where(Notice.kind == "reply"))
    assert [notice.means for notice in replies] == [means]
