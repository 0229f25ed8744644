"""Texts in both directions: what they become, and what must not be sent."""

import pytest

from contactcenter.db import db
from contactcenter.notices import refusals, sms
from contactcenter.notices.models import Means, Notice, NoticeState
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Message, MessageKind, Ticket


def _text(telephone, body, sid="SM1", **form):
    return telephone.ask("/phone/sms", MessageSid=sid, Body=body, NumMedia="0", **form)


def test_a_text_opens_a_request_in_the_citizen_s_words(telephone, look):
    assert _text(telephone, "Bonjour\nOù en est mon avis d’impôt ?").status_code == 200
    ticket, message = look.all(Ticket)[0], look.all(Message)[0]
    assert (ticket.channel, ticket.subject) == (Channel.SMS, "Où en est mon avis d’impôt ?")
    assert (message.kind, message.channel) == (MessageKind.CITIZEN, Channel.SMS)
    assert look.visits()[0].channel is Channel.SMS


def test_the_same_text_twice_is_one_request(telephone, look):
    _text(telephone, "Bonjour")
    _text(telephone, "Bonjour")
    assert len(look.all(Ticket)) == len(look.all(Message)) == 1


def test_a_second_text_joins_the_open_request(telephone, look):
    _text(telephone, "Bonjour")
    _text(telephone, "C’est pour 2025.", sid="SM2")
    assert len(look.all(Ticket)) == 1
    assert [message.text for message in look.all(Message)] == ["Bonjour", "C’est pour 2025."]
    assert [receipt.fate for receipt in look.all(Receipt)] == [Fate.TICKETED, Fate.ATTACHED]


@pytest.mark.parametrize("word", ["STOP", "arrêt", " Arret. ", "stop !"])
def test_stop_is_honoured_in_french_too(telephone, look, within_centre, word):
    _text(telephone, word)
    assert look.all(Ticket) == []
    assert within_centre(lambda: refusals.is_refused(Means.SMS, telephone.caller))
    assert look.all(Receipt)[0].door is Door.SMS


def test_who_asks_to_begin_again_is_written_to_again(telephone, within_centre):
    _text(telephone, "STOP")
    _text(telephone, "START", sid="SM2")
    assert not within_centre(lambda: refusals.is_refused(Means.SMS, telephone.caller))


def test_stop_within_a_sentence_is_a_sentence(telephone, look):
    _text(telephone, "Stop aux relances, j’ai déjà payé")
    assert len(look.all(Ticket)) == 1


def _answer(world, within_centre, text="Votre avis est en ligne."):
    def reply():
        ticket = db.session.scalars(db.select(Ticket)).one()
        tickets.reply(ticket, text, by=world.agent)

    within_centre(reply)


def test_a_reply_to_a_text_leaves_as_a_text(telephone, world, look, within_centre):
    _text(telephone, "Bonjour")
    _answer(world, within_centre)
    notice = look.all(Notice)[0]
    assert (notice.means, notice.to_address) == (Means.SMS, telephone.caller)
    assert notice.headers["line"] == world.line_number


def test_a_long_reply_leaves_in_parts_and_whole(telephone, world, look, within_centre):
    text = "mot " * 900
    _text(telephone, "Bonjour")
    _answer(world, within_centre, text)
    bodies = [notice.body for notice in look.all(Notice)]
    assert all(len(body) <= sms.LONGEST for body in bodies)
    assert " ".join(bodies) == text.strip()


def test_nothing_is_sent_to_whoever_asked_us_to_stop(telephone, world, look, within_centre, worker):
    _text(telephone, "Bonjour")
    within_centre(lambda: refusals.refuse(Means.SMS, telephone.caller))
    _answer(world, within_centre)
    worker.run_all()
    notice = look.all(Notice)[0]
    assert (notice.state, notice.failure) == (NoticeState.FAILED, "asked for no more texts")


def test_callbacks_in_any_order_leave_what_is_furthest(telephone, world, look, within_centre):
    _text(telephone, "Bonjour")
    _answer(world, within_centre)
    notice = look.all(Notice)[0]
    ours = {"From": world.line_number, "To": telephone.caller, "MessageSid": "SM9"}
    for status in ("delivered", "queued", "sent", "delivered"):
        telephone.ask(f"/phone/message-status?notice={notice.id}", MessageStatus=status, **ours)
    assert look.all(Notice)[0].headers["status"] == "delivered"
    assert look.all(Notice)[0].state is not NoticeState.FAILED


def test_a_text_that_is_lost_is_shown(telephone, world, look, within_centre):
    _text(telephone, "Bonjour")
    _answer(world, within_centre)
    notice = look.all(Notice)[0]
    ours = {"From": world.line_number, "To": telephone.caller, "MessageSid": "SM9"}
    telephone.ask(
        f"/phone/message-status?notice={notice.id}",
        MessageStatus="undelivered",
        ErrorCode="30003",
        **ours,
    )
    assert look.all(Notice)[0].failure == "not delivered (30003)"


@pytest.mark.parametrize(("kind", "is_refused"), [("STOP", True), ("START", False), ("HELP", True)])
def test_what_the_operator_took_for_a_wish_about_texts_is_one(
    telephone, look, within_centre, kind, is_refused
):
    if kind != "STOP":
        within_centre(lambda: refusals.refuse(Means.SMS, telephone.caller))
    _text(telephone, "Plus rien svp", OptOutType=kind)
    assert within_centre(lambda: refusals.is_refused(Means.SMS, telephone.caller)) is is_refused
    assert (look.all(Ticket), look.all(Receipt)[0].fate) == ([], Fate.REJECTED)
