"""Two requests become one and two again; what comes later lands where it goes on."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from contactcenter import clock as times
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import actions as escalation
from contactcenter.escalation import mandates
from contactcenter.escalation.models import MandateKind, Referral, TicketAccess
from contactcenter.intake.mail import door
from contactcenter.queues.models import Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.regrouping import actions
from contactcenter.regrouping.models import Kind, Regrouping
from contactcenter.tickets import actions as tickets
from contactcenter.tickets import search
from contactcenter.tickets.models import Channel, Message, Priority, Status, Ticket
from contactcenter.tickets.references import new_code
from tests.intake.mail.test_mail_door import mail

LINA, OTHER = "lina@citoyens.example", "omar@citoyens.example"


@pytest.fixture
def scene(app, world):
    """Opens requests, and reads rows as they are now."""
    return Scene(app, world)


class Scene:
    def __init__(self, app, world) -> None:
        self.app, self.world = app, world

    def staff(self):
        return within(Scope(self.world.centre_id))

    def open(self, text, email=LINA, **more) -> str:
        with self.app.test_request_context(), self.staff(), transaction():
            citizen = db.session.scalar(db.select(Citizen).where(Citizen.email == email))
            if citizen is None and email:
                citizen = Citizen(
                    name=f"{email[:4].capitalize()} Petit", email=email, met_at=times.now()
                )
                db.session.add(citizen)
                db.session.flush()
            settings = {"channel": Channel.EMAIL, "language": "fr"} | more
            return tickets.open_ticket(
                text[:40],
                text=text,
                site_id=self.world.site_id,
                queue_id=self.world.written_queue_id,
                citizen_id=citizen.id if citizen else None,
                **settings,
            ).reference

    def do(self, act):
        with self.app.test_request_context(), self.staff(), transaction():
            return act()

    def merge(self, kept, merged, by=None, **more) -> int:
        by = by or self.world.agent
        return self.do(lambda: actions.merge(kept, merged, by=by, **more).id)

    def part(self, done) -> None:
        self.do(lambda: actions.part(done, by=self.world.agent))

    def ticket(self, reference) -> Ticket:
        with self.app.app_context(), self.staff():
            return db.session.scalar(db.select(Ticket).where(Ticket.reference == reference))

    def rows(self, model):
        with self.app.app_context(), self.staff():
            return list(db.session.scalars(db.select(model).order_by(model.id)))

    def words(self, reference) -> list[str]:
        ticket_id = self.ticket(reference).id
        return [m.text for m in self.rows(Message) if m.ticket_id == ticket_id]

    def receive(self, raw, to=None) -> None:
        to = to or self.world.mailbox

        def store():
            mailbox = door.mailbox_of(to)
            door.store(raw, mailbox, to)

        self.do(store)


def shown_for(browser, code) -> str:
    form = browser.get("/follow-up").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token
    sent = {"code": code, "csrf_token": token.group(1)}
    return browser.post("/follow-up", data=sent, follow_redirects=True).text


# --- Merging ---


def test_all_words_go_on_in_the_one_that_is_kept_and_the_other_leads_there(scene, sign_in):
    kept, merged = scene.open("Avis perdu"), scene.open("Toujours l’avis")
    browser = sign_in(scene.world.agent)
    sent = browser.post(f"/tickets/{kept}/merges", data={"other": merged})
    assert sent.status_code == 303
    assert scene.words(kept) == ["Avis perdu", "Toujours l’avis"]
    gone = scene.ticket(merged)
    assert (gone.status, gone.merged_into) == (Status.CLOSED, scene.ticket(kept).id)
    led = browser.get(f"/tickets/{merged}")
    assert led.status_code == 303
    assert led.headers["Location"].endswith(f"/tickets/{kept}")
    assert f"réunit ici la demande {merged}" in browser.get(f"/tickets/{kept}").text


def test_the_review_says_what_moves_and_asks_nothing_of_one_person(scene, sign_in):
    kept, merged = scene.open("Avis perdu"), scene.open("Toujours l’avis")
    page = sign_in(scene.world.agent).get(f"/tickets/{kept}/merges/new?with={merged}").text
    assert "1 message" in page
    assert "deux personnes différentes" not in page


def test_two_persons_need_a_word_more_and_the_chosen_one_stays(scene, sign_in):
    kept, merged = scene.open("Avis"), scene.open("Autre", email=OTHER)
    with pytest.raises(Invalid):
        scene.merge(kept, merged)
    refused = sign_in(scene.world.agent).post(f"/tickets/{kept}/merges", data={"other": merged})
    assert refused.status_code == 422
    stays = scene.ticket(merged).citizen_id
    scene.merge(kept, merged, is_sure=True, takes_citizen=True)
    assert scene.ticket(kept).citizen_id == stays


def test_the_earlier_promise_and_the_greater_haste_are_kept(scene):
    kept, merged = scene.open("Avis"), scene.open("Saisie demain")
    due = times.now() + timedelta(hours=1)

    def hurry():
        ticket = tickets.lock(merged, person=scene.world.agent)
        ticket.due_at, ticket.priority = due, Priority.HIGH

    scene.do(hurry)
    scene.merge(kept, merged)
    assert (scene.ticket(kept).due_at, scene.ticket(kept).priority) == (due, Priority.HIGH)


def test_one_answer_ends_both_waits_each_with_its_own_outcome(scene):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    scene.merge(kept, merged)
    assert [visit.outcome for visit in scene.rows(Visit)] == [None, None]
    agent = scene.world.agent
    scene.do(lambda: tickets.reply(tickets.lock(kept, person=agent), "Voici.", by=agent))
    assert [visit.outcome for visit in scene.rows(Visit)] == [Outcome.ANSWERED] * 2


def test_an_open_one_opens_the_finished_one_that_is_kept(scene):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    agent = scene.world.agent
    scene.do(lambda: tickets.resolve(tickets.lock(kept, person=agent), by=agent))
    scene.merge(kept, merged)
    assert scene.ticket(kept).status is Status.OPEN


def test_what_is_merged_is_found_by_its_words_where_it_goes_on(scene):
    kept, merged = scene.open("Avis"), scene.open("Trottinette écrasée")
    scene.merge(kept, merged)
    with scene.app.app_context(), scene.staff():
        assert scene.ticket(kept).id in search.ticket_ids("trottinette")


def test_nothing_more_is_done_with_what_was_merged(scene, sign_in):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    scene.merge(kept, merged)
    late = sign_in(scene.world.agent).post(f"/tickets/{merged}/reopening")
    assert late.status_code == 409
    assert kept in late.text


@pytest.mark.parametrize("who", ["outsider", "referent"])
def test_who_may_not_read_both_merges_neither(scene, who):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    with pytest.raises(NotFound):
        scene.merge(kept, merged, by=getattr(scene.world, who))


def test_a_request_of_another_centre_does_not_exist_here(scene, app, other_world):
    kept = scene.open("Avis")
    away = Scene(app, other_world).open("Avis")
    away = f"{away[:5]}999999" if away == kept else away
    with pytest.raises(NotFound):
        scene.merge(kept, away)


# --- Chains and circles ---


def test_a_chain_leads_to_its_end_at_once(scene, sign_in):
    first, second, third = (scene.open(text) for text in ("Un", "Deux", "Trois"))
    scene.merge(second, third)
    scene.merge(first, second)
    assert scene.words(first) == ["Un", "Deux", "Trois"]
    assert scene.ticket(third).merged_into == scene.ticket(first).id
    led = sign_in(scene.world.agent).get(f"/tickets/{third}")
    assert led.headers["Location"].endswith(first)


def test_a_chain_comes_apart_from_its_end_only(scene):
    first, second, third = (scene.open(text) for text in ("Un", "Deux", "Trois"))
    inner, outer = scene.merge(second, third), scene.merge(first, second)
    with pytest.raises(Conflict):
        scene.part(inner)
    scene.part(outer)
    assert scene.ticket(third).merged_into == scene.ticket(second).id
    assert scene.words(second) == ["Deux", "Trois"]
    scene.part(inner)
    assert [scene.words(each) for each in (first, second, third)] == [["Un"], ["Deux"], ["Trois"]]


def test_a_circle_cannot_be_made(scene):
    kept, merged = scene.open("Un"), scene.open("Deux")
    scene.merge(kept, merged)
    for one, other in ((merged, kept), (kept, merged)):
        with pytest.raises(Conflict):
            scene.merge(one, other)
    with pytest.raises(Invalid):
        scene.merge(kept, kept)


def test_two_who_merge_both_ways_at_once_are_one_merge_and_one_who_is_told(scene):
    for _round in range(3):
        one, other = scene.open("Un"), scene.open("Deux")
        together = Barrier(2)

        def merge(pair, person, together=together):
            with scene.app.test_request_context(), scene.staff():
                try:
                    with transaction():
                        together.wait(5)
                        actions.merge(*pair, by=person)
                except Conflict:
                    return "told"
            return "merged"

        people = (scene.world.agent, scene.world.second_agent)
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(merge, ((one, other), (other, one)), people))
        assert sorted(said) == ["merged", "told"]
        ends = [scene.ticket(each).merged_into for each in (one, other)]
        assert ends.count(None) == 1


# --- What comes later ---


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
    code = new_code()
    kept, merged = scene.open("Avis"), scene.open("Encore", follow_up_code=code)
    scene.merge(kept, merged)
    page = shown_for(client, code)
    assert kept in page
    assert "Encore" in page


def test_of_two_persons_each_code_shows_their_own_words_only(scene, app):
    code, other_code = new_code(), new_code()
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


# --- And two again ---


def test_parting_gives_back_exactly_what_came_and_leaves_what_came_later(scene, sign_in):
    kept, merged = scene.open("Avis"), scene.open("Autre affaire")
    before = scene.ticket(merged)
    done = scene.merge(kept, merged)
    scene.do(lambda: tickets.hear(tickets.lock_survivor(before.id), "Arrivé après"))
    browser = sign_in(scene.world.agent)
    assert "Séparer à nouveau" in browser.get(f"/tickets/{kept}/regroupings").text
    parted = browser.post(f"/tickets/{kept}/merges/{done}/parting", follow_redirects=True)
    assert "arrivé après la réunion reste ici" in parted.text
    assert scene.words(kept) == ["Avis", "Arrivé après"]
    assert scene.words(merged) == ["Autre affaire"]
    after = scene.ticket(merged)
    for field in ("status", "resolved_at", "closed_at", "merged_into", "citizen_id", "due_at"):
        assert getattr(after, field) == getattr(before, field)
    visits = {visit.ticket_id for visit in scene.rows(Visit) if visit.outcome is None}
    assert visits == {scene.ticket(kept).id, after.id}


def test_a_merge_is_undone_once(scene):
    done = scene.merge(scene.open("Un"), scene.open("Deux"))
    scene.part(done)
    with pytest.raises(Conflict):
        scene.part(done)


# --- Experts ---


@pytest.fixture
def asked(scene):
    """A question under a permission, about the request that is merged: (kept, merged, merge)."""
    kept, merged = scene.open("Dettes de jeu", email=OTHER), scene.open("Avis")
    world = scene.world

    def ask():
        ticket = tickets.lock(merged, person=world.agent)
        mandates.record_mandate(
            ticket,
            world.partner_id,
            kind=MandateKind.PAPER,
            expires_at=times.now() + timedelta(days=90),
            by=world.agent,
        )
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        escalation.ask(ticket, team, question="Est-ce dû ?", by=world.agent)

    scene.do(ask)
    return kept, merged, scene.merge(kept, merged, is_sure=True)


def test_a_question_goes_on_with_the_one_that_is_kept(scene, asked, sign_in):
    kept, _merged, _done = asked
    (referral,) = scene.rows(Referral)
    assert referral.ticket_id == scene.ticket(kept).id
    assert "Est-ce dû ?" in sign_in(scene.world.agent).get(f"/tickets/{kept}/referrals").text


def test_the_expert_sees_what_was_allowed_and_nothing_of_the_other(scene, asked, sign_in):
    _kept, merged, _done = asked
    (referral,) = scene.rows(Referral)
    page = sign_in(scene.world.referent).get(f"/referrals/{referral.id}")
    assert page.status_code == 200
    assert "Lina P." in page.text
    assert "Dettes de jeu" not in page.text
    partner = Scope(scene.world.centre_id, scene.world.partner_id)
    with scene.app.app_context(), within(partner):
        shown = [ticket.reference for ticket in db.session.scalars(db.select(Ticket))]
        people = [citizen.email for citizen in db.session.scalars(db.select(Citizen))]
    assert (shown, people) == ([merged], [LINA])


def test_the_expert_answers_across_a_merge(scene, asked):
    kept, _merged, _done = asked
    (referral,) = scene.rows(Referral)
    referent = scene.world.referent
    with scene.app.test_request_context(), within(referent.scope), transaction():
        escalation.answer(
            escalation.lock(referral.id, person=referent), "Oui, c’est dû.", by=referent
        )
    (referral,) = scene.rows(Referral)
    assert (referral.status, referral.ticket_id) == ("answered", scene.ticket(kept).id)


def test_taking_the_permission_back_shuts_what_it_opened(scene, asked, sign_in):
    kept, _merged, _done = asked
    (referral,) = scene.rows(Referral)
    address = f"/tickets/{kept}/mandates/{referral.mandate_id}/revocation"
    assert sign_in(scene.world.agent).post(address, data={"text": ""}).status_code == 303
    assert scene.rows(TicketAccess) == []
    assert scene.rows(Referral)[0].status == "withdrawn"


def test_a_question_goes_back_with_its_request(scene, asked):
    _kept, merged, done = asked
    scene.part(done)
    (referral,) = scene.rows(Referral)
    assert (referral.ticket_id, referral.disclosed_as) == (scene.ticket(merged).id, None)


# --- Splitting ---


@pytest.fixture
def two_matters(scene, worker):
    """A request by mail with a second matter in it: (reference, id of the second message)."""
    scene.receive(mail("Mon avis ?", sender=LINA))
    worker.run_all()
    again = {"Message_ID": "<2@citoyen.example>", "In_Reply_To": "<premier@citoyen.example>"}
    scene.receive(mail("Et ma carte grise ?", sender=LINA, **again))
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
        ["Et ma carte grise ?"],
    )
    assert made.citizen_id == scene.ticket(old).citizen_id
    assert made.status is Status.OPEN  # triaged
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
    assert scene.words(old) == ["Mon avis ?", "Et ma carte grise ?", "Et encore"]
    assert scene.ticket(made.reference).merged_into == scene.ticket(old).id


def test_a_split_takes_something_and_leaves_something(scene, two_matters, sign_in):
    old, _message = two_matters
    browser = sign_in(scene.world.agent)
    everything = [message.id for message in scene.rows(Message)]
    for chosen in ([], everything):
        refused = browser.post(f"/tickets/{old}/splits", data={"message": chosen})
        assert refused.status_code == 422
    assert len(scene.rows(Ticket)) == 1


# --- Right-to-left words and pictures ---


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
