"""Acts on many requests: what becomes of each, and the way back."""

import re

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.desk import bulk_routes
from contactcenter.edge import transaction
from contactcenter.events import EventRecord
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Priority, Status
from contactcenter.worklists import actions as worklists
from contactcenter.worklists.models import Act, BulkAct
from contactcenter.worklists.words import ACTS
from tests.desk.stage import change, far, opened, reload


@pytest.fixture
def done(agent, worker):
    """Begin an act, let it be done, and give its page."""

    def act(name, chosen=(), **sent):
        references = [ticket.reference for ticket in chosen]
        answer = agent.post("/bulk", data={"act": name, "id": references} | sent)
        assert answer.status_code == 303
        worker.run_all()
        return answer.location, agent.get(answer.location).text

    return act


def statuses(app, *chosen):
    return [reload(app, ticket).status for ticket in chosen]


def undo(agent, worker, address):
    answer = agent.post(f"{address}/undoing")
    assert answer.status_code == 303
    worker.run_all()
    return agent.get(answer.location).text


def test_many_requests_are_finished_at_once(done, app, world):
    chosen = [opened(app, world) for _number in range(3)]
    _address, page = done("resolve", chosen)
    assert statuses(app, *chosen) == [Status.RESOLVED] * 3
    assert "3 demandes changées" in page
    assert "3 sur 3" in page


@pytest.mark.parametrize(
    ("act", "sent", "seen"),
    [
        ("priority", {"priority": "high"}, lambda t, _world: t.priority is Priority.HIGH),
        ("assign", {"assign": "me"}, lambda t, world: t.assigned_to == world.agent.id),
        ("wait", {}, lambda t, _world: t.status is Status.WAITING_ON_CITIZEN),
    ],
)
def test_each_act_is_that_of_a_single_request(done, app, world, act, sent, seen):
    ticket = opened(app, world)
    done(act, [ticket], **sent)
    assert seen(reload(app, ticket), world)


def test_a_topic_and_a_queue_are_given_to_many(done, app, world):
    ticket = opened(app, world)
    done("topic", [ticket], topic=world.topic_id)
    done("queue", [ticket], queue=world.counter_queue_id)
    now = reload(app, ticket)
    assert (now.topic_id, now.queue_id) == (world.topic_id, world.counter_queue_id)


def test_what_one_may_not_change_is_left_and_said(done, app, world):
    mine, others = opened(app, world), far(app, world)
    _address, page = done("resolve", [mine, others])
    assert statuses(app, mine, others) == [Status.RESOLVED, Status.OPEN]
    assert "Une laissée telle quelle\xa0: n’est pas, ou plus, à vous" in page
    assert others.reference in page


def test_what_is_so_already_is_not_changed_again(done, app, world):
    ticket = opened(app, world)
    done("priority", [ticket], priority="high")
    _address, page = done("priority", [ticket], priority="high")
    assert "Une l’était déjà" in page


def test_what_its_status_forbids_is_refused_row_by_row(done, app, world):
    fresh, finished = opened(app, world), opened(app, world)
    change(app, finished, lambda t: tickets.resolve(t, by=world.agent))
    _address, page = done("close", [fresh, finished])
    assert statuses(app, fresh, finished) == [Status.OPEN, Status.CLOSED]
    assert "son état ne le permet pas" in page


def test_a_whole_list_is_done_across_its_pages(done, agent, app, world, monkeypatch):
    monkeypatch.setattr(worklists, "CHUNK", 2)
    letters = [opened(app, world, channel=Channel.LETTER) for _number in range(5)]
    mail = opened(app, world)
    form = agent.get("/bulk/new?all=1&channel=letter").text.partition('action="/bulk"')[2]
    first_choices = re.findall(r'<select[^>]* name="(\w+)">\s*<option value="([^"]*)"', form)
    named = dict(first_choices) | {"all": re.search(r'name="all" value="([^"]*)"', form)[1]}
    _address, page = done("resolve", (), **named)
    assert {"topic", "queue", "priority"} <= named.keys()
    assert statuses(app, *letters, mail) == [Status.RESOLVED] * 5 + [Status.OPEN]
    assert "5 sur 5" in page


def test_no_more_than_the_bound_is_begun(agent, app, world, monkeypatch):
    monkeypatch.setattr(worklists, "MOST", 2)
    for _number in range(3):
        opened(app, world)
    assert "les 2 premières seront faites" in agent.get("/bulk/new?all=1").text
    location = agent.post("/bulk", data={"act": "resolve", "all": "view=todo"}).location
    assert "0 sur 2" in agent.get(location).text


def test_the_history_says_who_and_why(done, agent, app, world):
    ticket = opened(app, world)
    done("resolve", [ticket], reason="Panne du site réparée")
    with app.app_context(), within(Scope(world.centre_id)):
        record = db.session.scalars(db.select(EventRecord).filter_by(kind="TicketResolved")).one()
        assert (record.person_id, record.reason) == (world.agent.id, "Panne du site réparée")
    story = agent.get(f"/tickets/{ticket.reference}").text
    assert "termine la demande. Raison\xa0: Panne du site réparée." in story


@pytest.mark.parametrize(
    ("act", "sent"), [("resolve", {}), ("wait", {}), ("priority", {"priority": "high"})]
)
def test_an_act_is_taken_back(done, agent, worker, app, world, act, sent):
    ticket = opened(app, world)
    address, _page = done(act, [ticket], **sent)
    assert "Une demande changée" in undo(agent, worker, address)
    now = reload(app, ticket)
    assert (now.status, now.priority) == (Status.OPEN, Priority.NORMAL)


def test_what_someone_changed_since_is_not_taken_back(done, agent, worker, app, world, clock):
    touched, left = opened(app, world), opened(app, world)
    address, _page = done("priority", [touched, left], priority="high")
    clock.advance(minutes=1)
    change(app, touched, lambda t: tickets.note(t, "Urgent en effet", by=world.second_agent))
    page = undo(agent, worker, address)
    assert "quelqu’un l’a changée depuis" in page
    assert reload(app, touched).priority is Priority.HIGH
    assert reload(app, left).priority is Priority.NORMAL


def test_an_act_is_taken_back_once_and_not_after_half_an_hour(
    done, agent, worker, app, world, clock
):
    address, _page = done("resolve", [opened(app, world)])
    undo(agent, worker, address)
    assert agent.post(f"{address}/undoing").status_code == 409
    late, _page = done("resolve", [opened(app, world)])
    clock.advance(minutes=31)
    assert agent.post(f"{late}/undoing").status_code == 409


def test_an_act_is_followed_by_who_began_it_alone(done, sign_in, app, world):
    address, _page = done("resolve", [opened(app, world)])
    assert sign_in(world.second_agent).get(address).status_code == 404


@pytest.mark.parametrize("sent", [{}, {"act": "resolve"}, {"act": "nonsense"}, {"act": "snooze"}])
def test_an_act_that_makes_no_sense_is_refused(agent, sent):
    assert agent.post("/bulk", data=sent).status_code == 422


def test_the_page_before_an_act_says_how_many_were_ticked(agent, app, world):
    chosen = [opened(app, world).reference for _number in range(2)]
    page = agent.get("/bulk/new", query_string={"id": chosen}).text
    assert "2 demandes choisies" in page
    assert len(re.findall(r'name="id" value="', page)) == 2


def test_every_act_and_refusal_has_words():
    assert set(ACTS) == set(Act)
    assert set(bulk_routes.REFUSALS) == set(bulk_routes.Refusal)


def test_with_nothing_ticked_the_page_counts_nothing_and_says_what_to_do(agent):
    shown = agent.get("/bulk/new").text
    assert "Une demande choisie." not in shown
    assert "Cochez des demandes dans la liste, puis revenez ici." in shown


def test_large_numbers_are_grouped(done, agent, app, world):
    done("wait", [opened(app, world)])
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.execute(db.update(BulkAct).values(total=12_000))
    assert "12\u202f000 demandes" in agent.get("/bulk").text
