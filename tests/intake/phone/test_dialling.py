"""A telephone that we ring is rung once, whoever is cut short, and nothing is held meanwhile."""

import socket
import threading

import pytest

from contactcenter.db import db
from contactcenter.intake.phone import jobs, offers, promising
from contactcenter.outbox import OutboxMessage
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.routing_models import RoutingRule

pytestmark = pytest.mark.usefixtures("with_menu")
CITIZEN_SID = "CA" + "7" * 32


@pytest.fixture
def accepted(telephone, world, ready, look, within_centre):
    """A caller in the conference; the agent's telephone is still to be rung."""
    ready(world.agent)
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    within_centre(offers.offer_calls)
    within_centre(lambda: offers.accept(look.visits()[0].id, by=world.agent))
    telephone.hear("/phone/conference?leg=1")
    return look.calls()[0]


@pytest.fixture
def promised(within_centre, world, telephone, look, ready, clock):
    """Of a promised call: the agent is there, the citizen is still to be rung."""
    within_centre(
        lambda: db.session.add(RoutingRule(queue_id=world.phone_queue_id, callback_after_seconds=0))
    )
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    clock.advance(seconds=90)
    telephone.hear("/phone/wait-key?leg=1", Digits="1", QueueSid="QU1")
    ready(world.agent)
    within_centre(offers.offer_calls)
    within_centre(lambda: offers.accept(look.visits()[1].id, by=world.agent))
    telephone.conference(look.calls()[1], "participant-join", "agent")
    return look.calls()[1]


def _staged(look, job):
    return [row.arguments for row in look.all(OutboxMessage) if row.job == job]


def test_who_is_cut_short_while_dialling_rings_no_agent_twice(
    operator, accepted, errand, within_centre, look, clock
):
    within_centre(lambda: jobs.bring_agent(accepted.id))  # and the worker dies before its errand
    errand(lambda: jobs.bring_agent(accepted.id))
    assert operator.network.calls == {}
    clock.advance(seconds=61)
    within_centre(offers.expire)
    call = look.calls()[0]
    assert (call.leg, call.agent_dialled_at) == (2, None)
    assert look.visits()[0].state is VisitState.WAITING


def test_a_dialling_that_is_rolled_back_has_rung_nobody(operator, accepted, within_centre, look):
    def cut_short():
        jobs.bring_agent(accepted.id)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        within_centre(cut_short)
    assert operator.network.calls == {}
    assert look.calls()[0].agent_dialled_at is None


def test_the_promised_citizen_is_rung_once_even_by_two_workers(operator, promised, errand, look):
    for _twice in range(2):
        errand(lambda: jobs.call_back(promised.id, promised.leg))
    [rung] = operator.network.calls.values()
    assert (rung.called, look.calls()[1].call_sid) == (promised.caller, rung.sid)


def test_where_it_is_unknown_whether_it_rings_the_operator_tells_whose_call_it_is(
    settings, promised, errand, look, telephone
):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.twilio_api_base = f"http://127.0.0.1:{mute.getsockname()[1]}"
        threading.Thread(target=lambda: mute.accept()[0].close(), daemon=True).start()
        errand(lambda: jobs.call_back(promised.id, promised.leg))
    settings.twilio_api_base = ""
    assert look.calls()[1].call_sid is None
    assert _staged(look, "intake.call_back") == [{"call_id": promised.id, "leg": promised.leg}]
    telephone.conference(promised, "participant-join", CallSid=CITIZEN_SID)
    assert look.calls()[1].call_sid == CITIZEN_SID


def test_whoever_answers_a_ring_that_was_given_up_is_let_go(
    promised, within_centre, telephone, look
):
    within_centre(lambda: promising.miss(jobs.records.lock_id(promised.id)))
    telephone.conference(promised, "participant-join", CallSid=CITIZEN_SID)
    assert {"call_sid": CITIZEN_SID} in _staged(look, "intake.let_go")
    assert look.visits()[1].outcome is None


def test_where_our_account_is_refused_it_is_asked_again_and_blames_no_telephone(
    settings, operator, accepted, errand, look
):
    settings.twilio_account_sid, kept = "", settings.twilio_account_sid
    errand(lambda: jobs.bring_agent(accepted.id))
    settings.twilio_account_sid = kept
    call = look.calls()[0]
    assert (call.leg, call.agent_dialled_at) == (1, None)
    assert len(_staged(look, "intake.bring_agent")) == 2
    errand(lambda: jobs.bring_agent(accepted.id))
    assert len(operator.network.calls) == 1


def test_an_expert_who_never_came_to_the_telephone_gives_the_caller_back(
    accepted, telephone, within_centre, look, clock, world
):
    def taken():
        """As an expert takes a question: answered before they are on the telephone."""
        visit = jobs.records.visit_of(jobs.records.lock_id(accepted.id))
        queue = jobs.records.queue_named(look.calls()[0], visit.queue_id)
        jobs.handing.queues.release(visit)
        following = jobs.handing.queues.move(visit, queue, by=None)
        following.previous_id = visit.id
        jobs.records.lock_id(accepted.id).visit_id = following.id
        jobs.handing.queues.answer(following, by=world.agent)

    within_centre(taken)
    within_centre(jobs.take_back_from_experts)
    assert look.visits()[-1].state is VisitState.SERVING
    clock.advance(seconds=61)
    for _twice in range(2):
        within_centre(jobs.take_back_from_experts)
    assert look.visits()[-1].outcome is None
    assert [visit.outcome for visit in look.visits()[:2]] == [Outcome.MOVED, Outcome.ANSWERED]
