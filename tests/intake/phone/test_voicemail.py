"""A promised call that a voicemail took is not answered: the agent says so, the promise stays."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.db import db
from contactcenter.intake.phone import jobs, offers, promising, records
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.routing_models import RoutingRule
from contactcenter.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("with_menu")
CITIZEN_SID = "CA" + "7" * 32


@pytest.fixture
def picked_up(within_centre, world, telephone, look, sign_in, clock):
    """An agent’s page: the agent is on the telephone, and something picked up the promised call."""
    within_centre(
        lambda: db.session.add(RoutingRule(queue_id=world.phone_queue_id, callback_after_seconds=0))
    )
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    clock.advance(seconds=90)
    telephone.hear("/phone/wait-key?leg=1", Digits="1", QueueSid="QU1")
    agent = sign_in(world.agent)
    agent.get("/phone")
    agent.post("/desk/availability", data={"status": "ready", "next": "/phone"})
    within_centre(offers.offer_calls)
    agent.post(f"/phone/offers/{look.visits()[1].id}/acceptance")
    telephone.conference(look.calls()[1], "participant-join", "agent")
    telephone.conference(look.calls()[1], "participant-join", CallSid=CITIZEN_SID)
    return agent


def _say(agent, look, word):
    return agent.post(f"/phone/calls/{look.calls()[1].id}/{word}", follow_redirects=True)


def test_a_voicemail_counts_as_a_try_and_the_call_stays_promised(picked_up, look, clock):
    assert "Pas joint (répondeur)" in picked_up.get("/phone").text
    said = _say(picked_up, look, "unreached").text
    visit, call = look.visits()[1], look.calls()[1]
    assert (visit.outcome, visit.state, call.tries) == (None, VisitState.WAITING, 1)
    assert (call.leg, call.ended_at, call.call_sid) == (2, None, None)
    assert look.all(Ticket) == []
    assert "la personne attend toujours d’être rappelée" in said
    assert call.try_after == times.now() + timedelta(minutes=10)
    assert _say(picked_up, look, "unreached").status_code == 404


def test_the_last_voicemail_ends_the_promise_as_unreached(picked_up, look, within_centre):
    def tried():
        records.lock_id(look.calls()[1].id).tries = promising.MOST_TRIES - 1

    within_centre(tried)
    assert "C’est le dernier essai" in picked_up.get("/phone").text
    assert "Pas joint au dernier essai" in _say(picked_up, look, "unreached").text
    assert look.visits()[1].outcome is Outcome.CALLBACK_UNREACHED


def test_with_the_agent_s_word_the_talk_begins_when_both_were_there(picked_up, look, clock):
    both = times.now()
    clock.advance(seconds=20)
    assert "Raccrocher" in _say(picked_up, look, "reached").text
    visit = look.visits()[1]
    assert (visit.outcome, visit.answered_at) == (Outcome.ANSWERED, both)
    assert _say(picked_up, look, "unreached").status_code == 409


def test_who_says_nothing_talked_to_the_person(picked_up, look, clock, within_centre):
    clock.advance(seconds=59)
    within_centre(jobs.expire_offers)
    assert look.visits()[1].outcome is None
    clock.advance(seconds=2)
    within_centre(jobs.expire_offers)
    assert look.visits()[1].outcome is Outcome.ANSWERED
    assert "Raccrocher" in picked_up.get("/phone").text


def test_after_hanging_up_it_can_still_be_said_that_it_was_a_voicemail(
    picked_up, look, telephone, clock
):
    clock.advance(seconds=30)
    telephone.conference(look.calls()[1], "participant-leave", "agent")
    assert "avez-vous parlé à la personne" in picked_up.get("/phone").text
    clock.advance(seconds=40)
    _say(picked_up, look, "unreached")
    assert look.visits()[1].state is VisitState.WAITING


def test_a_talk_that_was_over_before_the_word_ended_when_it_was_over(
    picked_up, look, telephone, clock
):
    clock.advance(seconds=30)
    telephone.conference(look.calls()[1], "participant-leave", "agent")
    clock.advance(seconds=20)
    _say(picked_up, look, "reached")
    visit = look.visits()[1]
    assert (visit.state, visit.ended_at - visit.answered_at) == (
        VisitState.OVER,
        timedelta(seconds=30),
    )
