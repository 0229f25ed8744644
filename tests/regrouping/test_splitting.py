"""Of one request with two matters, two are made."""

import pytest

from contactcenter.regrouping import actions
from contactcenter.regrouping.models import Kind, Regrouping
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Message, Status, Ticket
from tests.intake.mail.letters import mail
from tests.regrouping.stage import LINA


@pytest.fixture
def two_matters(scene, worker):
    """A request by mail with a second matter in it: (reference, id of the second message)."""
    scene.receive(mail("Mon avis ?", sender=LINA))
    worker.run_all()
    again = {"Message_ID": "<2@citoyen.example>", "In_Reply_To": "<premier@citoyen.example>"}
    scene.receive(mail("Bonjour,\n\nEt ma carte grise ?", sender=LINA, **again))
    worker.run_all()
    return scene.rows(Ticket)[0].reference, scene.rows(Message)[-1].id


def test_chosen_words_become_a_request_of_the_same_person(scene, two_matters, sign_in):
    old, message = two_matters
    browser = sign_in(scene.world.agent)
    assert "Et ma carte grise ?" in browser.get(f"/tickets/{old}/splits/new").text
    assert browser.post(f"/tickets/{old}/splits", data={"message": message}).status_code == 303
    made = scene.rows(Ticket)[-1]
    assert (scene.words(old), scene.words(made.reference)) == (
        ["Mon avis ?"],
        ["Bonjour,\n\nEt ma carte grise ?"],
    )
    assert made.citizen_id == scene.ticket(old).citizen_id
    assert made.status is Status.OPEN  # triaged
    assert made.subject == "Et ma carte grise ?"
    assert f"met 1 message dans une autre demande\xa0: {made.reference}" in (
        browser.get(f"/tickets/{old}").text
    )
    assert made.reference in browser.get(f"/tickets/{old}/work").text


def test_an_answer_to_words_that_were_split_off_follows_them(scene, two_matters, worker):
    old, message = two_matters
    agent = scene.world.agent

    def split():
        return actions.split(tickets.lock(old, person=agent), [message], "", by=agent).reference

    made = scene.do(split)
    again = {"Message_ID": "<3@citoyen.example>", "In_Reply_To": "<2@citoyen.example>"}
    scene.receive(mail("Alors, la carte ?", sender=LINA, **again))
    worker.run_all()
    assert scene.words(made)[-1] == "Alors, la carte ?"


def test_a_split_is_taken_back_with_all_that_followed(scene, two_matters, sign_in):
    old, message = two_matters
    browser = sign_in(scene.world.agent)
    browser.post(f"/tickets/{old}/splits", data={"message": message})
    made = scene.rows(Ticket)[-1]
    scene.do(lambda: tickets.hear(tickets.lock_survivor(made.id), "Et encore"))
    (done,) = [each for each in scene.rows(Regrouping) if each.kind is Kind.SPLIT]
    assert browser.post(f"/tickets/{old}/splits/{done.id}/undoing").status_code == 303
    assert scene.words(old) == ["Mon avis ?", "Bonjour,\n\nEt ma carte grise ?", "Et encore"]
    assert scene.ticket(made.reference).merged_into == scene.ticket(old).id
    page = browser.get(f"/tickets/{old}").text
    assert page.count("met 1 message dans une autre demande") == 1


def test_a_split_takes_something_and_leaves_something(scene, two_matters, sign_in):
    old, _message = two_matters
    browser = sign_in(scene.world.agent)
    everything = [message.id for message in scene.rows(Message)]
    for chosen in ([], everything):
        refused = browser.post(f"/tickets/{old}/splits", data={"message": chosen})
        assert refused.status_code == 422
    assert len(scene.rows(Ticket)) == 1


def test_words_of_every_script_are_kept_on_each_page(scene, sign_in):
    words = "مرحبا 👩‍👩‍👧 שלום"
    kept, merged = scene.open(words), scene.open(words + " 2")
    browser = sign_in(scene.world.agent)
    assert words in browser.get(f"/tickets/{kept}/merges/new?with={merged}").text
    browser.post(f"/tickets/{kept}/merges", data={"other": merged})
    assert words in browser.get(f"/tickets/{kept}/splits/new").text
    sent = {"message": [scene.rows(Message)[-1].id], "subject": words}
    assert browser.post(f"/tickets/{kept}/splits", data=sent).status_code == 303
    assert scene.rows(Ticket)[-1].subject == words
