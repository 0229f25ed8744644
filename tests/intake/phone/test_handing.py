"""A caller on hold, and one who is handed on: counted once in each line, with the place kept."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.accounts.models import Membership
from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps
from contactcenter.escalation import actions as escalation
from contactcenter.escalation.models import Referral
from contactcenter.escalation.staffing_models import DutyShift
from contactcenter.intake.phone import handing, jobs, offers
from contactcenter.outbox import OutboxMessage
from contactcenter.queues import interval_rows, measures, presence
from contactcenter.queues.models import ChosenStatus, Queue, QueueKind, Source, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.overflow import overflow
from contactcenter.queues.routing_models import RoutingRule
from contactcenter.tickets.models import Message, Ticket

pytestmark = pytest.mark.usefixtures("with_menu")


@pytest.fixture
def other_line(within_centre):
    """A second line, which nobody serves yet."""

    def make():
        line = Queue(name="Logement", kind=QueueKind.PHONE, threshold_seconds=60, short_seconds=5)
        db.session.add(line)
        db.session.flush()
        return line.id

    return within_centre(make)


@pytest.fixture
def on_duty(within_centre, world):
    def begin():
        shift = DutyShift(team_id=world.team_id, person_id=world.referent.id, weekday=0)
        shift.from_minute, shift.to_minute = 0, 24 * 60
        db.session.add(shift)
        presence.choose(world.referent, ChosenStatus.READY)

    within_centre(begin)


def _staged(look, job):
    return [each.arguments for each in look.all(OutboxMessage) if each.job == job]


def _transfer(agent, look, to, **form):
    call = look.calls()[0]
    return agent.post(f"/phone/calls/{call.id}/transfer", data={"to": to, **form})


def _figures(world):
    now = times.now()
    return measures.window_figures(
        world.centre_id, now - timedelta(hours=1), now + timedelta(hours=1), "Europe/Paris"
    )


def test_a_hold_is_told_to_the_operator_and_measured_apart(
    talking, look, clock, within_centre, world
):
    call = look.calls()[0]
    clock.advance(seconds=60)
    talking.post(f"/phone/calls/{call.id}/hold", data={"text": "Cherche le dossier."})
    clock.advance(seconds=40)
    page = talking.get("/phone").text
    assert "Reprendre l’appel" in page
    assert "Cherche le dossier." in page
    talking.post(f"/phone/calls/{call.id}/hold/end")
    clock.advance(seconds=20)
    talking.post(f"/phone/calls/{call.id}/end")
    assert _staged(look, "intake.set_hold") == [{"call_id": call.id}] * 2
    figures = within_centre(lambda: _figures(world))["all"]
    assert (figures["aht_s"], figures["held"], figures["hold_s"]) == (120, 1, 40)


def test_hanging_up_ends_a_hold_and_the_kept_quarter_hours_know_it(
    talking, look, clock, within_centre, world
):
    call = look.calls()[0]
    for _twice in range(2):
        talking.post(f"/phone/calls/{call.id}/hold")
    clock.advance(seconds=30)
    talking.post(f"/phone/calls/{call.id}/end")

    def held():
        now = times.now()
        queues = [world.phone_queue_id]
        asked = interval_rows.Asked(world.centre_id, queues, now - timedelta(hours=1), now)
        return interval_rows.tallies(asked, "queue_id")[world.phone_queue_id].mean_held_seconds

    assert within_centre(held) == 30
    within_centre(interval_rows.rebuild)
    assert within_centre(held) == 30


def test_who_left_cannot_be_held(talking, look):
    call = look.calls()[0]
    talking.post(f"/phone/calls/{call.id}/end")
    assert talking.post(f"/phone/calls/{call.id}/hold").status_code == 409


def test_a_colleague_cannot_hold_or_hand_on_my_call(talking, sign_in, world, look):
    other = sign_in(world.second_agent)
    call = look.calls()[0]
    assert other.post(f"/phone/calls/{call.id}/hold").status_code == 404
    to = f"queue-{world.phone_queue_id}"
    assert other.post(f"/phone/calls/{call.id}/transfer", data={"to": to}).status_code == 404


def test_to_another_line_the_place_the_words_and_the_request_go_along(
    talking, telephone, look, other_line, clock
):
    clock.advance(seconds=90)
    _transfer(talking, look, f"queue-{other_line}", text="Veut un logement.")
    first, second = look.visits()
    assert (first.outcome, first.state) == (Outcome.ANSWERED, VisitState.OVER)
    assert first.transferred_at is not None
    assert (second.source, second.previous_id) == (Source.TRANSFER, first.id)
    assert second.virtual_entered_at == first.entered_at
    assert (second.interaction_id, second.ticket_id) == (first.interaction_id, first.ticket_id)
    ticket = look.all(Ticket)[0]
    assert (ticket.queue_id, ticket.assigned_to) == (other_line, None)
    assert look.all(Message)[-1].text == "Veut un logement."
    enqueue = telephone.hear("/phone/conference?leg=2").find("Enqueue")
    assert enqueue.text == f"q-{second.centre_id}-{other_line}"
    assert "Le prochain appel sonne ici" in talking.get("/phone").text


def test_both_stays_are_counted_and_the_demand_once(
    talking, telephone, look, other_line, within_centre, world, clock
):
    clock.advance(seconds=90)
    _transfer(talking, look, f"queue-{other_line}")
    clock.advance(seconds=30)
    telephone.ask("/phone/status", CallStatus="completed")
    figures = within_centre(lambda: _figures(world))
    everything, housing = figures["all"], figures["queue:Logement"]
    assert (everything["legs_offered"], everything["contacts"], everything["demands"]) == (2, 1, 1)
    assert (everything["transferred_out"], everything["handled"]) == (1, 0)
    assert (housing["abandoned"], housing["lost_after_transfer"]) == (1, 1)
    assert everything["offered_by_source"] == {"new": 1, "transfer": 1}


def test_what_is_told_late_of_the_talk_before_changes_nothing(talking, telephone, look, other_line):
    before = look.calls()[0]
    _transfer(talking, look, f"queue-{other_line}")
    for event in ("participant-leave", "conference-end", "participant-join"):
        telephone.conference(before, event)
    telephone.hear("/phone/over?leg=1", DialCallStatus="completed")
    telephone.hear("/phone/left?leg=1", QueueResult="hangup")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU-old")
    call, second = look.calls()[0], look.visits()[1]
    assert (call.ended_at, call.joined_at, call.queue_sid) == (None, None, None)
    assert (second.state, second.outcome) == (VisitState.WAITING, None)


def test_a_telephone_of_the_talk_before_that_joins_late_is_let_go(
    talking, telephone, look, other_line
):
    before = look.calls()[0]
    _transfer(talking, look, f"queue-{other_line}")
    telephone.conference(before, "participant-join", "agent", CallSid="CA" + "b" * 32)
    assert _staged(look, "intake.let_go")[-1] == {"call_sid": "CA" + "b" * 32}


def test_a_transfer_asked_for_twice_is_one(talking, look, other_line):
    call = look.calls()[0]
    for _twice in range(2):
        last = talking.post(f"/phone/calls/{call.id}/transfer", data={"to": f"queue-{other_line}"})
    assert last.status_code == 404  # it is no longer this agent's call
    assert len(look.visits()) == 2


def test_a_full_line_takes_no_transfer_and_the_talk_goes_on(
    talking, look, other_line, within_centre, world
):
    def fill():
        db.session.get(Queue, (world.centre_id, other_line)).capacity = 0

    within_centre(fill)
    assert _transfer(talking, look, f"queue-{other_line}").status_code == 409
    assert look.visits()[0].state is VisitState.SERVING


def test_to_a_colleague_the_call_rings_there_and_opens_the_same_request(
    talking, telephone, look, ready, world, within_centre, sign_in
):
    ready(world.second_agent)
    assert f'value="person-{world.second_agent.id}"' in talking.get("/phone").text
    _transfer(talking, look, f"person-{world.second_agent.id}")
    telephone.hear("/phone/wait?leg=2", QueueSid="QU2")
    within_centre(offers.offer_calls)
    second = look.visits()[1]
    assert (second.state, second.reserved_for) == (VisitState.RESERVED, world.second_agent.id)
    colleague = sign_in(world.second_agent)
    assert f"transféré par {world.agent.name}" in colleague.get("/phone").text
    colleague.post(f"/phone/offers/{second.id}/acceptance")
    telephone.join_both(look.calls()[0])
    first, second = look.visits()
    assert (second.outcome, second.ticket_id) == (Outcome.ANSWERED, first.ticket_id)
    assert look.all(Ticket)[0].assigned_to == world.second_agent.id
    assert len(look.all(Ticket)) == 1


def test_a_colleague_who_takes_no_calls_cannot_be_chosen(talking, look, world):
    assert _transfer(talking, look, f"person-{world.second_agent.id}").status_code == 409


def _hand_to_expert(talking, look, world):
    answer = _transfer(talking, look, f"team-{world.team_id}", text="Preuve ?", may_share="on")
    assert answer.status_code == 303, answer.text
    return look.visits()[1]


def test_to_the_expert_on_duty_who_talks_to_the_caller_once_they_take_it(
    talking, telephone, look, on_duty, world, within_centre, app, worker
):
    waiting = _hand_to_expert(talking, look, world)
    assert (waiting.source, waiting.state) == (Source.TRANSFER, VisitState.WAITING)
    assert waiting.virtual_entered_at == look.visits()[0].entered_at
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        referral = db.session.scalars(db.select(Referral)).one()
        escalation.take(referral, by=world.referent)
        db.session.commit()
    within_centre(lambda: handing.connect_expert(waiting.id))
    assert look.calls()[0].accepted_by is None  # still on the way to the line
    telephone.hear("/phone/wait?leg=2", QueueSid="QU2")
    assert _staged(look, "intake.connect_expert")[-1] == {"visit_id": waiting.id}
    for _twice in range(2):
        within_centre(lambda: handing.connect_expert(waiting.id))
    call = look.calls()[0]
    assert call.accepted_by == world.referent.id
    assert telephone.hear("/phone/left?leg=2", QueueResult="redirected").find("Dial") is not None
    telephone.join_both(call)
    telephone.conference(call, "participant-leave")
    assert [visit.state for visit in look.visits()] == [VisitState.OVER] * 2
    assert [visit.outcome for visit in look.visits()] == [Outcome.ANSWERED] * 2


def test_when_no_expert_takes_it_the_caller_goes_back_to_the_line_at_their_place(
    talking, telephone, look, on_duty, world, within_centre, clock, app
):
    waiting = _hand_to_expert(talking, look, world)
    clock.advance(minutes=11)
    telephone.hear("/phone/wait?leg=2", QueueSid="QU2")
    with app.app_context():
        run_sweeps(world.centre_id)
    within_centre(lambda: handing.come_back(waiting.id))
    within_centre(lambda: handing.come_back(waiting.id))
    first, asked, again = look.visits()
    assert asked.outcome is Outcome.TIMEOUT
    assert (again.queue_id, again.source) == (first.queue_id, Source.RETURN)
    assert again.virtual_entered_at == first.entered_at
    assert look.calls()[0].visit_id == again.id


def test_an_expert_whose_telephone_is_silent_is_not_waited_for(
    talking, telephone, look, on_duty, world, within_centre
):
    waiting = _hand_to_expert(talking, look, world)

    def take():
        referral = db.session.scalars(db.select(Referral)).one()
        escalation.take(referral, by=world.referent)

    telephone.hear("/phone/wait?leg=2", QueueSid="QU2")
    within_centre(take)
    within_centre(lambda: handing.connect_expert(waiting.id))
    call = look.calls()[0]
    leg = f"/phone/agent-leg?conference=cc-{call.centre_id}-{call.id}-{call.leg}"
    telephone.ask(leg, CallStatus="no-answer")
    assert _staged(look, "intake.come_back")[-1] == {"visit_id": waiting.id}
    within_centre(lambda: jobs.come_back(waiting.id))
    assert look.visits()[-1].source is Source.RETURN


def test_a_team_with_nobody_on_duty_is_neither_offered_nor_taken(talking, look, world, app):
    assert "L’expert de permanence" not in talking.get("/phone").text
    assert _transfer(talking, look, f"team-{world.team_id}").status_code == 409
    assert look.visits()[0].state is VisitState.SERVING


def test_a_call_that_overflows_rings_in_the_other_line_and_is_answered_there(
    telephone, look, other_line, within_centre, world, ready, clock
):
    def lines():
        rule = RoutingRule(
            queue_id=world.phone_queue_id, overflow_to=other_line, overflow_after_seconds=60
        )
        db.session.add_all([rule, Membership(person_id=world.outsider.id, queue_id=other_line)])

    within_centre(lines)
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait?leg=1", QueueSid="QU1")
    clock.advance(seconds=61)
    within_centre(overflow)
    within_centre(overflow)
    first, second = look.visits()
    assert (first.outcome, second.source) == (Outcome.MOVED, Source.OVERFLOW)
    assert second.virtual_entered_at == first.entered_at
    ready(world.outsider)
    within_centre(offers.offer_calls)
    call = within_centre(lambda: offers.accept(second.id, by=world.outsider)) and look.calls()[0]
    telephone.hear("/phone/left?leg=1", QueueResult="redirected")
    telephone.join_both(call)
    telephone.conference(call, "participant-leave")
    assert [visit.outcome for visit in look.visits()] == [Outcome.MOVED, Outcome.ANSWERED]
    figures = within_centre(lambda: _figures(world))["all"]
    assert (figures["contacts"], figures["demands"], figures["answered"]) == (1, 1, 1)
