"""The network as a whole: its calls, rooms and texts, and the verbs of its REST side."""

import random
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from contactcenter.rehearsal.twilio.legs import Leg, Plan, Step
from contactcenter.rehearsal.twilio.rooms import Queue, Room
from contactcenter.rehearsal.twilio.sids import new_sid
from contactcenter.rehearsal.twilio.wire import Options, Wire

STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
UNREACHABLE = "99"  # a text to a number that ends so does not arrive
AGENT_PICKS_UP_SECONDS = 1.0
CALLED_BACK_TALKS = 60.0


class Refused(Exception):
    """An error of the REST side, with Twilio's own code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Network:
    def __init__(self, options: Options) -> None:
        self.options, self.wire = options, Wire(options)
        self.calls: dict[str, Leg] = {}
        self.messages: list[dict[str, Any]] = []
        self.pictures: dict[str, bytes] = {}
        self.placed: list[dict[str, Any]] = []
        self.agents_pick_up = True
        self._queues: dict[str, Queue] = {}
        self._rooms: dict[str, Room] = {}
        self._stopped: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._chance = random.Random(options.seed)  # noqa: S311 - faults, not secrets

    # --- What is played ---

    def ring(self, caller: str, called: str, plan: Plan) -> Leg:
        """Someone calls one of the product's numbers."""
        leg = self._leg(caller, called, plan, status_callback=self.wire.public("/phone/status"))
        self._start(leg.run, Step(self.wire.public("/phone/voice")))
        return leg

    def text(self, sender: str, to: str, body: str, pictures: Sequence[bytes] = ()) -> str:
        """Someone sends a text to one of the product's numbers, with pictures perhaps."""
        sid = new_sid("SM")
        if body.strip().upper() in STOP_WORDS:
            self._stopped.add((to, sender))
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": self.options.account_sid,
            "From": sender,
            "To": to,
            "Body": body,
            "NumMedia": str(len(pictures)),
            "NumSegments": str(len(body) // 160 + 1),
            "ApiVersion": "2010-04-01",
        }
        for number, picture in enumerate(pictures):
            form[f"MediaUrl{number}"] = self._keep_picture(sid, picture)
            form[f"MediaContentType{number}"] = "image/jpeg"
        self.wire.tell(self.wire.public("/phone/sms"), form)
        return sid

    def _keep_picture(self, message_sid: str, picture: bytes) -> str:
        name = new_sid("ME")
        self.pictures[name] = picture
        account = f"/2010-04-01/Accounts/{self.options.account_sid}"
        return f"https://api.twilio.com{account}/Messages/{message_sid}/Media/{name}"

    # --- What the product asks for ---

    def update_call(self, sid: str, form: Mapping[str, str]) -> Leg:
        leg = self.living(sid)
        if form.get("Status") in ("completed", "canceled"):
            leg.hang_up()
        elif url := form.get("Url"):
            leg.send_on(url)
        return leg

    def dequeue(self, queue_sid: str, call_sid: str, url: str) -> Leg:
        queue = self.queue_by_sid(queue_sid)
        leg = next((each for each in queue.members if each.sid == call_sid), None)
        if leg is None:
            raise Refused(404, 20404, "no such member of this queue")
        leg.send_on(url)
        return leg

    def add_participant(self, room_name: str, form: Mapping[str, str], events: list[str]) -> Leg:
        """Ring a telephone into a conference; the played agent picks up after a moment."""
        leg = self._leg(
            form["From"],
            form["To"],
            Plan(talk_seconds=CALLED_BACK_TALKS if form.get("Label") == "citizen" else None),
            direction="outbound-api",
            status_callback=form.get("StatusCallback", "") if "completed" in events else "",
        )
        label = form.get("Label", leg.sid)
        self._start(self._pick_up, leg, room_name, label, form.get("ConferenceStatusCallback", ""))
        return leg

    def update_participant(self, room_name: str, sid: str, form: Mapping[str, str]) -> Leg:
        """Hold one of a conference, or let them hear the others again."""
        leg = self.living(sid)
        if leg.in_room != room_name:
            raise Refused(404, 20404, "no such participant of this conference")
        held = form.get("Hold", "false").lower() == "true"
        self.room(room_name).hold(leg, held=held)
        if held and (url := form.get("HoldUrl")):
            leg.hear_hold(url)
        return leg

    def participant(self, room_sid: str, sid: str) -> Leg:
        room = self.room_by_sid(room_sid)
        return self._by_sid(room.members, sid)

    def end_conference(self, sid: str) -> Room:
        room = self.room_by_sid(sid)
        room.end()
        return room

    def send(self, form: Mapping[str, str]) -> dict[str, Any]:
        """A text to a citizen: its callbacks come in no order, as they do."""
        to, sender = form["To"], form.get("From", "")
        if (sender, to) in self._stopped:
            raise Refused(400, 21610, "Attempt to send to unsubscribed recipient")
        message = {
            "sid": new_sid("SM"),
            "to": to,
            "from": sender,
            "body": form["Body"],
            "status": "queued",
            "num_media": "0",
        }
        self.messages.append(message)
        arrives = not to.endswith(UNREACHABLE)
        statuses = ["queued", "sent", "delivered" if arrives else "undelivered"]
        self._chance.shuffle(statuses)
        for status in statuses:
            self._tell_message(form.get("StatusCallback", ""), message, status)
        return message

    def ring_post(self, form: Mapping[str, str]) -> Leg:
        """Ring a number for the product: who picks up types 1, where a key is asked for."""
        leg = self._leg(
            form["From"],
            form["To"],
            Plan(digits=("1",)),
            direction="outbound-api",
            status_callback=form.get("StatusCallback", ""),
        )
        self._start(self._pick_up_post, leg, form["Url"])
        return leg

    def place(self, form: Mapping[str, str]) -> dict[str, Any]:
        """A call that the product begins: kept with the document it follows once picked up."""
        if form["To"].endswith(UNREACHABLE):
            raise Refused(400, 21211, "Invalid 'To' Phone Number")
        placed = {
            "sid": new_sid("CA"),
            "to": form["To"],
            "from": form.get("From", ""),
            "status": "queued",
            "direction": "outbound-api",
            "twiml": form.get("Twiml", ""),
        }
        self.placed.append(placed)
        return placed

    def living(self, sid: str) -> Leg:
        leg = self.calls.get(sid)
        if leg is None:
            raise Refused(404, 20404, "no such call")
        if leg.is_over:
            raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
        return leg

    def queue_by_sid(self, sid: str) -> Queue:
        return self._by_sid(self._queues, sid)

    def room_by_sid(self, sid: str) -> Room:
        return self._by_sid(self._rooms, sid)

    def queues(self) -> list[Queue]:
        return list(self._queues.values())

    def rooms(self, name: str | None = None) -> list[Room]:
        return [room for room in self._rooms.values() if name in (None, room.name)]

    def queue(self, name: str) -> Queue:
        with self._lock:
            return self._queues.setdefault(name, Queue(name))

    def room(self, name: str) -> Room:
        """The living conference of this name; a new one once the last is over."""
        with self._lock:
            room = self._rooms.get(name)
            if room is None or room.is_over:
                room = Room(name, self.options.account_sid, self.wire.tell)
                self._rooms[name] = room
            return room

    def _leg(
        self,
        caller: str,
        called: str,
        plan: Plan,
        *,
        direction: str = "inbound",
        status_callback: str = "",
    ) -> Leg:
        leg = Leg(
            self.wire,
            caller=caller,
            called=called,
            plan=plan,
            queue=self.queue,
            room=self.room,
            direction=direction,
            status_callback=status_callback,
        )
        self.calls[leg.sid] = leg
        return leg

    def _pick_up(self, leg: Leg, room_name: str, label: str, callback: str) -> None:
        picked_up = self.agents_pick_up
        if not leg.rings(AGENT_PICKS_UP_SECONDS):
            leg.end("canceled")
        elif picked_up:
            leg.sit_in(room_name, label, callback)
        else:
            leg.end("no-answer")

    def _pick_up_post(self, leg: Leg, url: str) -> None:
        picked_up = self.agents_pick_up
        if not leg.rings(AGENT_PICKS_UP_SECONDS):
            leg.end("canceled")
        elif picked_up:
            leg.run(Step(url))
        else:
            leg.end("no-answer")

    def _tell_message(self, callback: str, message: Mapping[str, Any], status: str) -> None:
        form = {
            "MessageSid": message["sid"],
            "SmsSid": message["sid"],
            "MessageStatus": status,
            "SmsStatus": status,
            "AccountSid": self.options.account_sid,
            "From": message["from"],
            "To": message["to"],
            "ApiVersion": "2010-04-01",
        }
        if status == "undelivered":
            form["ErrorCode"] = "30003"
        self.wire.tell(callback, form)

    @staticmethod
    def _by_sid(known: Mapping[str, Any], sid: str) -> Any:
        found = next((each for each in known.values() if each.sid == sid), None)
        if found is None:
            raise Refused(404, 20404, f"nothing has the id {sid}")
        return found

    @staticmethod
    def _start(act: Any, *arguments: Any) -> None:
        threading.Thread(target=act, args=arguments, daemon=True).start()
