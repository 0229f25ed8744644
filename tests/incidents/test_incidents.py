"""An incident is opened, asked about once, answered to all by their own way, and ended."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import drain, transaction
from contactcenter.escalation import actions as questions
from contactcenter.escalation.models import Referral
from contactcenter.incidents import actions, telling
from contactcenter.incidents.jobs import tell
from contactcenter.incidents.models import Incident, IncidentTicket, TopicWatch
from contactcenter.notices.models import Notice
from contactcenter.outbox import OutboxMessage
from contactcenter.queues.models import Visit
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Message, MessageKind, Ticket
from tests import doomed
from tests.incidents.conftest import SAY

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ANSWER = {"told-fr": "Ne payez rien, un seul avis compte.", "told-nl": "Betaal niets."}


@pytest.fixture
def rows(app, world):
    def of(model):
        with app.app_context(), within(Scope(world.centre_id)):
            return list(db.session.scalars(db.select(model).order_by(model.id)))

    return of


@pytest.fixture
def manager(world, sign_in):
    return sign_in(world.manager)


@pytest.fixture
def path(incident_id):
    return f"/incidents/{incident_id}"


def replies(rows):
    return [each for each in rows(Notice) if each.kind == "reply"]


def send(manager, path, seen, **more):
    manager.post(f"{path}/answer", data={**ANSWER, **more})
    return manager.post(f"{path}/sending", data={"seen": seen})


def test_what_comes_in_on_the_topic_belongs_to_it_and_can_be_detached(
    incident_id, path, asks, manager, rows
):
    reference = asks(email="a@citoyens.example")
    asks(topic=False, email="b@citoyens.example")
    [row] = rows(IncidentTicket)
    assert (row.incident_id, row.attached_by) == (incident_id, None)
    manager.post(f"{path}/tickets/{reference}/detaching")
    assert rows(IncidentTicket)[0].detached_by is not None
    manager.post(f"{path}/tickets", data={"reference": reference})
    assert rows(IncidentTicket)[0].detached_by is None


def test_one_question_goes_to_the_partner_without_anybody_and_twice_is_refused(
    path, asks, manager, world, rows
):
    asks(email="a@citoyens.example")
    asks(email="b@citoyens.example")
    sent = {"team": world.team_id, "question": "Les avis en double sont-ils annulés ?"}
    assert manager.post(f"{path}/questions", data=sent).status_code == 303
    assert manager.post(f"{path}/questions", data=sent).status_code == 409
    [referral] = rows(Referral)
    assert referral.mandate_id is None
    assert referral.question == sent["question"]


def test_the_partners_answer_stands_in_the_form_to_be_rewritten(
    app, path, asks, manager, world, rows
):
    asks(email="a@citoyens.example")
    manager.post(f"{path}/questions", data={"team": world.team_id, "question": "Annulés ?"})
    [referral] = rows(Referral)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        asked = questions.get(referral.id)
        questions.answer(asked, "Oui, tous annulés lundi.", by=world.referent)
    assert "Oui, tous annulés lundi." in manager.get(path).text


def test_the_preview_counts_by_way_and_says_which_language_is_missing(path, asks, manager):
    asks(email="a@citoyens.example")
    asks(Channel.PHONE, language="nl", phone="+33639980012")
    asks(Channel.COUNTER, language="de")
    manager.post(f"{path}/answer", data=ANSWER)
    page = manager.get(path).text
    assert "Partirait maintenant à 3 demandes" in page
    assert "1 par courriel" in page
    assert "1 à appeler" in page
    assert "1 aucune adresse connue" in page
    assert "Pas de texte en Deutsch" in page


def test_each_is_told_by_their_own_way_in_their_language_and_the_rest_are_listed(
    path, asks, manager, worker, rows
):
    asks(email="a@citoyens.example")
    asks(Channel.COUNTER, language="nl", email="b@citoyens.example")
    asks(Channel.SMS, phone="+33639980013")
    called = asks(Channel.PHONE, phone="+33639980014")
    send(manager, path, 4)
    worker.run_all()
    left = {(each.means.value, each.to_address): each.body for each in replies(rows)}
    assert left == {
        ("email", "a@citoyens.example"): ANSWER["told-fr"],
        ("email", "b@citoyens.example"): ANSWER["told-nl"],
        ("sms", "+33639980013"): ANSWER["told-fr"],
    }
    page = manager.get(path).text
    assert f"/tickets/{called}/call" in page
    manager.post(f"{path}/tickets/{called}/call")
    [record] = [m for m in rows(Message) if m.kind is MessageKind.RECORD]
    assert record.text == ANSWER["told-fr"]
    assert all(row.told_at for row in rows(IncidentTicket))
    assert manager.post(f"{path}/tickets/{called}/call").status_code == 409


def test_who_came_after_the_preview_is_shown_before_anything_leaves(
    path, asks, manager, worker, rows
):
    asks(email="a@citoyens.example")
    manager.post(f"{path}/answer", data=ANSWER)
    asks(email="b@citoyens.example")
    assert manager.post(f"{path}/sending", data={"seen": 1}).status_code == 409
    worker.run_all()
    assert replies(rows) == []


def test_sending_again_tells_only_those_who_were_not_told(path, asks, manager, worker, rows):
    asks(email="a@citoyens.example")
    send(manager, path, 1)
    worker.run_all()
    assert manager.post(f"{path}/sending", data={"seen": 1}).status_code == 409
    asks(email="b@citoyens.example")
    manager.post(f"{path}/sending", data={"seen": 1})
    worker.run_all()
    assert [each.to_address for each in replies(rows)] == [
        "a@citoyens.example",
        "b@citoyens.example",
    ]


def test_a_worker_that_dies_in_the_middle_or_runs_twice_tells_nobody_twice(
    app, path, asks, manager, worker, rows, monkeypatch
):
    for number in range(6):
        asks(email=f"c{number}@citoyens.example")
    monkeypatch.setattr(telling, "CHUNK", 2)
    send(manager, path, 6)
    asked = {"count": 0}
    whole = telling._write

    def dies_at_the_fourth(*given):
        asked["count"] += 1
        if asked["count"] == 4:
            raise RuntimeError("killed")
        whole(*given)

    with monkeypatch.context() as killed:
        killed.setattr(telling, "_write", dies_at_the_fourth)
        worker.run_all()
    assert len(replies(rows)) == 2
    with app.app_context(), transaction():
        db.session.execute(db.update(OutboxMessage).values(due_at=db.func.now()))
    [incident] = rows(Incident)
    for _again in range(4):
        with app.app_context():
            drain("bulk")
            with within(Scope(incident.centre_id)), transaction():
                tell(incident.id)
    told = sorted(each.to_address for each in replies(rows))
    assert told == [f"c{number}@citoyens.example" for number in range(6)]


def resolve(app, world, reference):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        tickets.resolve(tickets.lock(reference, person=world.agent), by=world.agent)


def test_the_question_goes_on_when_the_request_it_rides_on_is_finished(
    app, path, asks, manager, world, rows
):
    references = [asks(email=f"{each}@citoyens.example") for each in "ab"]
    manager.post(f"{path}/questions", data={"team": world.team_id, "question": "Annulés ?"})
    known = {each.id: each.reference for each in rows(Ticket)}
    first = known[rows(Referral)[0].ticket_id]
    other = next(each for each in references if each != first)
    resolve(app, world, first)
    [asked] = rows(Referral)
    assert (asked.is_open, known[asked.ticket_id]) == (True, other)
    assert {known[each.ticket_id] for each in rows(Visit) if each.referral_id} == {other}
    resolve(app, world, other)  # none is left to ride on: it stands by itself
    [asked] = rows(Referral)
    assert asked.is_open
    manager.post(f"{path}/end", data={"summary": "Corrigé."})
    assert not rows(Referral)[0].is_open


def test_a_worker_killed_among_the_citizens_tells_each_of_them_once(
    app, path, asks, manager, worker, rows, urls, monkeypatch
):
    monkeypatch.setattr(telling, "CHUNK", 2)
    for each in "abcde":
        asks(email=f"{each}@citoyens.example")
    send(manager, path, seen=5)
    for window, told in (("in a chunk", 0), ("after a commit", 2)):
        with app.app_context(), transaction():  # what a dead one held is free again
            db.session.execute(db.update(OutboxMessage).values(due_at=LONG_AGO))
        assert doomed.ended(doomed.begun(doomed.answer_all, window, urls)) == -signal.SIGKILL
        assert len(replies(rows)) == told
    with app.app_context(), transaction():
        db.session.execute(db.update(OutboxMessage).values(due_at=LONG_AGO))
    worker.run_all()
    assert sorted(each.to_address[0] for each in replies(rows)) == list("abcde")


def test_it_ends_with_a_summary_and_takes_an_unanswered_question_back(
    path, asks, manager, world, rows, sign_in
):
    asks(email="a@citoyens.example")
    manager.post(f"{path}/questions", data={"team": world.team_id, "question": "Annulés ?"})
    assert SAY["fr"] in sign_in(world.agent).get("/tickets").text
    assert manager.post(f"{path}/end", data={"summary": " "}).status_code == 422
    manager.post(f"{path}/end", data={"summary": "Avis annulés lundi."})
    assert rows(Referral)[0].status == "withdrawn"
    assert SAY["fr"] not in sign_in(world.agent).get("/tickets").text
    assert manager.post(f"{path}/answer", data=ANSWER).status_code == 409


def test_an_answer_that_comes_as_it_ends_is_kept(app, path, asks, manager, world, rows):
    asks(email="a@citoyens.example")
    manager.post(f"{path}/questions", data={"team": world.team_id, "question": "Annulés ?"})
    [asked] = rows(Referral)

    def answer():
        with app.test_request_context(), within(world.referent.scope), transaction():
            locked = questions.lock(asked.id, person=world.referent)
            questions.answer(locked, "Oui, annulés.", by=world.referent)

    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        incident = actions.lock(int(path.rpartition("/")[2]), person=world.manager)
        seen = actions.question_of(incident)
        assert seen is not None
        assert seen.is_open
        with ThreadPoolExecutor(1) as expert:
            expert.submit(answer).result()
        actions.end(incident, "Avis annulés lundi.", by=world.manager)
    assert (rows(Referral)[0].status, rows(Incident)[0].summary) == (
        "answered",
        "Avis annulés lundi.",
    )


def test_the_banner_is_for_the_first_line_and_no_partner_reads_of_it(path, asks, world, sign_in):
    agent = sign_in(world.agent)
    agent.post("/counter/place", data={"counter": world.counter_id})
    assert SAY["fr"] in agent.get("/counter").text
    assert SAY["fr"] not in sign_in(world.referent).get("/referrals").text
    assert sign_in(world.agent).get(path).status_code == 403
    assert sign_in(world.referent).get(path).status_code == 403


def test_another_centre_gets_404_and_postgresql_shows_it_nothing(
    app, path, asks, other_world, world, sign_in
):
    asks(email="a@citoyens.example")
    assert sign_in(other_world.manager).get(path).status_code == 404
    assert (
        sign_in(other_world.manager).post(f"{path}/end", data={"summary": "x"}).status_code == 404
    )
    for scope in (Scope(other_world.centre_id), Scope(world.centre_id, world.partner_id)):
        with app.app_context(), within(scope):
            for model in (Incident, IncidentTicket, TopicWatch):
                assert db.session.scalars(db.select(model)).all() == []


def test_what_was_rehearsed_is_erased_and_the_incident_stays(app, path, asks, manager, world, rows):
    asks(email="a@citoyens.example")
    manager.post(f"{path}/questions", data={"team": world.team_id, "question": "Annulés ?"})
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.execute(db.text("UPDATE tickets SET is_rehearsal = true"))
        db.session.execute(db.text("UPDATE referrals SET is_rehearsal = true"))
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.execute(db.text("SELECT wipe_rehearsal()"))
    [incident] = rows(Incident)
    assert incident.referral_id is None
    assert rows(IncidentTicket) == []
