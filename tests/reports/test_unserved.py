from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.errors import Conflict
from contactcenter.events import EventRecord
from contactcenter.notices.models import Means, Notice
from contactcenter.queues.outcomes import Outcome
from contactcenter.reports import actions, queries, unserved_routes
from contactcenter.reports.models import CallBack, CallBackOutcome
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Interaction

NUMBER = "06 39 98 02 64"


@pytest.fixture
def contact(app, world, clock):
    """A call of a number we can call back."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        row = Interaction(
            channel=Channel.PHONE, started_at=clock.time, detail={"from": "+33639980264"}
        )
        db.session.add(row)
        db.session.flush()
        return row.id


@pytest.fixture
def listed(app, world, clock):
    def look() -> list[int]:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            since = clock.time - timedelta(hours=24)
            rows = db.session.execute(queries.never_served(since, include_rehearsal=False))
            ids = [row.Visit.id for row in rows]
            count = db.session.scalar(queries.never_served_count(since, include_rehearsal=False))
        assert count == len(ids)
        return ids

    return look


def test_who_gave_up_is_listed_until_served(listed, visit):
    lost = visit(Outcome.ABANDONED, ago=30, caller_key="k")
    assert listed() == [lost]
    visit(Outcome.ANSWERED, ago=20, caller_key="k")
    assert listed() == []


def test_a_long_list_goes_on_behind_its_page(visit, world, sign_in, monkeypatch):
    monkeypatch.setattr(unserved_routes, "MOST", 1)
    first, second = (visit(Outcome.ABANDONED, ago=ago, caller_key=str(ago)) for ago in (30, 20))
    manager = sign_in(world.manager)
    shown = [manager.get(f"/unserved?page={number}").text for number in (1, 2)]
    assert [f"visit-{second}" in page for page in shown] == [True, False]
    assert [f"visit-{first}" in page for page in shown] == [False, True]
    assert 'rel="next"' in shown[0]
    assert 'rel="next"' not in shown[1]


def test_who_was_served_before_giving_up_is_listed(listed, visit):
    visit(Outcome.ANSWERED, ago=40, caller_key="k")
    lost = visit(Outcome.FULL, ago=20, wait=0, caller_key="k")
    assert listed() == [lost]


def test_who_waits_again_is_not_called(listed, visit):
    visit(Outcome.ABANDONED, ago=30, caller_key="k")
    visit(ago=2, caller_key="k")
    assert listed() == []


def test_a_person_is_listed_once_with_the_last_attempt(listed, visit):
    visit(Outcome.ABANDONED, ago=40, caller_key="k")
    last = visit(Outcome.TIMEOUT, ago=10, caller_key="k")
    assert listed() == [last]


def test_who_left_at_once_or_a_day_ago_is_not_listed(listed, visit):
    visit(Outcome.ABANDONED_SHORT)
    visit(Outcome.ABANDONED, ago=60 * 25)
    assert listed() == []


def test_questions_between_agents_and_experts_are_nobody_to_call(listed, visit, world):
    visit(Outcome.TIMEOUT, queue_id=world.consult_queue_id)
    assert listed() == []


def test_the_page_shows_the_number_to_a_manager_only(world, visit, contact, sign_in):
    visit(Outcome.ABANDONED, interaction_id=contact, caller_key="k")
    assert NUMBER in sign_in(world.manager).get("/unserved").text
    assert sign_in(world.agent).get("/unserved").status_code == 403
    assert sign_in(world.referent).get("/unserved").status_code == 403


def test_another_centre_sees_nobody(world, other_world, visit, contact, sign_in):
    lost = visit(Outcome.ABANDONED, interaction_id=contact, caller_key="k")
    browser = sign_in(other_world.manager)
    assert NUMBER not in browser.get("/unserved").text
    assert browser.post(f"/unserved/{lost}/call-back").status_code == 404


def test_who_takes_a_person_sees_the_number_to_call(world, visit, contact, sign_in):
    lost = visit(Outcome.ABANDONED, interaction_id=contact, caller_key="k")
    browser = sign_in(world.manager)
    answer = browser.post(f"/unserved/{lost}/call-back")
    assert (answer.status_code, answer.location) == (303, f"/unserved#visit-{lost}")
    assert 'href="tel:+33639980264"' in browser.get("/unserved").text


def test_two_people_never_call_the_same_person(app, world, visit):
    first = visit(Outcome.ABANDONED, ago=30, caller_key="k")
    again = visit(Outcome.ABANDONED, ago=10, caller_key="k")
    with app.app_context(), within(Scope(world.centre_id)):
        with transaction():
            actions.take(first, by=world.manager)
        with pytest.raises(Conflict), transaction():
            actions.take(again, by=world.second_agent)


def test_the_table_itself_refuses_a_second_open_call_back(app, world, visit, clock):
    lost = visit(Outcome.ABANDONED, caller_key="k")
    with app.app_context(), within(Scope(world.centre_id)):

        def add() -> None:
            db.session.add(
                CallBack(visit_id=lost, caller="k", taken_by=world.manager.id, taken_at=clock.time)
            )

        with transaction():
            add()
        with pytest.raises(IntegrityError), transaction():
            add()


def test_a_visit_that_was_served_is_not_taken(world, visit, sign_in):
    served = visit(Outcome.ANSWERED)
    assert sign_in(world.manager).post(f"/unserved/{served}/call-back").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "stays"),
    [
        (CallBackOutcome.REACHED, False),
        (CallBackOutcome.NOT_NEEDED, False),
        (CallBackOutcome.NOT_REACHED, True),
        (CallBackOutcome.GIVEN_BACK, True),
    ],
)
def test_how_a_call_ended_decides_who_stays_listed(
    app, world, visit, sign_in, listed, outcome, stays
):
    lost = visit(Outcome.ABANDONED, caller_key="k")
    browser = sign_in(world.manager)
    browser.post(f"/unserved/{lost}/call-back")
    address = f"/unserved/call-backs/{_call_back(app, world)}/outcome"
    assert browser.post(address, data={"outcome": outcome.value}).status_code == 303
    assert listed() == ([lost] if stays else [])


def test_only_who_took_a_person_says_how_the_call_ended(app, world, visit):
    lost = visit(Outcome.ABANDONED, caller_key="k")
    with app.app_context(), within(Scope(world.centre_id)):
        with transaction():
            call_back_id = actions.take(lost, by=world.manager).id
        with pytest.raises(Conflict), transaction():
            actions.settle(call_back_id, CallBackOutcome.REACHED, by=world.second_agent)


def test_an_unknown_ending_is_refused(app, world, visit, sign_in):
    lost = visit(Outcome.ABANDONED, caller_key="k")
    browser = sign_in(world.manager)
    browser.post(f"/unserved/{lost}/call-back")
    address = f"/unserved/call-backs/{_call_back(app, world)}/outcome"
    assert browser.post(address, data={"outcome": "maybe"}).status_code == 422


def test_who_gives_up_again_after_the_call_is_listed_again(app, world, visit, clock, listed):
    lost = visit(Outcome.ABANDONED, caller_key="k")
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        call_back_id = actions.take(lost, by=world.manager).id
        actions.settle(call_back_id, CallBackOutcome.REACHED, by=world.manager)
    clock.advance(minutes=30)
    again = visit(Outcome.ABANDONED, ago=5, caller_key="k")
    assert listed() == [again]


def test_the_request_becomes_that_of_who_calls_and_keeps_it_in_its_history(app, world, visit):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = tickets.open_ticket("Échéancier", channel=Channel.PHONE, language="fr")
        ticket_id = ticket.id
    lost = visit(Outcome.ABANDONED, ticket_id=ticket_id, caller_key="k")
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.take(lost, by=world.manager)
        assert tickets.get(ticket_id).assigned_to == world.manager.id
        kinds = db.session.scalars(
            db.select(EventRecord.kind).where(EventRecord.ticket_id == ticket_id)
        ).all()
    assert "CallBackTaken" in kinds


def _call_back(app, world) -> int:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        return db.session.scalars(db.select(CallBack.id)).one()


def test_who_took_a_person_may_write_instead_of_calling(
    app, world, sign_in, visit, contact, listed
):
    lost = visit(Outcome.ABANDONED, interaction_id=contact, caller_key="k")
    browser = sign_in(world.manager)
    browser.post(f"/unserved/{lost}/call-back")
    address = f"/unserved/call-backs/{_call_back(app, world)}/message"
    assert browser.post(address, data={"text": " "}).status_code == 422
    assert sign_in(world.second_agent).post(address, data={"text": "Bonjour"}).status_code == 403
    assert browser.post(address, data={"text": "Bonjour"}).status_code == 303
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        told = db.session.execute(db.select(Notice.means, Notice.to_address, Notice.body)).all()
    assert told == [(Means.SMS, "+33639980264", "Bonjour")]
    assert listed() == []
    assert browser.post(address, data={"text": "Bonjour"}).status_code == 409


def test_whom_nobody_can_reach_is_not_written_to(app, world, sign_in, visit):
    lost = visit(Outcome.ABANDONED, caller_key="k")
    browser = sign_in(world.manager)
    browser.post(f"/unserved/{lost}/call-back")
    address = f"/unserved/call-backs/{_call_back(app, world)}/message"
    assert browser.post(address, data={"text": "Bonjour"}).status_code == 422


def test_the_list_is_filtered_by_queue_and_by_who_calls(world, sign_in, visit, contact):
    taken = visit(Outcome.ABANDONED, interaction_id=contact, caller_key="k")
    free = visit(Outcome.FULL, wait=0, queue_id=world.counter_queue_id, caller_key="l")
    browser = sign_in(world.manager)
    browser.post(f"/unserved/{taken}/call-back")

    def shown(query: str) -> set[int]:
        page = browser.get(f"/unserved?{query}").text
        return {each for each in (taken, free) if f'id="visit-{each}"' in page}

    assert shown("") == {taken, free}
    assert shown("who=mine") == shown("who=taken") == shown("queue=Téléphone") == {taken}
    assert shown("who=free") == {free}
    assert "Personne ne répond à ce filtre" in browser.get("/unserved?queue=Rien").text


def test_calling_back_takes_no_request_from_who_takes_it_meanwhile(app, world, visit):
    def here(work):
        with app.test_request_context(), within(Scope(world.centre_id)), transaction():
            return work()

    def opened():
        ticket = tickets.open_ticket(
            "Aide", channel=Channel.PHONE, language="fr", text="Aidez-moi", topic_id=world.topic_id
        )
        return ticket.id, ticket.reference

    def taken():
        ticket = tickets.lock(reference, person=world.agent)
        tickets.assign(ticket, world.agent, by=world.agent)

    def call_back():
        seen = tickets.get(ticket_id)  # as the page read it: nobody's
        with ThreadPoolExecutor() as agent:
            agent.submit(here, taken).result()
        actions.take(lost, by=world.manager)
        assert seen.assigned_to == world.agent.id

    ticket_id, reference = here(opened)
    lost = visit(Outcome.ABANDONED, ago=30, caller_key="k", ticket_id=ticket_id)
    here(call_back)
