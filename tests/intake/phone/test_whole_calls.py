"""Whole calls: the network in a process of its own, our app behind a real server, over HTTP."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from contactcenter.db import db
from contactcenter.notices.models import Notice
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.routing_models import RoutingRule
from contactcenter.tickets.models import Ticket
from tests.intake.phone.conftest import CALLER, Hands, Network, request_with_code, until

SPEED = 20.0


@pytest.fixture
def served(app, settings) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    before = settings.public_base_url
    settings.public_base_url = address
    yield address
    settings.public_base_url = before
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def network(served, settings, world, clock, request) -> Iterator[Network]:
    """Twilio's network, beside a product that works: its clock runs as fast as the network's."""
    faults = getattr(request, "param", [])
    process = subprocess.Popen(
        [sys.executable, "-m", "contactcenter.rehearsal.twilio", "--app", served,
         "--account-sid", settings.twilio_account_sid, "--auth-token", settings.twilio_auth_token,
         "--speed", str(SPEED), *faults],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    settings.twilio_api_base = process.stdout.readline().strip()
    with clock.running(SPEED):
        yield Network(settings.twilio_api_base)
    settings.twilio_api_base = ""
    process.terminate()
    process.wait(timeout=60)
    process.stdout.close()


@pytest.fixture
def hands(app, network, world) -> Iterator[Hands]:
    hands = Hands(app, world.centre_id)
    yield hands
    hands.close()


def test_a_call_is_answered_in_our_page_and_becomes_a_ticket(
    network, hands, world, sign_in, ready, look, with_menu
):
    ready(world.agent)
    agent = sign_in(world.agent)
    sid = network.call(world.line_number, digits=["1"])
    visit = until(lambda: next((v for v in look.visits() if v.state is VisitState.RESERVED), None))
    assert visit.reserved_for == world.agent.id
    agent.post(f"/phone/offers/{visit.id}/acceptance")
    served = until(lambda: next((v for v in look.visits() if v.outcome), None))
    assert served.outcome is Outcome.ANSWERED
    until(lambda: network.about(sid)["conference"])
    call = look.calls()[0]
    agent.post(f"/phone/calls/{call.id}/end")
    until(lambda: network.about(sid)["status"] == "completed")
    ticket = look.all(Ticket)[0]
    assert ticket.subject == "Avis d’impôt"
    assert look.visits()[0].state is VisitState.OVER
    assert network.state()["refused"] == []


def test_a_caller_is_held_and_handed_on_to_a_colleague(
    network, hands, world, sign_in, ready, look, with_menu
):
    ready(world.agent)
    agent = sign_in(world.agent)
    sid = network.call(world.line_number, digits=["1"])
    visit = until(lambda: next((v for v in look.visits() if v.state is VisitState.RESERVED), None))
    agent.post(f"/phone/offers/{visit.id}/acceptance")
    until(lambda: all(v.outcome is Outcome.ANSWERED for v in look.visits()))
    call = look.calls()[0]
    agent.post(f"/phone/calls/{call.id}/hold")
    until(lambda: network.about(sid)["said"][-1].startswith("Nous sommes toujours là."))
    assert network.about(sid)["held"]
    agent.post(f"/phone/calls/{call.id}/hold/end")
    until(lambda: not network.about(sid)["held"])
    ready(world.second_agent)
    to = f"person-{world.second_agent.id}"
    agent.post(f"/phone/calls/{call.id}/transfer", data={"to": to})

    def rung():
        ready(world.second_agent)  # the page stays open
        return next((visit for visit in look.visits() if visit.reserved_for), None)

    second = until(rung)
    assert second.reserved_for == world.second_agent.id
    colleague = sign_in(world.second_agent)
    colleague.post(f"/phone/offers/{second.id}/acceptance")
    until(lambda: all(v.outcome is Outcome.ANSWERED for v in look.visits()))
    until(lambda: network.about(sid)["conference"] == f"cc-{call.centre_id}-{call.id}-2")
    colleague.post(f"/phone/calls/{call.id}/end")
    until(lambda: all(v.state is VisitState.OVER for v in look.visits()))
    assert len(look.all(Ticket)) == 1
    assert network.state()["refused"] == []


def test_who_asks_to_be_called_back_is_called_once_an_agent_is_there(
    network, hands, world, sign_in, ready, look, with_menu, within_centre
):
    within_centre(
        lambda: db.session.add(RoutingRule(queue_id=world.phone_queue_id, callback_after_seconds=0))
    )
    sid = network.call(world.line_number, digits=["1", "1"])
    until(lambda: network.about(sid)["status"] == "completed")
    assert [visit.outcome for visit in look.visits()] == [Outcome.CALLBACK, None]
    agent = sign_in(world.agent)

    def rung():
        ready(world.agent)  # the page stays open
        return next((visit for visit in look.visits() if visit.reserved_for), None)

    second = until(rung)
    agent.post(f"/phone/offers/{second.id}/acceptance")
    until(lambda: look.visits()[1].outcome is Outcome.ANSWERED)
    call = look.calls()[1]
    assert network.about(call.call_sid)["to"] == CALLER
    agent.post(f"/phone/calls/{call.id}/end")
    until(lambda: network.about(call.call_sid)["status"] == "completed")
    assert network.state()["refused"] == []


def test_who_types_or_texts_a_code_is_told_where_their_request_stands(
    network, hands, world, look, with_menu, within_centre
):
    code, keys = within_centre(lambda: request_with_code(world))
    sid = network.call(world.line_number, digits=["*", f"{keys}#"], hangup_after=60)
    until(lambda: "Nous nous en occupons." in " ".join(network.about(sid)["said"]))
    network.text(world.line_number, code)
    [reply] = until(network.messages)
    assert "Nous nous en occupons." in reply["body"]
    assert network.state()["refused"] == []


def test_who_hangs_up_while_waiting_is_counted_as_abandoned(network, hands, world, look, with_menu):
    sid = network.call(world.line_number, digits=["2"], patience_seconds=40)
    until(lambda: network.about(sid)["status"] == "completed")
    visit = until(lambda: next((v for v in look.visits() if v.outcome), None))
    assert visit.outcome is Outcome.ABANDONED
    assert visit.caller_key
    assert network.about(sid)["said"][-1].startswith("Vous êtes le prochain.")
    assert network.state()["refused"] == []


@pytest.mark.parametrize(
    "network", [["--duplicate", "0.5", "--delay", "10", "--seed", "7"]], indirect=True
)
def test_with_callbacks_twice_late_and_out_of_order_each_call_is_counted_once(
    network, hands, world, look, with_menu
):
    for number in range(6):
        network.call(world.line_number, f"+3363998{number:04d}", digits=["1"], patience_seconds=30)
    until(lambda: all(call["status"] == "completed" for call in network.calls()))
    until(lambda: len([visit for visit in look.visits() if visit.outcome]) == 6)
    assert {visit.outcome for visit in look.visits()} == {Outcome.ABANDONED}
    assert len(look.visits()) == len(look.calls()) == 6


def test_a_text_is_answered_by_text(network, hands, world, look, sign_in):
    network.text(world.line_number, "Bonjour, mon avis est-il prêt ?")
    ticket = until(lambda: next(iter(look.all(Ticket)), None))
    agent = sign_in(world.agent)
    page = agent.get(f"/tickets/{ticket.reference}").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    agent.post(
        f"/tickets/{ticket.reference}/replies", data={"text": "Oui, en ligne.", "seen": seen}
    )
    sent = until(network.messages)
    assert (sent[0]["to"], sent[0]["from"]) == (CALLER, world.line_number)
    assert sent[0]["body"] == "Oui, en ligne."
    until(lambda: look.all(Notice)[0].headers.get("status") == "delivered")


def test_a_call_whose_agent_s_telephone_stays_silent_rings_at_a_colleague(
    network, hands, world, sign_in, ready, look, with_menu
):
    ready(world.agent)
    agent = sign_in(world.agent)
    network.agents(pick_up=False)
    network.call(world.line_number, digits=["1"])
    visit = until(lambda: next((v for v in look.visits() if v.state is VisitState.RESERVED), None))
    agent.post(f"/phone/offers/{visit.id}/acceptance")
    until(lambda: "Votre poste n’a pas répondu" in agent.get("/phone/live").text)
    network.agents(pick_up=True)
    colleague = sign_in(world.second_agent)
    colleague.post("/phone/post", data={"number": "01 99 00 12 34"})  # taken by a key

    def taken():
        ready(world.second_agent)  # the page stays open; on a busy machine the ring is missed
        colleague.post(f"/phone/offers/{visit.id}/acceptance")
        return look.visits()[0].outcome

    until(taken)
    answered = look.visits()[0]
    assert (answered.outcome, answered.answered_by) == (Outcome.ANSWERED, world.second_agent.id)
    assert network.state()["refused"] == []
