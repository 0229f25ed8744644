"""One request: its page, what an agent does with it, and what nobody else sees."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from contactcenter.db import Scope, db, within
from contactcenter.desk import ticket_page
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.events import EventRecord
from contactcenter.live import LiveChange, may_follow
from contactcenter.notices.models import Notice
from contactcenter.tickets.models import Channel, Message, MessageKind, Status, Ticket
from tests.desk.stage import act, heard, opened, reload


@pytest.fixture
def ticket(app, world):
    return opened(app, world, "Mes mots à moi.", subject="Avis reçu deux fois")


def messages(app, world, kind):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(db.select(Message).where(Message.kind == kind)).all()


def events(app, world, kind):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(db.select(EventRecord).filter_by(kind=kind)).all()


def reply(browser, ticket, text="Voici.", **form):
    page = browser.get(f"/tickets/{ticket.reference}").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return act(browser, ticket, "replies", **{"text": text, "seen": seen} | form)


def test_the_page_shows_the_citizens_own_words_in_their_language(agent, app, world):
    ticket = opened(app, world, "Guten Tag, ich habe eine Frage zu meiner Rente.")
    page = agent.get(f"/tickets/{ticket.reference}").text
    assert '<div class="voice" lang="de"><p>Guten Tag' in page


def test_what_a_citizen_wrote_is_never_taken_for_markup(agent, app, world):
    ticket = opened(app, world, "<script>alert(1)</script>\nligne", subject="<b>gras</b>")
    page = agent.get(f"/tickets/{ticket.reference}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>ligne" in page
    assert "<b>gras" not in page


def test_a_reply_is_written_and_leads_back_to_the_page(agent, app, world, ticket):
    answer = reply(agent, ticket)
    assert (answer.status_code, answer.location) == (303, f"/tickets/{ticket.reference}")
    (written,) = messages(app, world, MessageKind.REPLY)
    assert written.text == "Voici."


def test_an_empty_reply_is_named_beside_its_field(agent, ticket):
    answer = reply(agent, ticket, text="  ")
    assert answer.status_code == 422
    assert "Écrivez votre réponse avant de l’envoyer." in answer.text


def test_send_and_resolve_does_both(agent, app, world, ticket):
    reply(agent, ticket, then="resolve")
    assert reload(app, ticket).status is Status.RESOLVED
    assert len(messages(app, world, MessageKind.REPLY)) == 1


def test_a_reply_to_a_thread_that_moved_on_keeps_the_text_and_sends_nothing(
    agent, app, world, ticket
):
    page = agent.get(f"/tickets/{ticket.reference}").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    heard(app, ticket, "J’ai trouvé, merci !")
    answer = act(agent, ticket, "replies", text="Ma longue réponse", seen=seen)
    assert answer.status_code == 409
    assert "Ma longue réponse</textarea>" in answer.text
    assert "J’ai trouvé, merci !" in answer.text
    assert messages(app, world, MessageKind.REPLY) == []
    fresh = answer.text.split('name="seen" value="')[1].split('"')[0]
    assert act(agent, ticket, "replies", text="Ma réponse", seen=fresh).status_code == 303


@pytest.mark.parametrize("then", ["", "wait"])
def test_no_answer_is_due_once_the_reply_has_left(agent, app, world, ticket, then):
    page = f"/tickets/{ticket.reference}"
    assert "Réponse due <strong>" in agent.get(page).text
    reply(agent, ticket, then=then)
    assert "Réponse due <strong>" not in agent.get(page).text
    heard(app, ticket, "Et encore ceci ?")
    assert "Réponse due <strong>" in agent.get(page).text


def test_send_and_resolve_on_a_finished_request_does_neither(agent, sign_in, app, world, ticket):
    page = agent.get(f"/tickets/{ticket.reference}").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    act(sign_in(world.second_agent), ticket, "resolution")
    answer = act(agent, ticket, "replies", text="Ma réponse", seen=seen, then="resolve")
    assert answer.status_code == 409
    assert messages(app, world, MessageKind.REPLY) == []


def test_a_note_sent_twice_is_written_once_and_again_from_a_new_page(agent, app, world, ticket):
    def seen() -> str:
        page = agent.get(f"/tickets/{ticket.reference}?write=note").text
        return page.split('name="seen" value="')[1].split('"')[0]

    first = seen()
    for _time in range(2):
        act(agent, ticket, "notes", text="Rappeler avant 11 h.", seen=first)
    assert len(messages(app, world, MessageKind.NOTE)) == 1
    act(agent, ticket, "notes", text="Rappeler avant 11 h.", seen=seen())
    assert len(messages(app, world, MessageKind.NOTE)) == 2


def test_a_long_request_shows_its_last_words_and_those_before_on_demand(
    agent, app, world, ticket, monkeypatch
):
    monkeypatch.setattr(ticket_page, "SAID_AT_ONCE", 2)
    for number in range(3):
        heard(app, ticket, f"Mot {number}.")
    page = agent.get(f"/tickets/{ticket.reference}").text
    assert [f"Mot {number}." in page for number in range(3)] == [False, True, True]
    assert "Voir ce qui précède" in page
    page = agent.get(f"/tickets/{ticket.reference}?said=10").text
    assert all(f"Mot {number}." in page for number in range(3))
    assert "Voir ce qui précède" not in page


def test_a_note_stays_inside(agent, app, world, ticket, worker):
    act(agent, ticket, "notes", text="Rappeler avant 11 h.")
    page = agent.get(f"/tickets/{ticket.reference}").text
    assert "Interne" in page
    assert "Rappeler avant 11 h." in page
    worker.run_all()
    with app.app_context(), within(Scope(world.centre_id)):
        assert db.session.scalar(db.select(db.func.count(Notice.id))) == 0


def test_the_database_refuses_to_send_a_note(app, world, ticket, in_centre):
    with transaction():
        note = Message(
            ticket_id=ticket.id,
            kind=MessageKind.NOTE,
            channel=Channel.EMAIL,
            text="secret",
            author_id=world.agent.id,
            notice_id=1,
            written_at=ticket.opened_at,
        )
        db.session.add(note)
        with pytest.raises(Exception, match="note_is_never_sent"):
            db.session.flush()
        db.session.rollback()


def test_notes_and_replies_have_different_addresses(agent, ticket):
    to_reply = agent.get(f"/tickets/{ticket.reference}").text
    to_note = agent.get(f"/tickets/{ticket.reference}?write=note").text
    assert f'action="/tickets/{ticket.reference}/replies"' in to_reply
    assert f'action="/tickets/{ticket.reference}/notes"' in to_note
    assert f'action="/tickets/{ticket.reference}/replies"' not in to_note


def test_what_is_said_at_the_counter_is_recorded_and_nothing_leaves(agent, app, world, worker):
    ticket = opened(app, world, channel=Channel.COUNTER, queue_id=world.counter_queue_id)
    reply(agent, ticket, text="Formulaire remis en main propre.")
    worker.run_all()
    (said,) = messages(app, world, MessageKind.RECORD)
    assert (said.text, said.notice_id) == ("Formulaire remis en main propre.", None)


def test_take_hand_over_and_give_back(agent, app, world, ticket):
    act(agent, ticket, "assignee", person="me")
    assert reload(app, ticket).assigned_to == world.agent.id
    act(agent, ticket, "assignee", person=world.second_agent.id)
    assert reload(app, ticket).assigned_to == world.second_agent.id
    act(agent, ticket, "assignee", person="")
    assert reload(app, ticket).assigned_to is None


def test_a_request_is_not_handed_to_someone_who_cannot_see_it(agent, app, world, ticket):
    answer = act(agent, ticket, "assignee", person=world.outsider.id)
    assert answer.status_code == 422
    assert reload(app, ticket).assigned_to is None


def test_the_life_of_a_request(agent, app, ticket):
    for noun, status in (
        ("waiting", Status.WAITING_ON_CITIZEN),
        ("reopening", Status.OPEN),
        ("resolution", Status.RESOLVED),
        ("closing", Status.CLOSED),
        ("reopening", Status.OPEN),
    ):
        assert act(agent, ticket, noun).status_code == 303
        assert reload(app, ticket).status is status


def test_finishing_twice_says_that_someone_was_faster(agent, ticket):
    act(agent, ticket, "resolution")
    answer = act(agent, ticket, "resolution")
    assert answer.status_code == 409
    assert "a changé entre-temps" in answer.text
    assert "Rouvrir la demande" in answer.text


def test_triage_is_corrected_in_one_action(agent, app, world, ticket):
    answer = act(agent, ticket, "triage", topic=world.topic_id, priority="high", language="nl")
    assert answer.status_code == 303
    now = reload(app, ticket)
    assert (now.topic_id, now.priority, now.language) == (world.topic_id, "high", "nl")
    assert {e.detail["field"] for e in events(app, world, "TicketCorrected")} == {
        "topic",
        "priority",
        "language",
    }
    assert "choisit le motif" in agent.get(f"/tickets/{ticket.reference}").text


def test_what_was_fetched_once_is_left_alone_when_the_page_looks_again(agent, ticket):
    page = LexborHTMLParser(agent.get(f"/tickets/{ticket.reference}").text)
    fetched = page.css("[data-live] [hx-trigger=load]")
    kept = page.css(
        "[data-live] [data-live-keep][hx-trigger=load], [data-live-keep] > [hx-trigger=load]"
    )
    assert fetched
    assert [each.attributes["hx-get"] for each in fetched] == [
        each.attributes["hx-get"] for each in kept
    ]


def test_a_wrong_correction_changes_nothing(agent, app, world, ticket):
    answer = act(agent, ticket, "triage", priority="high", queue="999999")
    assert answer.status_code == 422
    assert reload(app, ticket).priority == "normal"


def test_a_request_moved_out_of_ones_reach_leads_back_to_the_list(sign_in, app, world, ticket):
    act(sign_in(world.agent), ticket, "assignee", person=world.second_agent.id)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get(Ticket, (world.centre_id, ticket.id)).site_id = world.other_site_id
    answer = act(sign_in(world.agent), ticket, "triage", queue=world.referral_queue_id)
    assert answer.location == "/tickets"


def test_papers_to_bring_are_listed_and_printed(agent, app, world):
    ticket = opened(app, world, "mes impôts", topic_id=world.topic_id)
    assert "Pièce d’identité" in agent.get(f"/tickets/{ticket.reference}").text
    assert "Pièce d’identité" in agent.get(f"/tickets/{ticket.reference}/papers").text


def test_papers_are_read_by_the_agent_and_beside_it_as_they_are_printed(agent, app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        topic = db.session.get(Topic, (world.centre_id, world.topic_id))
        topic.papers = topic.papers | {"en": ["Last tax notice", "Proof of identity"]}
    ticket = opened(app, world, "my taxes", topic_id=world.topic_id, language="en")
    page = agent.get(f"/tickets/{ticket.reference}").text
    assert "<li>Pièce d’identité" in page
    assert '<span class="small soft" lang="en">Proof of identity</span>' in page
    assert "Pièce d’identité" not in agent.get(f"/tickets/{ticket.reference}/papers").text


def test_without_papers_there_is_no_list_to_print(agent, ticket):
    assert agent.get(f"/tickets/{ticket.reference}/papers").status_code == 404


# --- Walls ---


def test_a_stranger_is_sent_to_sign_in(client, ticket):
    assert client.get(f"/tickets/{ticket.reference}").status_code == 303
    assert client.get("/tickets").status_code == 303


def test_another_centre_does_not_exist(sign_in, other_world, ticket):
    browser = sign_in(other_world.agent)
    assert browser.get(f"/tickets/{ticket.reference}").status_code == 404
    assert act(browser, ticket, "readings", reason="je suis curieux").status_code == 404
    assert act(browser, ticket, "notes", text="x").status_code == 404


def test_a_referent_has_no_desk(sign_in, world, ticket):
    browser = sign_in(world.referent)
    assert browser.get(f"/tickets/{ticket.reference}").status_code == 403
    assert browser.get("/tickets").status_code == 403


def test_an_agent_of_another_site_sees_the_reference_line_only(sign_in, world, ticket):
    answer = sign_in(world.outsider).get(f"/tickets/{ticket.reference}")
    assert answer.status_code == 403
    assert ticket.reference in answer.text
    assert "Mes mots à moi" not in answer.text
    assert "Avis reçu deux fois" not in answer.text


@pytest.mark.parametrize(
    "noun",
    [
        "replies",
        "notes",
        "assignee",
        "waiting",
        "resolution",
        "reopening",
        "closing",
        "triage",
        "attachments",
        "citizen",
        "citizen/details",
    ],
)
def test_what_one_may_only_know_of_cannot_be_changed(sign_in, app, world, ticket, noun):
    answer = act(sign_in(world.outsider), ticket, noun, text="x", seen="0", person="me")
    assert answer.status_code == 404
    assert reload(app, ticket).status is Status.OPEN


def test_a_reason_opens_it_and_is_kept(sign_in, app, world, ticket):
    browser = sign_in(world.outsider)
    assert act(browser, ticket, "readings", reason="").status_code == 422
    answer = act(browser, ticket, "readings", reason="La personne est à mon guichet.")
    assert answer.status_code == 303
    assert "Mes mots à moi" in browser.get(f"/tickets/{ticket.reference}").text
    (read,) = events(app, world, "TicketRead")
    assert (read.person_id, read.reason) == (world.outsider.id, "La personne est à mon guichet.")


def test_a_reason_lasts_a_day(sign_in, clock, world, ticket):
    act(sign_in(world.outsider), ticket, "readings", reason="La personne est à mon guichet.")
    clock.advance(hours=25)
    answer = sign_in(world.outsider).get(f"/tickets/{ticket.reference}")
    assert answer.status_code == 403


def test_only_who_may_read_it_may_follow_it(app, world, other_world, ticket):
    with app.app_context(), within(Scope(world.centre_id)):
        assert may_follow(world.agent, f"ticket:{ticket.id}")
        assert not may_follow(world.outsider, f"ticket:{ticket.id}")
        assert not may_follow(world.referent, f"ticket:{ticket.id}")
        assert not may_follow(world.agent, "ticket:x")
        assert may_follow(world.agent, "tickets")
        assert not may_follow(world.referent, "tickets")
    with app.app_context(), within(Scope(other_world.centre_id)):
        assert not may_follow(other_world.agent, f"ticket:{ticket.id}")


@pytest.mark.parametrize("noun", ["notes", "assignee", "resolution", "triage", "waiting"])
def test_whoever_has_it_open_is_woken_by_what_others_do(agent, app, ticket, noun):
    with app.app_context(), transaction():
        db.session.execute(db.delete(LiveChange))
    act(agent, ticket, noun, text="x", person="me", priority="high")
    with app.app_context(), transaction():
        changes = db.session.scalars(db.select(LiveChange.topics)).all()
        touched = {topic for topics in changes for topic in topics}
    assert {f"ticket:{ticket.id}", "tickets"} <= touched


def test_the_title_that_a_browser_remembers_says_nothing_of_the_citizen(ticket, world, sign_in):
    page = LexborHTMLParser(sign_in(world.agent).get(f"/tickets/{ticket.reference}").text)
    named = page.css_first("title").text() + page.css_first("main").attributes["data-title"]
    assert named.count(ticket.reference) == 2
    assert "Avis" not in named
