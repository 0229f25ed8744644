"""Answered is who talked to somebody: nobody else is counted so, nor left alone with the music."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from contactcenter.intake.phone import jobs, offers, posts
from contactcenter.intake.phone.models import Offer, OfferResult
from contactcenter.outbox import OutboxMessage
from contactcenter.queues.models import ChosenStatus, Presence, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.rehearsal.twilio.rooms import Room
from contactcenter.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("with_menu")
AGENT_SID = "CA" + "a" * 32


@pytest.fixture
def alone(telephone, world, ready, look, within_centre):
    """A caller in the conference, whose agent took the call and does not pick up."""
    ready(world.agent)
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    within_centre(offers.offer_calls)
    within_centre(lambda: offers.accept(look.visits()[0].id, by=world.agent))
    telephone.hear("/phone/conference?leg=1")
    telephone.conference(look.calls()[0], "participant-join")
    return look.calls()[0]


def _agent_leg(telephone, call, status):
    name = f"cc-{call.centre_id}-{call.id}-{call.leg}"
    telephone.ask(f"/phone/agent-leg?conference={name}", CallStatus=status, CallSid=AGENT_SID)


def _staged(look, job):
    return [row.arguments for row in look.all(OutboxMessage) if row.job == job]


def test_who_hears_nothing_but_music_and_hangs_up_has_abandoned(
    alone, telephone, look, clock, within_centre
):
    clock.advance(seconds=50)
    telephone.hear("/phone/over?leg=1", DialCallStatus="completed")
    clock.advance(seconds=6)
    within_centre(jobs.believe_lost_callbacks)
    visit = look.visits()[0]
    assert (visit.outcome, visit.state) == (Outcome.ABANDONED, VisitState.OVER)
    assert visit.left_at - visit.entered_at == timedelta(seconds=50)
    assert look.all(Ticket) == []
    assert look.all(Receipt)[0].fate is Fate.REJECTED
    assert _staged(look, "intake.hang_up")  # the agent's telephone rings no more


def test_an_agent_who_picks_up_after_that_answers_nobody(
    alone, telephone, look, clock, within_centre
):
    clock.advance(seconds=50)
    telephone.ask("/phone/status", CallStatus="completed")
    clock.advance(seconds=6)
    within_centre(jobs.believe_lost_callbacks)
    telephone.conference(alone, "participant-join", "agent")
    assert look.visits()[0].outcome is Outcome.ABANDONED


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
def test_where_an_agent_s_telephone_stays_silent_the_call_rings_elsewhere(
    alone, telephone, look, within_centre, ready, world, status, sign_in
):
    for _twice in range(2):
        _agent_leg(telephone, alone, status)
    call, visit = look.calls()[0], look.visits()[0]
    assert (call.leg, call.joined_at, visit.state) == (2, None, VisitState.WAITING)
    assert _staged(look, "intake.send_on") == [{"call_id": call.id, "leg": 2}]
    assert [offer.result for offer in look.all(Offer)] == [OfferResult.SILENT_POST]
    assert look.all(Presence)[0].status is ChosenStatus.OFFLINE
    page = sign_in(world.agent).get("/phone").text
    assert "Votre poste n’a pas répondu" in page
    assert telephone.hear("/phone/conference?leg=2").find("Enqueue") is not None
    telephone.hear("/phone/wait?leg=2", QueueSid="QU2")
    ready(world.second_agent)
    within_centre(offers.offer_calls)
    again = look.visits()[0]
    assert (again.reserved_for, again.entered_at) == (world.second_agent.id, visit.entered_at)


def test_when_nobody_tells_of_that_silence_it_ends_after_a_minute(
    alone, telephone, look, clock, within_centre
):
    clock.advance(seconds=61)
    within_centre(offers.expire)
    assert (look.visits()[0].state, look.calls()[0].leg) == (VisitState.WAITING, 2)
    assert look.all(Presence)[0].status is ChosenStatus.OFFLINE


def test_a_telephone_that_was_picked_up_and_put_down_was_there(alone, telephone, look):
    name = f"cc-{alone.centre_id}-{alone.id}-1"
    its = {"CallSid": AGENT_SID, "To": "client:person-1"}
    telephone.ask(f"/phone/agent-leg?conference={name}", CallStatus="completed", **its)
    visit = look.visits()[0]
    assert (visit.outcome, visit.state) == (Outcome.ANSWERED, VisitState.OVER)


def test_an_agent_nobody_told_us_of_is_asked_after(
    alone, operator, telephone, look, clock, within_centre
):
    def rung():
        jobs.records.lock_id(alone.id).agent_sid = AGENT_SID

    within_centre(rung)
    clock.advance(seconds=11)
    within_centre(jobs.look_for_agents)
    within_centre(jobs.look_for_agents)
    assert _staged(look, "intake.look_for_agent") == [{"call_id": alone.id}]
    within_centre(lambda: jobs.look_for_agent(alone.id))
    assert look.visits()[0].outcome is None  # not in the conference
    room = Room("cc", "", lambda *_told: None, sid="CF" + "1" * 32)
    room.members["agent"] = SimpleNamespace(sid=AGENT_SID, status="in-progress", is_held=False)
    operator.network._rooms["cc"] = room
    within_centre(lambda: jobs.look_for_agent(alone.id))
    assert look.visits()[0].outcome is Outcome.ANSWERED


@pytest.mark.parametrize("digits", ["", "2"])
def test_a_number_is_taken_by_a_key_which_a_voicemail_has_not(alone, telephone, look, digits):
    name = f"cc-{alone.centre_id}-{alone.id}-1"
    its = {"CallSid": AGENT_SID, "To": "+33199001234", "Direction": "outbound-api"}
    asked = telephone.hear(f"/phone/post-key?conference={name}", Digits=digits, **its)
    assert [verb.tag for verb in asked] == ["Gather", "Hangup"]
    assert asked.find("Gather").findtext("Say").endswith("pour le prendre, tapez 1.")
    assert look.visits()[0].outcome is None
    telephone.ask(f"/phone/agent-leg?conference={name}", CallStatus="completed", **its)
    assert look.visits()[0].state is VisitState.WAITING
    assert look.all(Offer)[0].result is OfferResult.SILENT_POST
    late = telephone.hear(f"/phone/post-key?conference={name}", Digits="1", **its)
    assert [verb.tag for verb in late] == ["Hangup"]


def test_with_the_key_the_agent_is_in_the_conference(alone, telephone, look):
    name = f"cc-{alone.centre_id}-{alone.id}-1"
    taken = telephone.hear(f"/phone/post-key?conference={name}", Digits="1", CallSid=AGENT_SID)
    conference = taken.find("Dial/Conference")
    assert (conference.text, conference.get("participantLabel")) == (name, "agent")
    assert look.visits()[0].outcome is Outcome.ANSWERED


def test_only_a_number_is_asked_for_a_key(alone, operator, within_centre, errand, world):
    within_centre(lambda: posts.set_number(world.agent, "01 99 00 12 34"))
    errand(lambda: jobs.bring_agent(alone.id))
    [rung] = operator.network.calls.values()
    assert (rung.called, list(rung.plan.digits)) == ("+33199001234", ["1"])
