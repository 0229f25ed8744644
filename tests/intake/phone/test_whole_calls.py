"""Whole calls: the network in a process of its own, our app behind a real server, over HTTP."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Ticket
from tests.intake.phone.conftest import CALLER, Hands, Network, running_clock, until

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
    with running_clock(clock, SPEED):
        yield Network(settings.twilio_api_base)
    settings.twilio_api_base = ""
    process.terminate()
    process.wait(timeout=10)
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


def test_who_hangs_up_while_waiting_is_counted_as_abandoned(network, hands, world, look, with_menu):
    sid = network.call(world.line_number, digits=["2"], patience_seconds=40)
    until(lambda: network.about(sid)["status"] == "completed")
    visit = until(lambda: next((v for v in look.visits() if v.outcome), None))
    assert visit.outcome is Outcome.ABANDONED
    assert visit.caller_key
    assert network.about(sid)["said"][-1].startswith("Vous êtes le prochain.")
    assert network.state()["refused"] == []
