"""Whose words a mail holds is told as far as it is known, and never more."""

import pytest

from contactcenter.accounts.models import Person
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Interaction, Message, MessageKind, Status, Ticket
from tests.intake.mail.letters import mail

RENOUNCED = "Je renonce à ma demande."


@pytest.fixture
def answered(app, world, kept):
    """Reply to the only request, and finish it."""

    def reply() -> Notice:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            agent = db.session.get_one(Person, (world.centre_id, world.agent.id))
            ticket = tickets.get(kept(Ticket)[0].id)
            tickets.reply(ticket, "Il part ce soir.", by=agent)
            tickets.resolve(ticket, by=agent)
        return kept(Notice, Notice.kind == "reply")[0]

    return reply


def test_the_words_of_a_stranger_are_not_the_citizens(world, arrive, kept, answered, sign_in):
    arrive(mail())
    named = {"Message_ID": "<2@x.example>", "In_Reply_To": f"<{answered().message_id}>"}
    arrive(mail(RENOUNCED, sender="Un Autre <autre@x.example>", **named))
    assert [each.citizen_id is None for each in kept(Interaction)] == [False, True]
    agent, path = sign_in(world.agent), f"/tickets/{kept(Ticket)[0].reference}"
    page = agent.get(path).text
    assert "Un Autre, autre@x.example" in page
    assert "Expéditeur non vérifié" in page
    late = agent.post(f"{path}/replies", data={"text": "Ma réponse.", "seen": "1"}).text
    beside = late.split('class="meanwhile"')[1].split("</section>")[0]
    assert "Un Autre, autre@x.example" in beside
    assert "Expéditeur non vérifié" in beside


def test_a_forged_sender_with_the_reference_joins_nothing(arrive, kept, settings, monkeypatch):
    monkeypatch.setattr(settings, "mail_authserv_id", "mx.orme.example")
    arrive(mail())
    seen = {"Authentication_Results": "mx.orme.example; dmarc=fail header.from=citoyen.example"}
    subject = f"Re: {kept(Ticket)[0].reference}"
    arrive(mail(RENOUNCED, subject=subject, Message_ID="<2@x.example>", **seen))
    assert len(kept(Ticket)) == 2
    proved = {"Authentication_Results": "mx.orme.example; dmarc=pass header.from=citoyen.example"}
    arrive(mail("C’est moi.", subject=subject, Message_ID="<3@x.example>", **proved))
    assert len(kept(Ticket)) == 2


def test_a_sender_that_is_not_proved_is_told(world, arrive, kept, settings, monkeypatch, sign_in):
    monkeypatch.setattr(settings, "mail_authserv_id", "mx.orme.example")
    arrive(mail())
    page = sign_in(world.agent).get(f"/tickets/{kept(Ticket)[0].reference}").text
    assert "n’a pas confirmé l’expéditeur" in page


def test_an_automatic_answer_to_ours_is_read_and_reopens_nothing(
    world, arrive, kept, answered, sign_in
):
    arrive(mail())
    named = {"Message_ID": "<2@x.example>", "In_Reply_To": f"<{answered().message_id}>"}
    arrive(mail("Je reviens lundi.", Auto_Submitted="auto-replied", **named))
    ticket = kept(Ticket)[0]
    assert ticket.status is Status.RESOLVED
    assert kept(Message)[-1].text == "Je reviens lundi."
    page = sign_in(world.agent).get(f"/tickets/{ticket.reference}").text
    assert "Lire la réponse automatique" in page


def test_a_text_too_long_for_the_page_is_kept_whole_and_the_request_says_so(
    world, arrive, kept, sign_in
):
    text = "Bonjour.\n" * 12_000
    arrive(mail(text))
    (whole,) = kept(Attachment)
    assert whole.size == len(text.rstrip())
    page = sign_in(world.agent).get(f"/tickets/{kept(Ticket)[0].reference}").text
    assert "est trop long" in page


def test_the_reply_goes_where_the_mail_asks(world, arrive, kept, answered, sign_in):
    arrive(mail(Reply_To="maison@citoyen.example"))
    page = sign_in(world.agent).get(f"/tickets/{kept(Ticket)[0].reference}").text
    assert "maison@citoyen.example" in page
    assert answered().to_address == "maison@citoyen.example"
    assert kept(Citizen)[0].email == "usager@citoyen.example"


def test_of_a_form_the_citizen_is_whom_to_answer(arrive, kept):
    arrive(mail(sender="ne-pas-repondre@form.example", Reply_To="lina@citoyen.example"))
    assert [each.email for each in kept(Citizen)] == ["lina@citoyen.example"]
    assert [each.kind for each in kept(Message)] == [MessageKind.CITIZEN]
