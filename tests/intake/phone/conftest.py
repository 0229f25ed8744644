"""A telephone in the hands of a test: signed forms into the app, and a whole network beside it."""

import json
import threading
import time
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from contactcenter import clock as times
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Line
from contactcenter.edge import transaction
from contactcenter.intake.codes import code_of, keys_of
from contactcenter.intake.phone import offers, posts
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus, Visit
from contactcenter.rehearsal.twilio.network import Network as TwilioNetwork
from contactcenter.rehearsal.twilio.server import Server
from contactcenter.rehearsal.twilio.wire import Options
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel

CALLER = "+33639980042"


@dataclass
class Telephone:
    """One caller, as Twilio tells of them; every request is signed unless a test says otherwise."""

    client: FlaskClient
    token: str
    line: str
    base: str
    caller: str = CALLER
    sid: str = "CA" + "1" * 32
    answers: list[Any] = field(default_factory=list)

    def ask(self, path: str, *, signature: str | None = None, **form: str) -> Any:
        sent = {
            "CallSid": self.sid,
            "AccountSid": "AC" + "0" * 32,
            "From": self.caller,
            "To": self.line,
            "CallStatus": "in-progress",
            **form,
        }
        if signature is None:
            signature = RequestValidator(self.token).compute_signature(self.base + path, sent)
        return self.client.post(path, data=sent, headers={"X-Twilio-Signature": signature})

    def hear(self, path: str, **form: str) -> ET.Element:
        answer = self.ask(path, **form)
        assert answer.status_code == 200, answer.text
        return ET.fromstring(answer.text)

    def conference(self, call: PhoneCall, event: str, label: str = "citizen", **form: str) -> Any:
        named = {"CallSid": "CA" + "a" * 32} if label == "agent" else {}
        return self.ask(
            "/phone/conference-events",
            **{
                "FriendlyName": f"cc-{call.centre_id}-{call.id}-{call.leg}",
                "ConferenceSid": "CF" + "1" * 32,
                "StatusCallbackEvent": event,
                "ParticipantLabel": label,
                **named,
                **form,
            },
        )

    def join_both(self, call: PhoneCall) -> None:
        """The caller and the agent are in the conference: now they talk."""
        self.conference(call, "participant-join")
        self.conference(call, "participant-join", "agent")


@pytest.fixture
def telephone(client, settings, world) -> Telephone:
    return Telephone(
        client, settings.twilio_auth_token, world.line_number, settings.public_base_url
    )


@pytest.fixture
def with_menu(app, world) -> None:
    """The line has two keys; the second leads to the same people with a topic."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        line = db.session.scalars(db.select(Line)).one()
        line.menu = [
            {"digit": "1", "label": {"fr": "les impôts", "en": "taxes"},
             "queue_id": world.phone_queue_id, "topic_id": world.topic_id},
            {"digit": "2", "label": {"fr": "le reste"}, "queue_id": world.phone_queue_id,
             "topic_id": None},
        ]  # fmt: skip


@pytest.fixture
def ready(app, world) -> Callable[..., None]:
    """Put people at their phone page, ready for a call."""

    def at_hand(*people: Any) -> None:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            for person in people:
                posts.see(person)
                presence.choose(person, ChosenStatus.READY)

    return at_hand


@pytest.fixture
def ringing(telephone, world, sign_in, within_centre, look):
    """A signed-in agent for whom a call rings."""
    agent = sign_in(world.agent)
    agent.get("/phone")
    agent.post("/desk/availability", data={"status": "ready", "next": "/phone"})
    telephone.hear("/phone/voice")
    telephone.hear("/phone/menu?at=fr0", Digits="1")
    telephone.hear("/phone/wait", QueueSid="QU1")
    within_centre(offers.offer_calls)
    return agent


@pytest.fixture
def talking(ringing, telephone, look):
    visit = look.visits()[0]
    ringing.post(f"/phone/offers/{visit.id}/acceptance")
    telephone.hear("/phone/conference")
    telephone.join_both(look.calls()[0])
    return ringing


class Look:
    """What the database says, seen in the centre's scope."""

    def __init__(self, app: Any, centre_id: int) -> None:
        self._app, self._centre_id = app, centre_id

    def _all(self, model: Any) -> list[Any]:
        with self._app.app_context(), within(Scope(self._centre_id)):
            rows = list(db.session.scalars(db.select(model).order_by(model.id)))
            db.session.expunge_all()
            db.session.rollback()
            return rows

    def calls(self) -> list[PhoneCall]:
        return self._all(PhoneCall)

    def visits(self) -> list[Visit]:
        return self._all(Visit)

    def all(self, model: Any) -> list[Any]:
        return self._all(model)


@pytest.fixture
def look(app, world) -> Look:
    return Look(app, world.centre_id)


@pytest.fixture
def within_centre(app, world) -> Callable[..., Any]:
    """Run something as an edge of the centre does."""

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            return work()

    return run


@pytest.fixture
def errand(app: Any, world: Any, within_centre: Any) -> Callable[..., None]:
    """What the worker does: the job, and what it leaves to do once that is committed."""

    def run(work: Callable[[], Any]) -> None:
        left = within_centre(work)
        if left is not None:
            with app.app_context(), within(Scope(world.centre_id)):
                left()

    return run


def request_with_code(world: Any) -> tuple[str, str]:
    """A request of somebody with a name, due in two days, and its code as signs and as digits."""
    citizen = Citizen(name="Josette Lambertin", name_key="josette lambertin", met_at=times.now())
    db.session.add(citizen)
    db.session.flush()
    contact = tickets.open_interaction(Channel.COUNTER, citizen_id=citizen.id)
    code = code_of(world.centre_id, contact.id)
    ticket = tickets.open_ticket(
        "Dette de loyer",
        channel=Channel.COUNTER,
        language="fr",
        text="?",
        topic_id=world.topic_id,
        site_id=world.site_id,
        citizen_id=citizen.id,
        interaction=contact,
        follow_up_code=code,
    )
    ticket.due_at = times.now() + timedelta(days=2)
    return code, keys_of(world.centre_id, contact.id)


def until(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait for what other threads and processes are about to do."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


class Network:
    """The stand-in in its own process, played through its control side."""

    def __init__(self, address: str) -> None:
        self.address = address

    def call(self, called: str, caller: str = CALLER, **plan: Any) -> str:
        return str(self._ask("/control/calls", {"from": caller, "to": called, **plan})["sid"])

    def hang_up(self, sid: str) -> None:
        self._ask(f"/control/calls/{sid}/hangup", {})

    def text(self, to: str, body: str, sender: str = CALLER) -> str:
        return str(self._ask("/control/messages", {"from": sender, "to": to, "body": body})["sid"])

    def about(self, sid: str) -> Any:
        return self._ask(f"/control/calls/{sid}")

    def calls(self) -> Any:
        return self._ask("/control/calls")

    def messages(self) -> Any:
        return self._ask("/control/messages")

    def agents(self, *, pick_up: bool) -> None:
        self._ask("/control/agents", {"pick_up": pick_up})

    def state(self) -> Any:
        return self._ask("/control")

    def _ask(self, path: str, body: Any = None) -> Any:
        sent = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self.address + path, data=sent, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


class Hands:
    """What workers and the sweeper do, again and again until told to stop."""

    def __init__(self, app: Any, centre_id: int) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(app, centre_id), daemon=True)
        self._thread.start()

    def _work(self, app: Any, centre_id: int) -> None:
        from contactcenter import edge
        from contactcenter.outbox import LANES

        with app.app_context():
            while not self._stop.wait(0.05):
                for lane in LANES:
                    edge.drain(lane)
                edge.run_sweeps(centre_id)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=20)


@pytest.fixture
def operator(settings):
    """The network within this process; it knows nothing of the calls a test made up."""
    options = Options("http://localhost", settings.twilio_account_sid, settings.twilio_auth_token)
    server = Server(TwilioNetwork(options))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.twilio_api_base = server.address
    yield server
    settings.twilio_api_base = ""
    server.shutdown()
    server.server_close()
