"""A promised call is a visit with the caller's place, a window, a few tries and one outcome."""

from datetime import UTC, datetime, timedelta

import pytest

from contactcenter import clock as times
from contactcenter.db import db
from contactcenter.intake.phone import jobs, offers, promising, records
from contactcenter.intake.phone.rules import promised_until
from contactcenter.outbox import OutboxMessage
from contactcenter.queues import interval_rows, measures
from contactcenter.queues.figures import reconciles
from contactcenter.queues.models import Queue, Source, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.routing_models import RoutingRule
from contactcenter.queues.tally import NOTHING
from contactcenter.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("with_menu")


@pytest.fixture
def offered(within_centre, world, clock):
    """At ten in the morning, the line offers to call back at once."""

    def rule():
        db.session.add(RoutingRule(queue_id=world.phone_queue_id, callback_after_seconds=0))

    within_centre(rule)


@pytest.fixture
def promised(offered, telephone, clock):
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    clock.advance(seconds=90)
    heard = telephone.hear("/phone/wait-key?leg=1", Digits="1", QueueSid="QU1")
    assert heard.find("Leave") is not None


@pytest.fixture
def rung(promised, ready, world, within_centre, look, telephone):
    """The promise rings at an agent, who takes it and picks up."""
    ready(world.agent)

    def take():
        within_centre(offers.offer_calls)
        back = look.calls()[1]
        within_centre(lambda: offers.accept(back.visit_id, by=world.agent))
        telephone.conference(look.calls()[1], "participant-join", "agent")
        return look.calls()[1]

    return take


def _pick_up(telephone, call, within_centre):
    def dialled():
        found = db.session.get(type(call), (call.centre_id, call.id))
        found.call_sid = "CA" + "7" * 32

    within_centre(dialled)
    telephone.conference(call, "participant-join", CallSid="CA" + "7" * 32)


def _answer(telephone, call, within_centre):
    _pick_up(telephone, call, within_centre)
    within_centre(lambda: promising.reach(records.lock_id(call.id)))


def _leg(telephone, call, status):
    name = f"cc-{call.centre_id}-{call.id}-{call.leg}"
    telephone.ask(f"/phone/citizen-leg?conference={name}", CallStatus=status)


@pytest.mark.parametrize(
    ("longest", "closes", "until"),
    [
        (10, (17, 0), (10, 35)),
        (42, (17, 0), (10, 45)),
        (None, (17, 0), (17, 0)),
        (10, (10, 20), None),
        (None, (10, 20), None),
        (500, (17, 0), None),
    ],
)
def test_a_promise_is_honest_and_kept_before_closing(longest, closes, until):
    now = datetime(2026, 3, 2, 10, 3, tzinfo=UTC)
    closing = now.replace(hour=closes[0], minute=closes[1])
    expected = until and now.replace(hour=until[0], minute=until[1])
    assert promised_until(now, longest, closing) == expected


def test_nobody_is_promised_a_call_unless_the_queue_says_so(telephone):
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    assert telephone.hear("/phone/wait?leg=1", QueueSid="QU1").find("Gather") is None


def test_who_hides_their_number_is_not_offered_a_call(offered, telephone):
    telephone.caller = "+266696687"
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    assert telephone.hear("/phone/wait?leg=1", QueueSid="QU1").find("Gather") is None


def test_a_key_keeps_the_place_as_a_visit_of_its_own(promised, telephone, look):
    first, second = look.visits()
    assert (first.outcome, first.state) == (Outcome.CALLBACK, VisitState.OVER)
    assert (second.source, second.state) == (Source.CALLBACK, VisitState.WAITING)
    assert second.virtual_entered_at == first.entered_at
    assert second.interaction_id == first.interaction_id
    assert second.due_at == look.calls()[1].promised_until + timedelta(minutes=10)
    said = telephone.hear("/phone/left?leg=1", QueueResult="leave").findtext("Say")
    assert said.startswith("C’est noté\u00a0: nous vous rappelons à ce numéro avant")


def test_the_key_twice_promises_one_call(promised, telephone, look):
    telephone.hear("/phone/wait-key?leg=1", Digits="1", QueueSid="QU1")
    telephone.ask("/phone/status", CallStatus="completed")
    assert len(look.visits()) == len(look.calls()) == 2
    assert look.visits()[1].state is VisitState.WAITING


def test_the_agent_is_rung_first_then_the_citizen_who_is_then_answered(
    rung, telephone, look, within_centre, sign_in, world
):
    call = rung()
    staged = [each.job for each in look.all(OutboxMessage)]
    assert "intake.call_back" in staged
    assert "intake.move_caller" not in staged
    assert "Nous appelons la personne" in sign_in(world.agent).get("/phone").text
    _answer(telephone, call, within_centre)
    second = look.visits()[1]
    assert (second.outcome, second.answered_by) == (Outcome.ANSWERED, world.agent.id)
    assert len(look.all(Ticket)) == 1
    _leg(telephone, look.calls()[1], "completed")
    assert look.visits()[1].state is VisitState.OVER


def test_the_demand_is_counted_once_and_everything_offered_is_accounted_for(
    rung, telephone, look, within_centre, world
):
    _answer(telephone, rung(), within_centre)

    def count():
        now = times.now()
        span = (now - timedelta(hours=1), now + timedelta(hours=1))
        told = measures.window_figures(world.centre_id, *span, "Europe/Paris")["all"]
        asked = interval_rows.Asked(world.centre_id, [world.phone_queue_id], *span)
        return told, interval_rows.tallies(asked, "queue_id").get(world.phone_queue_id, NOTHING)

    figures, tally = within_centre(count)
    assert (figures["legs_offered"], figures["contacts"], figures["demands"]) == (2, 1, 1)
    assert (figures["service_level"], figures["abandoned"], figures["lost"]) == (1.0, 0, 0)
    assert reconciles(figures)
    assert (tally.offered, tally.arrived, tally.served, tally.on_time.whole) == (2, 1, 1, 1)


def test_who_does_not_answer_is_tried_again_later_and_three_times_at_most(
    rung, telephone, look, clock, within_centre, ready, world
):
    for tries in (1, 2):
        _leg(telephone, rung(), "no-answer")
        assert look.visits()[1].state is VisitState.WAITING
        assert look.calls()[1].tries == tries
        ready(world.agent)
        within_centre(offers.offer_calls)
        assert look.visits()[1].state is VisitState.WAITING  # not yet again
        clock.advance(minutes=10)
        ready(world.agent)
    _leg(telephone, rung(), "busy")
    assert look.visits()[1].outcome is Outcome.CALLBACK_UNREACHED


def test_what_is_told_of_an_earlier_try_changes_nothing(rung, telephone, look):
    before = rung()
    _leg(telephone, before, "no-answer")
    _leg(telephone, before, "no-answer")
    telephone.conference(before, "participant-leave", "agent")
    assert (look.calls()[1].tries, look.calls()[1].ended_at) == (1, None)


def test_an_agent_who_hangs_up_first_breaks_no_promise(rung, telephone, look):
    telephone.conference(rung(), "participant-leave", "agent")
    assert (look.visits()[1].state, look.calls()[1].tries) == (VisitState.WAITING, 0)


def test_a_promise_nobody_kept_is_lost_and_said_so(promised, look, clock, within_centre):
    clock.advance(hours=2)
    within_centre(jobs.break_late_promises)
    assert look.visits()[1].outcome is None  # until closing
    clock.advance(hours=6)
    within_centre(jobs.break_late_promises)
    assert look.visits()[1].outcome is Outcome.CALLBACK_BROKEN
    assert look.calls()[1].ended_at is not None


def test_who_calls_again_waits_in_person_at_the_same_place(promised, telephone, look):
    telephone.sid = "CA" + "2" * 32
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    first, second, third = look.visits()
    assert second.outcome is Outcome.MOVED
    assert (third.state, third.virtual_entered_at) == (VisitState.WAITING, first.entered_at)
    assert third.source is Source.NEW


def test_a_full_line_keeps_whom_it_promised_a_call(offered, telephone, look, within_centre, world):
    def fill():
        db.session.get(Queue, (world.centre_id, world.phone_queue_id)).capacity = 1

    within_centre(fill)
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    telephone.hear("/phone/wait-key?leg=1", Digits="1", QueueSid="QU1")
    assert look.visits()[1].state is VisitState.WAITING
