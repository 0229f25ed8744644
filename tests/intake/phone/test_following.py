"""The code of a request, typed on a telephone or sent by SMS: where it stands, and nothing more."""

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.intake.codes import keys_of
from contactcenter.notices.models import Means, Notice
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.receipts.words import TOLD_IN_MENU
from contactcenter.tickets.models import Message, Ticket
from tests.intake.phone.conftest import request_with_code

NAME = "Josette Lambertin"


@pytest.fixture
def followed(within_centre, world):
    """A request with its code in both forms: (signs, digits)."""
    return within_centre(lambda: request_with_code(world))


def said(document):
    return " ".join(each.text or "" for each in document.iter("Say"))


def type_code(telephone, keys, attempt=1):
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="*")
    return telephone.hear(f"/phone/follow-up?try={attempt}", Digits=keys)


# --- By telephone ---


@pytest.mark.usefixtures("with_menu")
def test_the_menu_offers_it_and_the_star_asks_for_the_digits(telephone):
    menu = telephone.hear("/phone/voice")
    assert "tapez étoile" in said(menu)
    asked = telephone.hear("/phone/menu?at=fr0", Digits="*").find("Gather")
    assert asked.get("action").endswith("/phone/follow-up?try=1")
    assert (asked.get("finishOnKey"), asked.get("input")) == ("#", "dtmf")


@pytest.mark.usefixtures("with_menu")
def test_the_right_digits_say_step_next_step_and_date_and_nothing_personal(
    followed, telephone, look
):
    heard = type_code(telephone, followed[1])
    words = said(heard)
    assert "Nous nous en occupons." in words
    assert "Prochaine étape" in words
    assert "Réponse attendue au plus tard mercredi 25 novembre" in words.replace("\xa0", " ")
    for secret in (*NAME.split(), "loyer", "impôt", "Avis"):
        assert secret not in words
    assert heard.find("Redirect") is not None  # and back to the menu
    telephone.ask("/phone/status", CallStatus="completed")
    [receipt] = look.all(Receipt)
    assert (receipt.fate, receipt.ticket_id) == (Fate.ATTACHED, look.all(Ticket)[0].id)
    assert receipt.problem == TOLD_IN_MENU
    assert look.visits() == []


@pytest.mark.usefixtures("with_menu")
def test_it_is_said_in_the_language_of_the_request(followed, telephone, within_centre):
    def speak():
        db.session.scalars(db.select(Ticket)).one().language = "nl"

    within_centre(speak)
    heard = type_code(telephone, followed[1])
    assert {each.get("language") for each in heard.iter("Say")} == {"nl-NL"}
    assert "Nous nous en occupons" not in said(heard)


@pytest.mark.usefixtures("with_menu")
def test_wrong_digits_are_asked_again_and_the_menu_comes_back(followed, telephone, look):
    wrong = str(int(followed[1]) ^ 1)
    heard = type_code(telephone, wrong)
    assert "Aucune demande n’a ce code" in said(heard)
    assert heard.find("Gather").get("action").endswith("try=2")
    telephone.hear("/phone/follow-up?try=2", Digits="")
    last = telephone.hear("/phone/follow-up?try=3", Digits=wrong)
    assert last.find("Gather") is None
    assert last.find("Redirect") is not None
    telephone.ask("/phone/status", CallStatus="completed")
    assert [receipt.fate for receipt in look.all(Receipt)] == [Fate.REJECTED]


@pytest.mark.usefixtures("with_menu")
def test_the_same_try_told_twice_counts_once_and_guesses_are_limited(followed, telephone):
    wrong = str(int(followed[1]) ^ 1)
    type_code(telephone, wrong)
    for _again in range(20):
        telephone.hear("/phone/follow-up?try=1", Digits=wrong)
    assert "Nous nous en occupons" in said(
        telephone.hear("/phone/follow-up?try=2", Digits=followed[1])
    )
    for number in range(10):
        telephone.sid = f"CA{number:032d}"
        type_code(telephone, wrong)
    telephone.sid = "CA" + "9" * 32
    assert "Trop d’essais" in said(type_code(telephone, followed[1]))
    telephone.caller = "+33639980077"  # somebody else is not held up
    telephone.sid = "CA" + "8" * 32
    assert "Nous nous en occupons" in said(type_code(telephone, followed[1]))


@pytest.mark.usefixtures("with_menu")
def test_an_unsigned_one_and_one_of_no_call_of_ours_hear_nothing(followed, telephone):
    telephone.hear("/phone/voice")
    path = "/phone/follow-up?try=1"
    assert telephone.ask(path, signature="x", Digits=followed[1]).status_code == 403
    telephone.line = "+33199009999"
    assert "Nous nous en occupons" not in telephone.ask(path, Digits=followed[1]).text


@pytest.mark.usefixtures("with_menu")
def test_digits_that_come_when_the_caller_waits_already_change_nothing(followed, telephone, look):
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    late = telephone.hear("/phone/follow-up?try=1", Digits=followed[1])
    assert late.find("Enqueue") is not None
    assert look.calls()[0].code_tries == 0


@pytest.mark.usefixtures("with_menu")
def test_who_then_waits_for_an_agent_talks_about_that_request(followed, telephone, look):
    type_code(telephone, followed[1])
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait", QueueSid="QU1")
    assert look.visits()[0].ticket_id == look.all(Ticket)[0].id


@pytest.fixture
def without_menu(within_centre, world):
    """A line with no keys, in a centre of one language: callers go straight to the line."""

    def speak():
        db.session.get_one(Centre, world.centre_id).languages = ["fr"]

    within_centre(speak)


@pytest.mark.usefixtures("without_menu")
def test_a_line_without_a_menu_tells_it_to_who_waits_and_keeps_their_place(
    followed, telephone, look
):
    assert telephone.hear("/phone/voice").find("Enqueue") is not None
    waits = telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    assert "tapez étoile" in said(waits)
    asked = telephone.hear("/phone/wait-key?leg=1", Digits="*", QueueSid="QU1").find("Gather")
    address = asked.get("action").removeprefix("http://localhost")
    wrong = telephone.hear(address, Digits=str(int(followed[1]) ^ 1), QueueSid="QU1")
    address = wrong.find("Gather").get("action").removeprefix("http://localhost")
    heard = telephone.hear(address, Digits=followed[1], QueueSid="QU1")
    assert "Nous nous en occupons." in said(heard)
    assert heard.findtext("Redirect").endswith("/phone/wait?leg=1")
    [visit] = look.visits()
    assert (visit.outcome, visit.ticket_id) == (None, look.all(Ticket)[0].id)


@pytest.mark.usefixtures("without_menu")
def test_digits_of_an_earlier_stay_in_line_change_nothing(followed, telephone, look):
    telephone.hear("/phone/voice")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    late = telephone.hear("/phone/follow-up?try=1&leg=9", Digits=followed[1], QueueSid="QU1")
    assert "tapez étoile" in said(late)  # the line goes on
    assert look.visits()[0].ticket_id is None


@pytest.mark.usefixtures("with_menu")
def test_a_closed_line_tells_it_too(followed, telephone, clock, look):
    clock.advance(hours=12)
    closed = telephone.hear("/phone/voice")
    assert "tapez étoile" in said(closed)
    heard = type_code(telephone, followed[1])
    assert "Nous nous en occupons" in said(heard)
    assert heard.find("Hangup") is not None
    assert [visit.outcome for visit in look.visits()] == ["closed"]
    telephone.ask("/phone/status", CallStatus="completed")
    assert [receipt.problem for receipt in look.all(Receipt)] == [TOLD_IN_MENU]


# --- By SMS ---


def send(telephone, body, sid="SM1"):
    assert telephone.ask("/phone/sms", MessageSid=sid, Body=body, NumMedia="0").status_code == 200


def replies(look):
    return [each for each in look.all(Notice) if each.kind == "follow_up"]


@pytest.mark.parametrize("form", [0, 1])
def test_the_code_by_sms_is_answered_by_sms_once(form, followed, telephone, look):
    for _twice in range(2):
        send(telephone, f" {followed[form].lower()} ")
    [reply] = replies(look)
    assert (reply.means, reply.to_address) == (Means.SMS, telephone.caller)
    assert "Nous nous en occupons. Prochaine étape" in reply.body.replace("\xa0", " ")
    for secret in (*NAME.split(), "loyer", "impôt"):
        assert secret not in reply.body
    assert [receipt.fate for receipt in look.all(Receipt)] == [Fate.ATTACHED]
    assert len(look.all(Message)) == 1  # the words of the request: no agent has to read a code


def test_a_code_of_nothing_is_said_and_too_many_are_refused(followed, telephone, look):
    for number in range(12):
        send(telephone, "KQ7M-3XTA", f"SM{number}")
    said = [reply.body for reply in replies(look)]
    assert len([each for each in said if "aucune demande n’a ce code" in each]) == 10
    assert len([each for each in said if "Trop d’essais" in each]) == 1
    assert {receipt.fate for receipt in look.all(Receipt)} == {Fate.REJECTED}


def test_a_word_of_eight_letters_is_a_word(telephone, look):
    send(telephone, "Attendre")
    assert replies(look) == []
    assert [message.text for message in look.all(Message)] == ["Attendre"]


def test_who_asked_for_no_texts_gets_none(followed, telephone, look):
    send(telephone, "STOP")
    send(telephone, followed[0], "SM2")
    assert replies(look) == []


# --- The digits themselves ---


def test_digits_are_those_of_one_contact_in_one_centre(app, world, other_world, followed):
    contact = followed[1][:-7]
    with app.app_context():
        assert keys_of(world.centre_id, int(contact)) == followed[1]
        assert keys_of(other_world.centre_id, int(contact)) != followed[1]
