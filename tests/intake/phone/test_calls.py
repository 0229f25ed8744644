"""What callers hear and what is counted, one webhook after the other."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Line
from contactcenter.edge import transaction
from contactcenter.intake.phone import jobs, offers
from contactcenter.queues.models import Queue, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.receipts.models import Fate, Receipt
from contactcenter.steering import actions as steering
from contactcenter.steering.models import Protocol, Trigger
from contactcenter.tickets.models import Channel, Interaction, Ticket


def _verbs(document):
    return [verb.tag for verb in document]


def _said(document):
    return " ".join((verb.text or "") for verb in document.iter("Say"))


def _queue(within_centre, world, **values):
    def change():
        queue = db.session.get(Queue, (world.centre_id, world.phone_queue_id))
        for name, value in values.items():
            setattr(queue, name, value)

    within_centre(change)


def _wait(telephone):
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    return telephone.hear("/phone/wait", QueueSid="QU1")


def test_a_caller_is_greeted_and_offered_languages_and_the_menu(telephone, with_menu):
    gather = telephone.hear("/phone/voice").find("Gather")
    assert gather.get("actionOnEmptyResult") == "true"
    said = [verb.text for verb in gather]
    assert said[0] == "Bonjour, Standard."
    assert [verb.get("language") for verb in gather][1:4] == ["nl-NL", "en-GB", "de-DE"]
    assert "Pour les impôts, tapez 1. Pour le reste, tapez 2." in said[-1]


def test_a_protocol_says_its_words_instead_of_the_menu_whose_keys_stay(
    app, telephone, with_menu, world, look
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        protocol = Protocol(
            name="Pointe",
            queue_id=world.phone_queue_id,
            level=Trigger.FULL,
            actions={"announce": {"fr": "Beaucoup de monde : tapez 2."}, "replaces_menu": True},
        )
        steering.approve(protocol, by=world.administrator)
        run_id = steering.start(protocol, "Pointe", by=None).id
    said = [verb.text for verb in telephone.hear("/phone/voice").find("Gather")]
    assert (said[0], len(said)) == ("Beaucoup de monde : tapez 2.", 4)  # and three languages
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        steering.end(steering.locked_run(run_id), "Calme", by=None)
    said = [verb.text for verb in telephone.hear("/phone/voice").find("Gather")]
    assert said[0] == "Bonjour, Standard."
    assert "Pour les impôts, tapez 1." in said[-1]


def test_the_same_webhook_twice_is_answered_the_same(telephone, with_menu):
    first = telephone.ask("/phone/voice").text
    assert telephone.ask("/phone/voice").text == first
    chosen = telephone.ask("/phone/menu?at=fr0", Digits="1").text
    assert telephone.ask("/phone/menu?at=fr0", Digits="1").text == chosen
    assert telephone.ask("/phone/voice").text == chosen


def test_copies_that_come_at_once_make_one_call(app, telephone, with_menu, look):
    start, codes = threading.Barrier(6), []

    def ask():
        copy = replace(telephone, client=app.test_client())
        start.wait()
        codes.append(copy.ask("/phone/menu?at=fr0", Digits="1").status_code)
        codes.append(copy.ask("/phone/wait", QueueSid="QU1").status_code)

    copies = [threading.Thread(target=ask) for _ in range(6)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
    assert codes == [200] * 12
    assert len(look.calls()) == len(look.visits()) == 1


def test_a_language_key_repeats_the_menu_in_that_language(telephone, with_menu, look):
    gather = telephone.hear("/phone/menu?at=fr0", Digits="8").find("Gather")
    assert gather[0].get("language") == "en-GB"
    assert look.calls()[0].language == "en"


def test_a_choice_leads_to_the_queue_with_its_topic(telephone, with_menu, world, look):
    telephone.hear("/phone/voice")
    enqueue = telephone.hear("/phone/menu?at=fr0", Digits="1").find("Enqueue")
    assert enqueue.get("waitUrl") == "http://localhost/phone/wait?leg=1"
    assert look.visits() == []
    telephone.hear("/phone/wait", QueueSid="QU1")
    visit = look.visits()[0]
    assert (visit.topic_id, visit.state) == (world.topic_id, VisitState.WAITING)


def test_silence_twice_leads_to_the_line_s_own_queue(telephone, with_menu):
    assert telephone.hear("/phone/menu?at=fr0", Digits="").find("Gather") is not None
    assert telephone.hear("/phone/menu?at=fr1", Digits="").find("Enqueue") is not None


def test_a_line_without_a_menu_asks_for_the_language_alone(telephone):
    assert "English" in _said(telephone.hear("/phone/voice"))
    assert telephone.hear("/phone/menu?at=fr0", Digits="").find("Enqueue") is not None


def test_who_waits_is_told_their_place_and_no_time_that_cannot_be_honest(telephone, with_menu):
    document = _wait(telephone)
    assert _said(document) == "Vous êtes le prochain."
    assert _verbs(document) == ["Say", "Play"]


def test_the_second_in_line_is_told_who_is_before_them(telephone, with_menu, clock):
    _wait(telephone)
    clock.advance(seconds=10)
    telephone.sid, telephone.caller = "CA" + "2" * 32, "+33639980043"
    assert _said(_wait(telephone)) == "Une personne passe avant vous."


def test_a_hidden_number_is_a_citizen_like_any_other(telephone, with_menu, look):
    telephone.caller = "+266696687"
    _wait(telephone)
    visit = look.visits()[0]
    assert (visit.state, visit.caller_key) == (VisitState.WAITING, None)
    assert look.all(Citizen) == []


def test_a_known_number_is_recognised(telephone, with_menu, look, within_centre):
    from contactcenter.citizens import actions as citizens

    known = within_centre(lambda: citizens.create(name="Ève Essai", phone=telephone.caller).id)
    _wait(telephone)
    assert look.all(Interaction)[0].citizen_id == known


def test_outside_hours_the_caller_is_told_when_it_opens(telephone, clock, look):
    clock.advance(hours=12)
    document = telephone.hear("/phone/voice")
    assert "Il ouvre demain à 8\u00a0h\u00a030." in _said(document)
    assert _verbs(document) == ["Say", "Gather", "Hangup"]
    assert look.visits()[0].outcome is Outcome.CLOSED


def test_a_full_queue_says_so_before_the_wait(telephone, with_menu, within_centre, world, look):
    _queue(within_centre, world, capacity=0)
    document = telephone.hear("/phone/menu?at=fr0", Digits="1")
    assert "Trop de personnes attendent" in _said(document)
    assert look.visits()[0].outcome is Outcome.FULL


def test_the_longest_wait_ends_with_an_apology(
    telephone, with_menu, within_centre, world, look, clock
):
    _queue(within_centre, world, max_wait_seconds=600)
    _wait(telephone)
    clock.advance(seconds=601)
    assert _verbs(telephone.hear("/phone/wait", QueueSid="QU1")) == ["Leave"]
    farewell = telephone.hear("/phone/left", QueueResult="leave")
    assert "Personne n’a pu vous répondre à temps" in _said(farewell)
    assert look.visits()[0].outcome is Outcome.TIMEOUT


def test_who_hangs_up_while_waiting_has_abandoned(telephone, with_menu, look, clock):
    _wait(telephone)
    clock.advance(seconds=30)
    telephone.ask("/phone/left", QueueResult="hangup")
    assert look.visits()[0].outcome is Outcome.ABANDONED
    assert look.all(Receipt)[0].fate is Fate.REJECTED  # nothing is left to look at here


def test_who_hangs_up_at_once_is_counted_apart(telephone, with_menu, look, clock):
    _wait(telephone)
    clock.advance(seconds=4)
    telephone.ask("/phone/left", QueueResult="hangup")
    assert look.visits()[0].outcome is Outcome.ABANDONED_SHORT


def test_the_end_of_the_call_is_enough_when_the_rest_was_lost(telephone, with_menu, look, clock):
    _wait(telephone)
    clock.advance(seconds=30)
    telephone.ask("/phone/status", CallStatus="completed")
    assert look.visits()[0].outcome is Outcome.ABANDONED


def test_hanging_up_in_the_menu_is_in_no_queue(telephone, with_menu, look):
    telephone.hear("/phone/voice")
    telephone.ask("/phone/status", CallStatus="completed")
    assert look.visits() == []
    assert look.all(Receipt)[0].problem == "hung up in the menu"


def test_a_call_nobody_speaks_of_any_more_is_let_go(app, telephone, with_menu, look, clock, world):
    from contactcenter.edge import run_sweeps

    _wait(telephone)
    clock.advance(minutes=4)
    with app.app_context():
        run_sweeps(world.centre_id)
    assert look.visits()[0].outcome is Outcome.ABANDONED


def test_an_error_of_the_operator_is_an_error_for_who_is_still_there(
    telephone, with_menu, look, clock
):
    _wait(telephone)
    document = telephone.hear("/phone/left?leg=1", QueueResult="system-error")
    assert (_verbs(document), look.visits()[0].outcome) == (["Pause", "Redirect"], None)
    clock.advance(seconds=5)
    again = document.findtext("Redirect").removeprefix("http://localhost")
    assert "n’a pas pu aboutir" in _said(telephone.hear(again))
    assert look.visits()[0].outcome is Outcome.ERROR


@pytest.mark.parametrize(("seconds", "outcome"), [(0, Outcome.ABANDONED_SHORT), (9, Outcome.ERROR)])
def test_an_error_with_the_end_of_the_call_is_one_who_hung_up(
    telephone, with_menu, look, clock, seconds, outcome
):
    _wait(telephone)
    telephone.hear("/phone/left?leg=1", QueueResult="system-error")
    clock.advance(seconds=seconds)
    telephone.ask("/phone/status", CallStatus="completed")
    assert look.visits()[0].outcome is outcome


def test_an_error_nobody_spoke_of_again_is_one(telephone, with_menu, look, clock, within_centre):
    _wait(telephone)
    telephone.hear("/phone/left?leg=1", QueueResult="system-error")
    within_centre(jobs.believe_faults)
    assert look.visits()[0].outcome is None
    clock.advance(seconds=6)
    within_centre(jobs.believe_faults)
    assert look.visits()[0].outcome is Outcome.ERROR


def test_a_request_about_an_unknown_call_leaves_a_trace(telephone, look):
    answer = telephone.ask(
        "/phone/conference-events", FriendlyName="cc-999-1", StatusCallbackEvent="participant-join"
    )
    assert answer.status_code == 404
    assert look.all(Receipt)[0].fate is Fate.REJECTED


@pytest.fixture
def accepted(app, telephone, with_menu, world, ready, look, within_centre):
    """Take a new call as far as an agent's acceptance and the caller's way to the conference."""
    ready(world.agent)
    made = []

    def take():
        made.append(None)
        telephone.sid = f"CA{len(made):032d}"
        _wait(telephone)
        within_centre(offers.offer_calls)
        call = look.calls()[-1]
        within_centre(lambda: offers.accept(call.visit_id, by=world.agent))
        telephone.hear("/phone/conference")
        return call

    return take


def test_a_call_is_answered_when_both_are_in_the_conference(
    accepted, telephone, look, world, clock
):
    call = accepted()
    telephone.conference(call, "participant-join")
    assert look.visits()[0].outcome is None
    clock.advance(seconds=7)
    telephone.conference(call, "participant-join", "agent")
    visit, ticket = look.visits()[0], look.all(Ticket)[0]
    assert (visit.outcome, visit.answered_by) == (Outcome.ANSWERED, world.agent.id)
    assert visit.answered_at - visit.entered_at == timedelta(seconds=7)
    assert (ticket.subject, ticket.channel) == ("Avis d’impôt", Channel.PHONE)
    assert (ticket.assigned_to, visit.ticket_id) == (world.agent.id, ticket.id)
    assert look.all(Receipt)[0].fate is Fate.TICKETED


def test_being_moved_by_us_is_never_an_abandonment(accepted, telephone, look):
    accepted()
    document = telephone.hear("/phone/left", QueueResult="redirected")
    assert document.find("Dial") is not None
    assert look.visits()[0].outcome is None


def test_the_end_of_the_conference_before_anyone_left_ends_the_service(accepted, telephone, look):
    call = accepted()
    telephone.join_both(call)
    telephone.conference(call, "conference-end")
    telephone.conference(call, "participant-leave")
    assert look.visits()[0].state is VisitState.OVER


def test_a_lost_join_is_believed_after_a_moment(app, accepted, telephone, look, clock, world):
    from contactcenter.edge import run_sweeps

    telephone.conference(accepted(), "participant-join", "agent")
    clock.advance(seconds=6)
    with app.app_context():
        run_sweeps(world.centre_id)
    assert look.visits()[0].outcome is Outcome.ANSWERED


LINE_EVENTS = ["voice", "menu", "wait", "wait", "left", "status", "status"]


def _happen(telephone, event):
    match event:
        case "voice":
            telephone.ask("/phone/voice")
        case "menu":
            telephone.ask("/phone/menu?at=fr0", Digits="1")
        case "wait":
            telephone.ask("/phone/wait", QueueSid="QU1")
        case "left":
            telephone.ask("/phone/left", QueueResult="hangup")
        case "status":
            telephone.ask("/phone/status", CallStatus="completed")


@runs(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(LINE_EVENTS), number=st.integers(0, 10**12))
def test_in_any_order_and_twice_an_abandoned_call_ends_the_same(
    telephone, with_menu, look, order, number
):
    telephone.sid = f"CA{number:032d}"
    for event in order:
        _happen(telephone, event)
    call = next(call for call in look.calls() if call.call_sid == telephone.sid)
    visits = [visit for visit in look.visits() if visit.id == call.visit_id]
    assert [visit.outcome for visit in visits] == [Outcome.ABANDONED_SHORT]
    assert call.ended_at is not None


HUB_EVENTS = [
    ("join", "citizen"), ("join", "citizen"), ("join", "agent"), ("leave", "citizen"),
    ("leave", "agent"), ("end", ""), ("redirected", ""), ("over", ""), ("completed", ""),
    ("completed", ""),
]  # fmt: skip


@runs(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(HUB_EVENTS))
def test_in_any_order_and_twice_an_answered_call_ends_the_same(
    accepted, telephone, look, within_centre, world, order
):
    from contactcenter.intake.phone import serving

    call = accepted()
    for event, label in order:
        match event:
            case "join" | "leave":
                telephone.conference(call, f"participant-{event}", label)
            case "end":
                telephone.conference(call, "conference-end")
            case "redirected":
                telephone.ask("/phone/left", QueueResult="redirected")
            case "over":
                telephone.ask("/phone/over", DialCallStatus="completed")
            case "completed":
                telephone.ask("/phone/status", CallStatus="completed")
    visit = next(visit for visit in look.visits() if visit.id == call.visit_id)
    assert (visit.outcome, visit.state) == (Outcome.ANSWERED, VisitState.OVER)
    assert len([t for t in look.all(Ticket) if t.id == visit.ticket_id]) == 1
    assert len(look.all(Ticket)) == len(look.all(Visit))
    within_centre(lambda: serving.wrap_up(call.id, "", by=world.agent, is_settled=True))


def test_the_line_s_own_hours_win(telephone, within_centre, clock):
    def always():
        db.session.scalars(db.select(Line)).one().hours = {
            "weekly": {str(day): [["00:00", "00:00"]] for day in range(7)}
        }

    within_centre(always)
    clock.advance(hours=12)
    assert telephone.hear("/phone/voice").find("Gather") is not None
