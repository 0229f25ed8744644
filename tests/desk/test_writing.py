"""What is being written: drafts, undoing a send, two people at once, who else is there."""

import pytest
from sqlalchemy.exc import DBAPIError

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.live import LiveChange, may_follow
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means, Notice
from contactcenter.replies.models import Draft, HeldReply, Kind
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Message, MessageKind, Status
from tests.desk.stage import act, heard, opened, page, reload, rows, said, seen


@pytest.fixture
def second(sign_in, world):
    return sign_in(world.second_agent)


@pytest.fixture
def ticket(app, world, citizen_id):
    return opened(app, world, "Mes mots à moi.", citizen_id=citizen_id)


@pytest.fixture
def citizen_id(app, world):
    from contactcenter.citizens import actions as citizens

    with app.app_context(), within(Scope(world.centre_id)), transaction():
        citizen = citizens.create(name="Camille Essai", email="camille@citoyens.example")
        db.session.flush()
        return citizen.id


@pytest.fixture
def patient(app, world):
    """The agent takes ten seconds to think again."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        person = db.session.get_one(Person, (world.centre_id, world.agent.id))
        person.preferences = {"undo": "10"}


def send(browser, ticket, text="Voici.", **form):
    return act(browser, ticket, "replies", **{"text": text, "seen": seen(browser, ticket)} | form)


# --- Undo ---


def test_a_reply_says_nothing_before_its_time_to_be_called_back_is_over(
    agent, app, world, ticket, patient, worker, clock
):
    assert send(agent, ticket, then="resolve").status_code == 303
    worker.run_all()
    assert said(app, world) == []
    assert reload(app, ticket).status is Status.OPEN
    clock.advance(seconds=11)
    worker.run_all()
    assert said(app, world) == ["Voici."]
    assert reload(app, ticket).status is Status.RESOLVED
    (notice,) = rows(app, world, Notice)
    assert (notice.body, notice.to_address) == ("Voici.", "camille@citoyens.example")


def test_a_reply_leaves_once_however_often_its_job_runs(
    agent, app, world, ticket, patient, worker, clock
):
    send(agent, ticket)
    (held,) = rows(app, world, HeldReply)
    clock.advance(seconds=11)
    worker.run_all()
    from contactcenter.replies.jobs import release

    with app.app_context(), within(Scope(world.centre_id)), transaction():
        release(held.id)
    assert said(app, world) == ["Voici."]


def test_calling_a_reply_back_puts_its_text_where_one_writes(
    agent, app, world, ticket, patient, worker, clock
):
    send(agent, ticket, text="Trop vite envoyé.", then="resolve")
    (held,) = rows(app, world, HeldReply)
    toast = page(agent, ticket)
    assert "La réponse part dans 10 secondes." in toast
    assert f'action="/tickets/{ticket.reference}/held-replies/{held.id}/recall"' in toast
    answer = act(agent, ticket, f"held-replies/{held.id}/recall")
    assert answer.status_code == 303
    clock.advance(minutes=1)
    worker.run_all()
    assert said(app, world) == []
    assert ">Trop vite envoyé.</textarea>" in page(agent, ticket)
    assert reload(app, ticket).status is Status.OPEN


def test_what_was_begun_after_a_reply_stays_under_it_when_it_is_called_back(
    agent, app, world, ticket, patient
):
    send(agent, ticket, text="Première.")
    act(agent, ticket, "drafts", kind="reply", text="Deuxième.")
    (held,) = rows(app, world, HeldReply)
    act(agent, ticket, f"held-replies/{held.id}/recall")
    assert ">Première.\n\nDeuxième.</textarea>" in page(agent, ticket)


@pytest.mark.parametrize("late", ["", "Trop vite", "Autre chose"])
def test_a_save_that_arrives_after_the_calling_back_takes_no_word_away(
    agent, app, world, ticket, patient, late
):
    send(agent, ticket, text="Trop vite envoyé.")
    (held,) = rows(app, world, HeldReply)
    act(agent, ticket, "drafts", kind="reply", text="Deuxième.")
    (before,) = rows(app, world, Draft)
    act(agent, ticket, f"held-replies/{held.id}/recall")
    agent.post(
        f"/tickets/{ticket.reference}/drafts",
        data={"kind": "reply", "text": late, "draft": before.id},
        headers={"X-Draft": "1"},
    )
    shown = page(agent, ticket)
    assert "Trop vite envoyé.\n\nDeuxième." in shown
    assert late in shown


def test_a_reply_that_has_left_cannot_be_called_back(
    agent, app, world, ticket, patient, worker, clock
):
    send(agent, ticket)
    (held,) = rows(app, world, HeldReply)
    clock.advance(seconds=11)
    worker.run_all()
    act(agent, ticket, f"held-replies/{held.id}/recall")
    assert "Trop tard\xa0: cette réponse est partie." in page(agent, ticket)
    assert said(app, world) == ["Voici."]


def test_only_who_sent_a_reply_calls_it_back(agent, second, app, world, ticket, patient):
    send(agent, ticket)
    (held,) = rows(app, world, HeldReply)
    assert "Annuler l’envoi" not in page(second, ticket)
    act(second, ticket, f"held-replies/{held.id}/recall")
    assert len(rows(app, world, HeldReply)) == 1


def test_a_request_that_the_citizen_wrote_to_meanwhile_is_not_ended_behind_their_back(
    agent, app, world, ticket, patient, worker, clock
):
    send(agent, ticket, then="resolve")
    clock.advance(seconds=3)
    heard(app, ticket, "Encore une chose.")
    clock.advance(seconds=10)
    worker.run_all()
    assert said(app, world) == ["Voici."]
    assert reload(app, ticket).status is Status.OPEN


def test_who_chose_not_to_wait_sends_at_once(agent, app, world, ticket):
    send(agent, ticket)
    assert said(app, world) == ["Voici."]


# --- Drafts ---


def test_a_draft_survives_and_is_gone_once_it_was_sent(agent, app, world, ticket):
    answer = agent.post(
        f"/tickets/{ticket.reference}/drafts",
        data={"kind": "reply", "text": "Bonjour, je"},
        headers={"X-Draft": "1"},
    )
    assert answer.json["draft"] == rows(app, world, Draft)[0].id
    assert ">Bonjour, je</textarea>" in page(agent, ticket)
    send(agent, ticket, text="Bonjour, je vous réponds.")
    assert rows(app, world, Draft) == []


def test_a_save_that_arrives_after_its_own_sending_is_no_draft(agent, app, world, ticket):
    send(agent, ticket, text="Bonjour, je vous réponds.")
    act(agent, ticket, "drafts", kind="reply", text="Bonjour, je vous")
    assert rows(app, world, Draft) == []


def test_an_emptied_draft_is_forgotten(agent, app, world, ticket):
    act(agent, ticket, "drafts", kind="reply", text="Bonjour")
    act(agent, ticket, "drafts", kind="reply", text="  ")
    assert rows(app, world, Draft) == []


def test_a_reply_and_a_note_are_two_drafts(agent, app, world, ticket):
    act(agent, ticket, "drafts", kind="reply", text="Au citoyen")
    act(agent, ticket, "drafts", kind="note", text="Entre nous")
    assert ">Au citoyen</textarea>" in page(agent, ticket)
    assert ">Entre nous</textarea>" in page(agent, ticket, write="note")
    assert "Entre nous" not in page(agent, ticket)


def test_a_draft_has_a_bound(agent, app, world, ticket):
    assert act(agent, ticket, "drafts", kind="reply", text="x" * 100_001).status_code == 422
    assert rows(app, world, Draft) == []


def test_colleagues_read_a_draft_and_may_go_on_with_it(agent, second, app, world, ticket):
    act(agent, ticket, "drafts", kind="reply", text="Bonjour, je")
    (draft,) = rows(app, world, Draft)
    shown = page(second, ticket)
    assert "Brouillon\u00a0: Agent Essai" in shown
    assert "Bonjour, je" in shown
    act(second, ticket, "drafts", kind="reply", text="De mon côté")
    act(second, ticket, f"drafts/{draft.id}/takeover")
    assert ">De mon côté\n\nBonjour, je</textarea>" in page(second, ticket)
    assert [each.person_id for each in rows(app, world, Draft)] == [world.second_agent.id]


def test_whose_draft_was_taken_is_told_and_keeps_the_text_at_hand(
    agent, second, app, world, ticket
):
    act(agent, ticket, "drafts", kind="reply", text="Bonjour, je")
    (draft,) = rows(app, world, Draft)
    act(second, ticket, f"drafts/{draft.id}/takeover")
    answer = agent.post(
        f"/tickets/{ticket.reference}/drafts",
        data={"kind": "reply", "text": "Bonjour, je vous", "draft": draft.id},
        headers={"X-Draft": "1"},
    )
    assert answer.status_code == 409
    assert answer.json["problem"] == "Second Essai a repris votre brouillon."


def test_drafts_that_nobody_goes_on_with_are_forgotten(agent, app, world, ticket, clock):
    act(agent, ticket, "drafts", kind="reply", text="Bonjour")
    clock.advance(days=61)
    from contactcenter.replies.jobs import forget_old_drafts

    with app.app_context(), within(Scope(world.centre_id)), transaction():
        forget_old_drafts()
    assert rows(app, world, Draft) == []


# --- Two at once ---


def test_what_was_said_meanwhile_stands_beside_ones_own_words(agent, second, app, world, ticket):
    version = seen(agent, ticket)
    send(second, ticket, text="Je m’en occupe, tout est réglé.")
    answer = act(agent, ticket, "replies", text="Ma longue réponse.", seen=version)
    assert answer.status_code == 409
    assert "Je m’en occupe, tout est réglé." in answer.text.split('class="meanwhile"')[1]
    assert ">Ma longue réponse.</textarea>" in answer.text
    assert "Envoyer quand même" in answer.text
    assert said(app, world) == ["Je m’en occupe, tout est réglé."]


def test_sending_all_the_same_sends_once(agent, app, world, ticket):
    version = seen(agent, ticket)
    heard(app, ticket, "Encore une chose.")
    answer = act(agent, ticket, "replies", text="Ma réponse.", seen=version)
    newer = answer.text.split('name="seen" value="')[1].split('"')[0]
    assert act(agent, ticket, "replies", text="Ma réponse.", seen=newer).status_code == 303
    assert said(app, world) == ["Ma réponse."]


def test_a_reply_of_a_colleague_about_to_leave_is_shown_before_ones_own_goes(
    agent, second, app, world, ticket, patient
):
    version = seen(second, ticket)
    send(agent, ticket, text="Elle part.")
    answer = act(second, ticket, "replies", text="La mienne.", seen=version)
    assert answer.status_code == 409
    assert "Elle part." in answer.text.split('class="meanwhile"')[1]


def test_ones_own_words_are_never_in_ones_own_way(agent, app, world, ticket):
    version = seen(agent, ticket)
    act(agent, ticket, "replies", text="Une.", seen=version)
    assert act(agent, ticket, "replies", text="Deux.", seen=version).status_code == 303
    assert said(app, world) == ["Une.", "Deux."]


@pytest.mark.parametrize("undo", ["", "10"])
def test_the_same_page_sent_twice_says_its_words_once(
    agent, app, world, ticket, worker, clock, undo
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        person = db.session.get_one(Person, (world.centre_id, world.agent.id))
        person.preferences = {"undo": undo}
    version = seen(agent, ticket)
    for _each in range(2):
        answer = act(agent, ticket, "replies", text="Voici.", seen=version, then="resolve")
        assert answer.status_code == 303
    clock.advance(seconds=11)
    worker.run_all()
    act(agent, ticket, "replies", text="Voici.", seen=version, then="resolve")
    assert said(app, world) == ["Voici."]


def test_a_reply_to_a_request_ended_meanwhile_waits_as_a_draft(agent, second, app, world, ticket):
    version = seen(agent, ticket)
    act(second, ticket, "resolution")
    answer = act(agent, ticket, "replies", text="Ma réponse.", seen=version)
    assert answer.status_code == 409
    assert said(app, world) == []
    act(agent, ticket, "reopening")
    assert ">Ma réponse.</textarea>" in page(agent, ticket)


# --- A note never leaves ---


@pytest.fixture
def note(app, world, ticket):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        written = tickets.note(tickets.get(ticket.id), "Entre nous.", by=world.agent)
        return written.id


def test_the_database_sends_no_words_but_those_of_a_reply(app, world, ticket, note):
    def written(**more):
        return notices.write(
            kind="reply",
            means=Means.EMAIL,
            to_address="camille@citoyens.example",
            body="Entre nous.",
            language="fr",
            ticket_id=ticket.id,
            **more,
        )

    for more in ({"said_id": note}, {}):
        with app.app_context(), within(Scope(world.centre_id)):
            with pytest.raises(DBAPIError, match="only a reply leaves"):
                written(**more)
            db.session.rollback()


def test_the_database_lets_no_note_become_a_reply(app, world, note):
    with app.app_context(), within(Scope(world.centre_id)):
        with pytest.raises(DBAPIError, match="a message keeps its kind"):
            db.session.execute(
                db.update(Message).where(Message.id == note).values(kind=MessageKind.REPLY)
            )
        db.session.rollback()


def test_a_draft_of_a_note_never_stands_where_one_replies(agent, app, world, ticket):
    act(agent, ticket, "drafts", kind="note", text="Entre nous")
    assert rows(app, world, Draft)[0].kind is Kind.NOTE
    assert "Entre nous" not in page(agent, ticket)


def test_to_whom_and_how_it_leaves_stands_above_the_button(agent, ticket):
    assert "Part par courriel à camille@citoyens.example" in page(agent, ticket)


# --- Who else is there ---


def test_who_else_looks_and_writes_is_said(app, agent, second, ticket, clock):
    act(agent, ticket, "presence", state="open")
    assert "Agent Essai regarde aussi cette demande" in page(second, ticket)
    assert "regarde aussi" not in page(agent, ticket)
    redis = app.extensions["redis"]
    leases = [redis.hgetall(key) for key in redis.scan_iter(f"presence:*:{ticket.id}")]
    assert leases
    assert b"Essai" not in repr(leases).encode()  # who it is stands in the database alone
    act(agent, ticket, "presence", state="writing")
    assert "Agent Essai écrit" in page(second, ticket)
    act(agent, ticket, "presence", state="closed")
    assert "Agent Essai écrit" not in page(second, ticket)


def test_who_closed_the_lid_is_forgotten(agent, second, ticket, clock):
    act(agent, ticket, "presence", state="open")
    clock.advance(seconds=46)
    assert "Agent Essai" not in second.get(f"/tickets/{ticket.reference}/presence").text


def test_others_are_woken_when_someone_begins_to_write_and_not_at_each_key(agent, app, ticket):
    for state in ("open", "writing", "writing", "writing"):
        act(agent, ticket, "presence", state=state)
    with app.app_context(), transaction():
        changes = db.session.scalars(db.select(LiveChange.topics)).all()
    assert changes.count([f"presence:{ticket.id}"]) == 2


def test_who_may_not_read_it_does_not_learn_who_does(sign_in, app, world, ticket):
    browser = sign_in(world.outsider)
    assert browser.get(f"/tickets/{ticket.reference}/presence").status_code == 404
    with app.app_context(), within(Scope(world.centre_id)):
        assert may_follow(world.agent, f"presence:{ticket.id}")
        assert not may_follow(world.outsider, f"presence:{ticket.id}")
