"""The next written request: in turn, when nobody waits in person, and no more than one can hold."""

from datetime import timedelta

import pytest

from contactcenter import clock as time
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus, QueueKind, Visit
from contactcenter.queues.routing_models import WorkLimit
from contactcenter.queues.rules import Refusal
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from contactcenter.triage import taking
from tests.queues.giving import Giving


@pytest.fixture
def giving(in_centre, world):
    return Giving(world)


@pytest.fixture
def write(giving, world):
    def written(**more):
        with transaction():
            return tickets.open_ticket(
                "Une question", channel=Channel.EMAIL, language="fr",
                queue_id=world.written_queue_id, site_id=world.site_id, **more,
            )  # fmt: skip

    return written


@pytest.fixture
def take(giving):
    def taken(person):
        with transaction():
            return taking.take_next(person)

    return taken


def _visit(ticket):
    db.session.expire_all()
    return db.session.query(Visit).filter_by(ticket_id=ticket.id).one()


def test_the_next_is_in_ones_hands_and_given_to_nobody_else(write, take, world, clock):
    first = write()
    clock.advance(minutes=1)
    second = write()
    taken = take(world.agent)
    assert (taken.ticket.id, taken.ticket.assigned_to) == (first.id, world.agent.id)
    assert taken.why["reason"] == "longest"
    assert take(world.second_agent).ticket.id == second.id
    assert take(world.agent).ticket is None
    assert _visit(first).wanted_person_id == world.agent.id


def test_what_is_given_back_waits_at_its_place(write, take, world, clock):
    first = write()
    clock.advance(minutes=1)
    write()
    ticket = take(world.agent).ticket
    with transaction():
        tickets.assign(ticket, None, by=world.agent)
    assert take(world.second_agent).ticket.id == first.id


def test_what_somebody_took_by_hand_is_not_given_out(write, take, world):
    ticket = write()
    with transaction():
        tickets.assign(ticket, world.second_agent, by=world.second_agent)
    assert take(world.agent).ticket is None


def test_what_is_not_answered_in_time_waits_for_anyone_again(giving, write, take, world, clock):
    giving.rule(world.written_queue_id, held_seconds=600)
    ticket = write()
    take(world.agent)
    clock.advance(seconds=600)
    with transaction():
        taking.give_back_unanswered()
    assert take(world.second_agent).ticket.id == ticket.id


def test_one_holds_no_more_than_ones_number(giving, write, take, world):
    giving.add(WorkLimit(person_id=world.agent.id, kind=QueueKind.WRITTEN, most=1))
    write(), write()
    assert take(world.agent).ticket is not None
    assert take(world.agent).refusal is Refusal.ENOUGH


def _ready(person):
    with transaction():
        presence.choose(person, ChosenStatus.READY)


def test_who_waits_in_person_comes_first(giving, write, take, world):
    write()
    _ready(world.agent)
    giving.enter(world.phone_queue_id, channel=Channel.PHONE)
    assert take(world.agent).refusal is Refusal.LIVE


def test_one_rests_before_written_work(giving, write, take, world, clock):
    giving.rule(world.written_queue_id, rest_seconds=120)
    write()
    _ready(world.agent)
    clock.advance(seconds=119)
    assert take(world.agent).refusal is Refusal.REST
    clock.advance(seconds=1)
    assert take(world.agent).ticket is not None


def test_a_request_without_its_visit_keeps_who_holds_it_when_it_waits_again(write, take, world):
    ticket = write()
    take(world.agent)
    with transaction():
        tickets.resolve(ticket, by=world.agent)
    with transaction():
        tickets.reopen(ticket, by=world.agent)
    assert take(world.second_agent).ticket is None
    assert time.now() - _latest(ticket).entered_at < timedelta(minutes=1)
    assert _latest(ticket).wanted_person_id == ticket.assigned_to


def _latest(ticket):
    db.session.expire_all()
    visits = db.session.query(Visit).filter_by(ticket_id=ticket.id)
    return visits.order_by(Visit.id.desc()).first()
