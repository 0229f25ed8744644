"""After the requests of two persons became one, nothing of the one reaches the other.

One test for each thing that leaves by itself: for a partner, for a citizen, to a telephone.
"""

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.clock import now
from contactcenter.db import db
from contactcenter.directory.models import Line, Team, Topic
from contactcenter.edge import JOBS
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import actions as questions
from contactcenter.escalation import asking, circle, consent, drawn
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.escalation.models import Mandate, MandateKind, Referral, Refusal
from contactcenter.escalation.slot_models import Booking
from contactcenter.escalation.solved_models import AskedBy, SolvedQuestion
from contactcenter.incidents import actions as incidents
from contactcenter.incidents import telling
from contactcenter.intake.follow_up import actions as follow_up
from contactcenter.intake.follow_up.conversation import conversation
from contactcenter.intake.follow_up.standing import in_the_room, standing
from contactcenter.intake.follow_up.told import told
from contactcenter.intake.phone import appointments, texts
from contactcenter.intake.solved import actions as solved
from contactcenter.knowledge import actions as articles
from contactcenter.knowledge.actions import Words
from contactcenter.knowledge.models import ArticleVersion
from contactcenter.notices.models import Notice
from contactcenter.notices.tokens import message_id
from contactcenter.queues import actions as queues
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Ticket
from tests.intake.mail.letters import mail
from tests.knowledge.shelf import REVIEW_ON
from tests.regrouping.stage import LINA, OTHER
from tests.regrouping.two_persons import LINAS, two_persons

NOTHING = ([], [], [])


@pytest.fixture
def two(scene):
    return two_persons(scene)


def written(two, kind) -> list[tuple[str, str]]:
    """Each letter to the two of a kind: to whom, and about which of the requests by its words."""
    about = (two.kept, two.joined)
    return [
        (each.to_address, next(name for name in about if name in each.subject + each.body))
        for each in two.scene.rows(Notice)
        if each.kind == kind and each.to_address in (LINA, OTHER)
    ]


def refuse(two, worker):
    words = (Refusal.NOT_OUR_FIELD, "Pas pour nous.")
    two.by_expert(lambda asked: questions.refuse(asked, *words, by=two.world.referent))
    worker.run_all()


def test_a_refused_question_goes_nowhere_under_the_permission_of_the_other(two, worker):
    two.ask()
    two.join()
    two.other_team_answers_too()
    refuse(two, worker)
    assert two.seen_by_the_other_partner() == NOTHING
    assert len(two.scene.rows(Referral)) == 1
    assert written(two, "citizen_ended") == [(LINA, two.joined)]


def test_of_one_person_it_goes_on_and_shows_what_was_allowed_only(two, worker):
    again = two.scene.open("Le même avis", topic_id=two.world.topic_id)
    two.kept = again
    two.allowed(two.joined, two.world.other_partner_id)
    two.ask()
    two.join()
    two.other_team_answers_too()
    refuse(two, worker)
    [_refused, asked] = two.scene.rows(Referral)
    assert asked.ticket_id == two.scene.ticket(again).id
    assert asked.disclosed_as == two.scene.ticket(two.joined).id
    [question], [paper], people = two.seen_by_the_other_partner()
    assert (question, paper) == ("Dossier de Lina ?", "certificat-de-lina.pdf")
    assert "Omar Petit" not in people


def test_an_invited_team_sees_nobody_under_the_permission_of_the_other(two, worker):
    two.ask()
    two.join()

    def invite(asked):
        team = db.session.get_one(Team, (two.world.centre_id, two.world.other_team_id))
        circle.invite(asked, team, "Un dossier chez vous ?", by=two.world.referent)

    two.by_expert(invite)
    worker.run_all()
    assert two.seen_by_the_other_partner() == (["Un dossier chez vous ?"], [], [])
    assert (OTHER, two.kept) not in written(two, "citizen_asked")


def test_whose_question_was_answered_is_told(two, worker):
    two.ask()
    two.join()
    two.by_expert(lambda asked: questions.answer(asked, "Oui.", by=two.world.referent))
    worker.run_all()
    assert written(two, "citizen_answered") == [(LINA, two.joined)]


def test_an_expert_rings_and_writes_to_whom_the_appointment_is_with(two):
    two.book()
    two.join()
    asked = two.scene.rows(Referral)[0]
    assert two.scene.do(lambda: appointments._number_of(asked)) == LINAS
    two.scene.do(lambda: JOBS["escalation.tell_booked"](booking_id=two.booking_id))
    assert written(two, "booking") == [(LINA, two.joined)]


def test_each_page_tells_of_its_own_persons_questions(two):
    two.book()
    two.join()

    def seen(reference):
        ticket = two.scene.ticket(reference)
        shown = standing(ticket)
        return len(shown.appointments), shown.is_with_expert, "rendez-vous" in str(told(ticket))

    assert two.scene.do(lambda: seen(two.kept)) == (0, False, False)
    assert two.scene.do(lambda: seen(two.joined)) == (1, True, True)


def test_nobody_cancels_the_appointment_of_another(two):
    two.book()
    two.join()

    def cancel(reference):
        follow_up.cancel_appointment(two.scene.ticket(reference), two.booking_id)

    two.scene.do(lambda: cancel(two.kept))
    assert two.scene.rows(Booking)[0].is_ahead
    two.scene.do(lambda: cancel(two.joined))
    assert not two.scene.rows(Booking)[0].is_ahead


@pytest.fixture
def by_text(two):
    """Lina is asked by SMS whether another partner may see her request; the words she writes."""

    def ask():
        team = db.session.get_one(Team, (two.world.centre_id, two.world.other_team_id))
        ticket = tickets.lock(two.joined, person=two.world.agent)
        asked = {"told": asking.NOTHING_TOLD, "papers": (), "until": asking.end_of_day(9)}
        consent.ask_by_text(ticket, team, "Et Lina ?", by=two.world.agent, **asked)

    def write(body):
        line = db.session.scalars(db.select(Line)).one()
        centre = db.session.get_one(Centre, two.world.centre_id)
        texts.receive(texts.Text("SM1", LINAS, body), line, centre)

    two.scene.do(ask)
    return lambda body: two.scene.do(lambda: write(body))


def test_who_was_asked_by_text_permits_nothing_for_the_other(two, by_text):
    two.join()
    [asked] = two.scene.rows(ConsentRequest)
    assert asked.withdrawn_at is not None
    by_text("OUI")
    assert two.scene.rows(Referral) == []
    assert {each.kind for each in two.scene.rows(Mandate)} == {MandateKind.PAPER}


def test_a_yes_that_comes_as_they_are_joined_permits_nothing_either(two, by_text):
    two.join()

    def answer():
        asked = db.session.scalars(db.select(ConsentRequest)).one()
        asked.withdrawn_at = None  # the text was read just before
        consent.answer(asked, tickets.lock_survivor(asked.ticket_id), "oui")

    two.scene.do(answer)
    assert two.scene.rows(Referral) == []
    assert {each.kind for each in two.scene.rows(Mandate)} == {MandateKind.PAPER}


def test_a_word_by_the_link_that_asks_whether_it_is_solved_is_not_read_by_the_other(two):
    two.join()

    def say():
        key = {"ticket_id": two.scene.ticket(two.joined).id, "team_id": two.world.team_id}
        asked = SolvedQuestion(asked_by=AskedBy.EMAIL, asked_at=now(), token_hash="x", **key)
        with pytest.raises(Conflict):
            solved.say_missing(asked, "Ce que Lina seule sait.")
        assert solved.request_of(asked).reference == two.joined

    two.scene.do(say)
    assert two.scene.words(two.kept) == ["Un mot d’Omar", "Avis"]


def test_an_article_drawn_after_it_names_neither(two):
    two.ask()
    two.join()
    answer = "Oui, pour Lina Petit."

    def draw(asked):
        questions.answer(asked, answer, by=two.world.referent)
        drawn.article_of(asked, "fr", by=two.world.referent)

    two.by_expert(draw)
    [version] = two.scene.rows(ArticleVersion)
    assert "Lina" not in version.answer

    def publish(said):
        article = articles.lock(version.article_id, person=two.world.manager)
        seen = max(each.number for each in two.scene.rows(ArticleVersion))
        words = Words("Avis", "Est-ce dû ?", said)
        articles.write(article, "fr", words, seen=seen, by=two.world.manager)
        articles.publish(article, review_on=REVIEW_ON, by=two.world.manager)

    for said in (answer, "Comme pour Omar Petit."):
        with pytest.raises(Invalid):
            two.scene.do(lambda said=said: publish(said))


def test_each_is_told_of_an_incident_as_themselves(two):
    two.join()

    def answer():
        topic = db.session.get_one(Topic, (two.world.centre_id, two.world.topic_id))
        incident = incidents.open_new(topic, {"fr": "Panne"}, begun_at=now(), by=two.world.manager)
        lina = db.session.get_one(Ticket, (two.world.centre_id, two.scene.ticket(two.joined).id))
        incidents.attach(incident, lina, by=two.world.manager)
        incidents.prepare(incident, {"fr": "C’est réparé."}, finishes=False)
        incidents.send(incident, seen=2, by=two.world.manager)
        telling.go_on(incident)

    two.scene.do(answer)
    letters = [each for each in two.scene.rows(Notice) if "réparé" in each.body]
    told_about = {each.to_address: each.subject[-12:-1] for each in letters}
    assert told_about == {LINA: two.joined, OTHER: two.kept}


def test_each_page_shows_their_own_place_in_the_waiting_room(two):
    def enter():
        room = db.session.get_one(Queue, (two.world.centre_id, two.world.counter_queue_id))
        ticket_id = two.scene.ticket(two.joined).id
        queues.enter(room, channel=Channel.COUNTER, ticket_id=ticket_id)

    two.scene.do(enter)
    two.join()

    def leave(reference):
        ticket = tickets.get(two.scene.ticket(reference).id)
        assert (in_the_room(ticket) is None) is (reference == two.kept)
        follow_up.give_back_number(ticket)

    with pytest.raises(Conflict):
        two.scene.do(lambda: leave(two.kept))
    two.scene.do(lambda: leave(two.joined))
    assert two.scene.rows(Visit)[-1].outcome is Outcome.ABANDONED_SHORT


def test_an_answer_from_another_address_to_a_letter_of_hers_is_not_shown_to_him(two, worker):
    two.ask()
    two.join()
    two.by_expert(lambda asked: questions.answer(asked, "Oui.", by=two.world.referent))
    worker.run_all()
    [letter] = [each for each in two.scene.rows(Notice) if each.kind == "citizen_answered"]
    ours = two.scene.do(lambda: f"<{message_id(letter)}>")
    two.scene.receive(mail("Ce que Lina seule sait.", sender="l@x.example", In_Reply_To=ours))
    worker.run_all()
    assert "Ce que Lina seule sait." in [each.strip() for each in two.scene.words(two.kept)]

    def shown(reference):
        said, _more = conversation(tickets.get(two.scene.ticket(reference).id), 50)
        return [each.message.text for each in said]

    assert two.scene.do(lambda: shown(two.kept)) == ["Un mot d’Omar"]


def test_the_agent_is_told_whose_question_it_is(two, sign_in):
    two.ask()
    two.join()
    panel = sign_in(two.world.agent).get(f"/tickets/{two.kept}/referrals").text
    assert f"Vient de la demande {two.joined} d’une autre personne" in panel
