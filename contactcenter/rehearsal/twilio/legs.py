"""One telephone's call: it follows the documents it is given until someone hangs up."""

import threading
import time
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from contactcenter.rehearsal.twilio.rooms import Queue, Room
from contactcenter.rehearsal.twilio.sids import new_sid
from contactcenter.rehearsal.twilio.wire import Form, NoAnswer, Wire

LETTERS_A_SECOND = 15.0
PLAYS_SECONDS = 10.0  # each sound
SHORTEST_SECONDS = 0.5  # of a document heard again and again


@dataclass(frozen=True)
class Step:
    """The document to fetch next."""

    url: str
    form: Form = field(default_factory=dict)


class HungUp(Exception):
    """The telephone is on the hook."""


class LetOut(Exception):
    """The conference was ended around this call."""


class SentOn(Exception):
    """The product moved the call to another document."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass
class Plan:
    """What a played caller does: keys for each menu ("" is silence), and when they hang up.

    Seconds are of the network's clock: from the start, from the entry into a queue, and from the
    moment somebody answers.
    """

    digits: Sequence[str] = ()
    hangup_after: float | None = None
    patience_seconds: float | None = None
    talk_seconds: float | None = None


class Leg:
    """A call as the network holds it. `rooms` and `queues` are found by name."""

    def __init__(
        self,
        wire: Wire,
        *,
        caller: str,
        called: str,
        plan: Plan,
        queue: Callable[[str], Queue],
        room: Callable[[str], Room],
        direction: str = "inbound",
        status_callback: str = "",
    ) -> None:
        self.sid = new_sid("CA")
        self.wire, self.plan = wire, plan
        self.caller, self.called, self.direction = caller, called, direction
        self.status, self.status_callback = "ringing", status_callback
        self.said: list[str] = []
        self.results: list[str] = []  # how each stay in a queue ended
        self.in_room: str | None = None
        self.is_held = False
        self.in_queue: str | None = None
        self.began = time.monotonic()
        self.ended: float | None = None
        self._queue, self._room = queue, room
        self._keys = deque(plan.digits)
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._news: Exception | None = None
        self._timers: list[threading.Timer] = []

    # --- What others do to it ---

    def hang_up(self) -> None:
        self._interrupt(HungUp())

    def send_on(self, url: str) -> None:
        self._interrupt(SentOn(url))

    def let_out(self) -> None:
        self._interrupt(LetOut())

    def hear_other(self) -> None:
        """Both sides are there."""
        self._after(self.plan.talk_seconds, self.hang_up)

    def hear_hold(self, url: str) -> None:
        """Fetch what is to be heard on hold; the music itself is not played."""
        document = self.wire.ask(url, self._form())
        self.said += [(each.text or "").strip() for each in ET.fromstring(document).iter("Say")]  # noqa: S314 - our product's

    @property
    def is_over(self) -> bool:
        return self.ended is not None

    def about(self) -> dict[str, Any]:
        """For whoever plays or tests: never for the product."""
        return {
            "sid": self.sid,
            "from": self.caller,
            "to": self.called,
            "status": self.status,
            "said": list(self.said),
            "queue": self.in_queue,
            "queue_results": list(self.results),
            "conference": self.in_room,
            "held": self.is_held,
        }

    # --- Its life ---

    def run(self, first: Step) -> None:
        """Follow documents from `first` on until the call is over."""
        self.status = "in-progress"
        self._after(self.plan.hangup_after, self.hang_up)
        try:
            self._follow(first)
        except (HungUp, LetOut, NoAnswer):
            pass
        finally:
            self.end()

    def rings(self, seconds: float) -> bool:
        """Let a telephone ring so long; whether it still does."""
        try:
            self._listen(seconds)
        except HungUp:
            return False
        return True

    def sit_in(self, room_name: str, label: str, callback: str) -> None:
        """The whole life of a telephone that was rung into a conference."""
        self.status = "in-progress"
        try:
            self.stay_in(room_name, label, callback)
        except (HungUp, SentOn):
            pass
        finally:
            self.end()

    def stay_in(self, room_name: str, label: str, callback: str) -> None:
        """Sit in a conference until it ends or this telephone is hung up."""
        room, why = self._room(room_name), "participant_hung_up"
        room.join(self, label, callback)
        self.in_room = room_name
        try:
            self._listen(None)
        except LetOut:
            why = "conference_ended_via_api"
        except SentOn:
            why = "participant_updated_via_api"
            raise
        finally:
            self.in_room, self.is_held = None, False
            room.leave(self, why)

    def end(self, status: str = "completed") -> None:
        for timer in self._timers:
            timer.cancel()
        self.status, self.ended = status, time.monotonic()
        seconds = str(int((self.ended - self.began) * self.wire.options.speed))
        self.wire.tell(self.status_callback, self._form(CallDuration=seconds, SequenceNumber="0"))

    def _follow(self, step: Step | None) -> None:
        while step is not None:
            try:
                document = self.wire.ask(step.url, self._form(**step.form))
                step = self._act(ET.fromstring(document), step.url)  # noqa: S314 - our product's
            except SentOn as moved:
                step = Step(moved.url)

    def _act(self, document: ET.Element, base: str) -> Step | None:
        """Do each verb in turn; None when the call ends here."""
        for verb in document:
            if verb.tag in ("Hangup", "Reject"):
                return None
            step = self._do(verb, base)
            if step is not None:
                return step
        return None

    def _do(self, verb: ET.Element, base: str) -> Step | None:
        match verb.tag:
            case "Say":
                self._hear(verb)
            case "Play":
                self._listen(PLAYS_SECONDS * float(verb.get("loop", "1")))
            case "Pause":
                self._listen(float(verb.get("length", "1")))
            case "Gather":
                return self._gather(verb, base)
            case "Redirect":
                return Step(urljoin(base, verb.text or ""))
            case "Enqueue":
                return self._enqueue(verb, base)
            case "Dial":
                return self._dial(verb, base)
        return None

    def _hear(self, verb: ET.Element) -> None:
        words = (verb.text or "").strip()
        self.said.append(words)
        self._listen(len(words) / LETTERS_A_SECOND)

    def _gather(self, verb: ET.Element, base: str) -> Step | None:
        """Several digits are typed as one key of the plan; the one that ends them is not sent."""
        key = self._keys.popleft() if self._keys else ""
        key = key.removesuffix(verb.get("finishOnKey", "#"))
        for child in verb:
            if child.tag == "Say" and key:
                self.said.append((child.text or "").strip())  # whoever knows their key interrupts
            else:
                self._do(child, base)
        self._listen(1 if key else float(verb.get("timeout", "5")))
        if key or verb.get("actionOnEmptyResult") == "true":
            return Step(urljoin(base, verb.get("action", base)), {"Digits": key})
        return None

    def _enqueue(self, verb: ET.Element, base: str) -> Step | None:
        """Wait; the action address hears how it ended, at once."""
        queue, since = self._queue((verb.text or "").strip()), time.monotonic()
        action = urljoin(base, verb.get("action", ""))
        result, moved = "leave", None
        queue.members.append(self)
        self.in_queue = queue.name
        patience = self._after(self.plan.patience_seconds, self.hang_up)
        try:
            self._wait_in(queue, urljoin(base, verb.get("waitUrl", "")), since)
        except SentOn as sent:
            result, moved = "redirected", sent
        except NoAnswer:
            result = "error"
        except HungUp:
            result, self.status = "hangup", "completed"
            raise
        finally:
            if patience:
                patience.cancel()
            about = queue.about(self, since)
            queue.members.remove(self)
            self.in_queue = None
            self.results.append(result)
            if result in ("hangup", "redirected"):
                self.wire.tell(action, self._form(QueueResult=result, **about))
        if moved is not None:
            raise moved
        return Step(action, {"QueueResult": result, **about})

    def _wait_in(self, queue: Queue, url: str, since: float) -> None:
        keyed: Step | None = None
        while True:
            step = keyed or Step(url)
            about = self._form(**queue.about(self, since), **step.form)
            document = ET.fromstring(self.wire.ask(step.url, about))  # noqa: S314 - our product's
            if document.find("Leave") is not None:
                return
            self._listen(SHORTEST_SECONDS)
            keyed = self._act(document, url)

    def _dial(self, verb: ET.Element, base: str) -> Step | None:
        conference = verb.find("Conference")
        if conference is None:
            return None
        action = verb.get("action")
        try:
            self.stay_in(
                (conference.text or "").strip(),
                conference.get("participantLabel", self.sid),
                urljoin(base, conference.get("statusCallback", "")),
            )
        except HungUp:
            self.status = "completed"
            if action:
                over = self._form(DialCallStatus="completed")
                self.wire.tell(urljoin(base, action), over)
            raise
        return Step(urljoin(base, action), {"DialCallStatus": "completed"}) if action else None

    # --- Time ---

    def _listen(self, seconds: float | None) -> None:
        """Let time pass; what others did meanwhile is raised."""
        held = None if seconds is None else seconds / self.wire.options.speed
        if not self._wake.wait(held):
            return
        with self._lock:
            news, self._news = self._news, None
            self._wake.clear()
        if news is not None:
            raise news

    def _interrupt(self, news: Exception) -> None:
        with self._lock:
            if not isinstance(self._news, HungUp):  # nothing overtakes a hook that is down
                self._news = news
            self._wake.set()

    def _after(self, seconds: float | None, act: Callable[[], None]) -> threading.Timer | None:
        if seconds is None:
            return None
        timer = threading.Timer(seconds / self.wire.options.speed, act)
        timer.daemon = True
        timer.start()
        self._timers.append(timer)
        return timer

    def _form(self, **more: str) -> dict[str, str]:
        return {
            "CallSid": self.sid,
            "AccountSid": self.wire.options.account_sid,
            "From": self.caller,
            "To": self.called,
            "CallStatus": self.status,
            "ApiVersion": "2010-04-01",
            "Direction": self.direction,
            **more,
        }
