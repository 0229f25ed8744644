"""What comes later lands where the request goes on."""

import re

from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Status, Ticket
from tests.intake.mail.letters import mail
from tests.regrouping.stage import LINA, OTHER


def shown_for(browser, code) -> str:
    form = browser.get("/follow-up").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token
    sent = {"code": code, "csrf_token": token.group(1)}
    return browser.post("/follow-up", data=sent, follow_redirects=True).text


def test_a_mail_to_what_was_merged_opens_and_joins_the_one_that_is_kept(scene, worker):
    scene.receive(mail("Mon avis ?", sender=LINA))
    worker.run_all()
    (merged,) = [ticket.reference for ticket in scene.rows(Ticket)]
    kept = scene.open("Avis perdu")
    scene.merge(kept, merged)
    agent = scene.world.agent
    scene.do(lambda: tickets.resolve(tickets.lock(kept, person=agent), by=agent))
    again = {"Message_ID": "<2@citoyen.example>", "In_Reply_To": "<premier@citoyen.example>"}
    scene.receive(mail("Et alors ?", sender=LINA, **again))
    by_name = {"Message_ID": "<3@citoyen.example>", "subject": f"Re: [{merged}]"}
    scene.receive(mail("Toujours rien", sender=LINA, **by_name))
    worker.run_all()
    assert len(scene.rows(Ticket)) == 2
    assert [words.split("\n")[0] for words in scene.words(kept)][-2:] == [
        "Et alors ?",
        "Toujours rien",
    ]
    assert scene.ticket(kept).status is Status.OPEN


def test_a_mail_of_the_other_person_still_joins_after_their_request_was_merged(scene, worker):
    scene.receive(mail("Mon avis ?", sender=OTHER))
    worker.run_all()
    (merged,) = [ticket.reference for ticket in scene.rows(Ticket)]
    kept = scene.open("Avis du foyer")
    scene.merge(kept, merged, is_sure=True)
    again = {"Message_ID": "<2@citoyen.example>", "In_Reply_To": "<premier@citoyen.example>"}
    scene.receive(mail("Et alors ?", sender=OTHER, **again))
    worker.run_all()
    assert scene.words(kept)[-1] == "Et alors ?"


def test_the_code_of_what_was_merged_opens_the_one_that_is_kept(scene, client):
    code = "KQ7M-3XTA"
    kept, merged = scene.open("Avis"), scene.open("Encore", follow_up_code=code)
    scene.merge(kept, merged)
    page = shown_for(client, code)
    assert kept in page
    assert "Encore" in page


def test_of_two_persons_each_code_shows_their_own_words_only(scene, app):
    code, other_code = "KQ7M-3XTA", "PT4C-7WHD"
    kept = scene.open("Secret de Lina", follow_up_code=code)
    merged = scene.open("Secret d’Omar", email=OTHER, follow_up_code=other_code)
    scene.merge(kept, merged, is_sure=True)
    for each, own, foreign in (
        (code, "Secret de Lina", "Secret d’Omar"),
        (other_code, "Secret d’Omar", "Secret de Lina"),
    ):
        page = shown_for(app.test_client(), each)
        assert own in page
        assert foreign not in page
