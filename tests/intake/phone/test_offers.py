"""Which call rings where: one at a time, to whoever is idle longest, with the place kept."""

import threading
from types import SimpleNamespace

import pytest

from contactcenter.db import Scope, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.errors import Conflict
from contactcenter.intake.phone import actions, jobs, offers, records, serving
from contactcenter.intake.phone.models import Offer, OfferResult
from contactcenter.outbox import OutboxMessage
from contactcenter.queues.load import loads
from contactcenter.queues.models import ChosenStatus, Presence, VisitState
from contactcenter.queues.outcomes import Outcome

pytestmark = pytest.mark.usefixtures("with_menu")


@pytest.fixture
def calls_in(telephone):
    """Let so many people call and wait."""

    def come(count=1):
        for number in range(count):
            telephone.sid = f"CA{number:032d}"
            telephone.caller = f"+3363998{number:04d}"
            telephone.hear("/phone/voice")
            telephone.hear("/phone/menu?at=fr0", Digits="1")
            telephone.hear("/phone/wait", QueueSid="QU1")

    return come


@pytest.fixture
def sweep(app, world):
    def once():
        with app.app_context():
            run_sweeps(world.centre_id)

    return once


def _reserved(look):
    return {v.id: v.reserved_for for v in look.visits() if v.state is VisitState.RESERVED}


def test_two_dispatchers_never_give_one_call_twice(app, world, calls_in, ready, look):
    ready(world.agent, world.second_agent, world.manager)
    calls_in(2)
    start = threading.Barrier(4)
    failures = []

    def dispatch():
        try:
            with app.app_context(), within(Scope(world.centre_id)):
                start.wait()
                with transaction():
                    offers.offer_calls()
        except Exception as failed:
            failures.append(failed)

    threads = [threading.Thread(target=dispatch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(_reserved(look)) == 2
    assert len(set(_reserved(look).values())) == 2
    assert len(look.all(Offer)) == 2


def test_who_is_idle_longest_is_rung_first(world, calls_in, ready, within_centre, look, clock):
    ready(world.second_agent)
    clock.advance(seconds=30)
    ready(world.agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    assert list(_reserved(look).values()) == [world.second_agent.id]


def test_who_has_no_page_open_is_not_rung(world, calls_in, ready, within_centre, look, clock):
    ready(world.agent)
    clock.advance(minutes=5)
    calls_in(1)
    within_centre(offers.offer_calls)
    assert _reserved(look) == {}


def test_the_longest_wait_rings_first(world, calls_in, ready, within_centre, look, clock):
    calls_in(1)
    clock.advance(seconds=20)
    calls_in(2)
    ready(world.agent)
    within_centre(offers.offer_calls)
    assert list(_reserved(look)) == [look.visits()[0].id]


def test_an_offer_nobody_takes_keeps_the_place_and_sets_the_agent_away(
    world, calls_in, ready, within_centre, look, clock, sweep
):
    ready(world.agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    came_at = look.visits()[0].entered_at
    clock.advance(seconds=21)
    sweep()
    visit, offer, presence = look.visits()[0], look.all(Offer)[0], look.all(Presence)[0]
    assert (visit.state, visit.entered_at) == (VisitState.WAITING, came_at)
    assert offer.result is OfferResult.UNANSWERED
    assert presence.status is ChosenStatus.OFFLINE


def test_who_did_not_answer_is_told_so_and_has_one_button_back_at_the_counter(
    world, calls_in, ready, within_centre, clock, sweep, sign_in
):
    agent = sign_in(world.agent)
    agent.post("/counter/place", data={"counter": world.counter_id})
    ready(world.agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    clock.advance(seconds=21)
    with clock.running():
        sweep()
    clock.advance(seconds=20)
    assert "vous n’avez pas répondu" in agent.get("/phone").text
    assert "Me remettre disponible" in agent.get("/counter").text
    agent.post("/desk/availability", data={"status": "ready", "next": "/counter"})
    assert "Me remettre disponible" not in agent.get("/counter").text


def test_an_offer_nobody_takes_rings_at_the_next(
    world, calls_in, ready, within_centre, look, clock, sweep
):
    ready(world.agent, world.second_agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    first = next(iter(_reserved(look).values()))
    clock.advance(seconds=21)
    sweep()
    sweep()
    second = next(iter(_reserved(look).values()))
    assert {first, second} == {world.agent.id, world.second_agent.id}


def test_whoever_declines_is_left_alone_for_a_moment(
    world, calls_in, ready, within_centre, look, clock
):
    ready(world.agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    visit_id = look.visits()[0].id
    within_centre(lambda: offers.decline(visit_id, by=world.agent))
    within_centre(offers.offer_calls)
    assert _reserved(look) == {}
    clock.advance(seconds=31)
    within_centre(offers.offer_calls)
    assert _reserved(look) == {visit_id: world.agent.id}


def test_only_the_one_it_rings_for_may_take_it(world, calls_in, ready, within_centre, look):
    ready(world.agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    visit_id = look.visits()[0].id
    with pytest.raises(Conflict):
        within_centre(lambda: offers.accept(visit_id, by=world.second_agent))


def test_who_hangs_up_while_it_rings_is_no_longer_offered(
    telephone, world, calls_in, ready, within_centre, look
):
    ready(world.agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    telephone.ask("/phone/left", QueueResult="hangup")
    assert look.visits()[0].outcome is Outcome.ABANDONED_SHORT
    assert look.all(Offer)[0].result is OfferResult.CALLER_LEFT
    with pytest.raises(Conflict):
        within_centre(lambda: offers.accept(look.visits()[0].id, by=world.agent))


def _accepted(world, calls_in, ready, within_centre, look):
    ready(world.agent)
    calls_in(1)
    within_centre(offers.offer_calls)
    call = look.calls()[0]
    within_centre(lambda: offers.accept(call.visit_id, by=world.agent))
    return call


def test_an_agent_who_joins_after_the_caller_left_is_let_go(
    telephone, world, calls_in, ready, within_centre, look
):
    call = _accepted(world, calls_in, ready, within_centre, look)
    telephone.ask("/phone/left", QueueResult="hangup")
    telephone.conference(call, "participant-join", "agent")
    assert look.visits()[0].outcome is Outcome.ABANDONED_SHORT
    staged = [row.job for row in look.all(OutboxMessage)]
    assert "intake.hang_up" in staged


def test_a_caller_gone_in_the_window_frees_the_agent(
    operator, world, calls_in, ready, within_centre, look, clock
):
    call = _accepted(world, calls_in, ready, within_centre, look)
    clock.advance(seconds=30)
    within_centre(lambda: jobs.move_caller(call.id))
    within_centre(lambda: jobs.move_caller(call.id))
    assert look.visits()[0].outcome is Outcome.ABANDONED
    assert look.calls()[0].wrapped_at is not None


def _carried(operator, call):
    """The network holds this call."""
    line = SimpleNamespace(
        sid=call.call_sid,
        status="in-progress",
        caller="",
        called="",
        direction="inbound",
        is_over=False,
    )
    operator.network.calls[call.call_sid] = line
    return line


def _talking(telephone, world, calls_in, ready, within_centre, look):
    call = _accepted(world, calls_in, ready, within_centre, look)
    telephone.join_both(call)
    return call


def test_a_talk_the_operator_does_not_know_of_any_more_is_over(
    operator, telephone, world, calls_in, ready, within_centre, look, clock
):
    call = _talking(telephone, world, calls_in, ready, within_centre, look)
    heard_at = look.calls()[0].heard_at
    clock.advance(minutes=3)
    within_centre(jobs.look_for_talks)
    within_centre(lambda: jobs.ask_after(call.id))
    visit = look.visits()[0]
    assert (visit.state, visit.outcome) == (VisitState.OVER, Outcome.ANSWERED)
    assert visit.ended_at == look.calls()[0].ended_at == heard_at


def test_a_talk_the_operator_still_carries_goes_on(
    operator, telephone, world, calls_in, ready, within_centre, look, clock
):
    call = _talking(telephone, world, calls_in, ready, within_centre, look)
    _carried(operator, call)
    clock.advance(minutes=3)
    within_centre(lambda: jobs.ask_after(call.id))
    assert look.visits()[0].state is VisitState.SERVING
    assert look.calls()[0].heard_at == clock.time


def test_a_talk_is_asked_after_every_two_minutes_and_ends_within_four_hours(
    telephone, world, calls_in, ready, within_centre, look, clock
):
    _talking(telephone, world, calls_in, ready, within_centre, look)
    for minutes, staged in ((1, 0), (2, 1), (1, 1), (2, 2)):
        clock.advance(minutes=minutes)
        within_centre(jobs.look_for_talks)
        asked = [row for row in look.all(OutboxMessage) if row.job == "intake.ask_after"]
        assert len(asked) == staged
    clock.advance(hours=4)
    within_centre(jobs.look_for_talks)
    assert look.visits()[0].state is VisitState.OVER


def test_hanging_up_ends_the_line_and_is_done_when_it_is_over_or_unknown(
    operator, world, calls_in, within_centre, look
):
    calls_in(1)
    call = look.calls()[0]
    line = _carried(operator, call)
    line.hang_up = lambda: setattr(line, "is_over", True)
    within_centre(lambda: jobs.hang_up(call.id))
    assert line.is_over
    within_centre(lambda: jobs.hang_up(call.id))
    del operator.network.calls[call.call_sid]
    within_centre(lambda: jobs.hang_up(call.id))


def test_telephones_that_cannot_be_brought_together_put_the_call_back(
    world, calls_in, ready, within_centre, look, clock, sweep
):
    _accepted(world, calls_in, ready, within_centre, look)
    clock.advance(seconds=61)
    sweep()
    visit = look.visits()[0]
    assert visit.outcome is None
    assert look.all(Presence)[0].status is ChosenStatus.READY


def test_no_second_call_rings_until_the_first_is_noted(
    telephone, world, calls_in, ready, within_centre, look, clock
):
    call = _accepted(world, calls_in, ready, within_centre, look)
    telephone.hear("/phone/conference")
    telephone.join_both(call)
    telephone.ask("/phone/status", CallStatus="completed")
    telephone.sid = "CA" + "9" * 32
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait", QueueSid="QU1")
    within_centre(offers.offer_calls)
    assert _reserved(look) == {}
    assert _writing_up(world, within_centre, clock) == 1
    within_centre(lambda: serving.wrap_up(call.id, "Dit.", by=world.agent, is_settled=True))
    assert _writing_up(world, within_centre, clock) == 0
    within_centre(offers.offer_calls)
    assert list(_reserved(look).values()) == [world.agent.id]


def test_the_time_to_note_is_short(telephone, world, calls_in, ready, within_centre, look, clock):
    call = _accepted(world, calls_in, ready, within_centre, look)
    telephone.join_both(call)
    telephone.ask("/phone/status", CallStatus="completed")
    telephone.sid = "CA" + "9" * 32
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait", QueueSid="QU1")
    clock.advance(seconds=80)
    ready(world.agent)
    within_centre(offers.offer_calls)
    assert _reserved(look) == {}
    clock.advance(seconds=11)
    within_centre(offers.offer_calls)
    assert list(_reserved(look).values()) == [world.agent.id]


def test_a_call_is_known_again_by_its_id(world, calls_in, within_centre, look):
    calls_in(1)
    call = look.calls()[0]
    within_centre(lambda: actions.give_up(records.lock_id(call.id)))
    within_centre(lambda: actions.give_up(records.lock_id(call.id)))
    assert look.visits()[0].outcome is Outcome.ABANDONED_SHORT


def _writing_up(world, within_centre, clock):
    """How many agents of the telephone write up a call, as the board counts them."""
    found = within_centre(
        lambda: loads(world.centre_id, [world.phone_queue_id], clock.time, clock.time)
    )
    return found[world.phone_queue_id].wrap_up
