"""The network's two faces on one port of this machine: Twilio's REST side, and the player's."""

import base64
import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from contactcenter.rehearsal.twilio.legs import Leg, Plan
from contactcenter.rehearsal.twilio.network import Network, Refused
from contactcenter.rehearsal.twilio.rooms import Queue, Room

Fields = dict[str, list[str]]
Handle = Callable[..., tuple[int, Any]]


class Server(ThreadingHTTPServer):
    """Bound to this machine alone: whoever reaches it can play."""

    daemon_threads = True

    def __init__(self, network: Network, port: int = 0) -> None:
        self.network = network
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._handle("GET", parse_qs(urlsplit(self.path).query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.headers.get("Content-Type", "").startswith("application/json"):
            return self._handle("POST", json.loads(body or "{}"))
        return self._handle("POST", parse_qs(body, keep_blank_values=True))

    def do_DELETE(self) -> None:
        self._handle("DELETE", {})

    def log_message(self, format: str, *arguments: Any) -> None:
        """Numbers are personal: nothing is logged."""

    def _handle(self, method: str, fields: Any) -> None:
        path = urlsplit(self.path).path
        try:
            status, answer = self._route(method, path, fields)
        except Refused as refused:
            status = refused.status
            answer = {"code": refused.code, "message": str(refused), "status": status}
        is_file = isinstance(answer, bytes)
        body = answer if is_file else json.dumps(answer).encode() if answer is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "image/jpeg" if is_file else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _route(self, method: str, path: str, fields: Any) -> tuple[int, Any]:
        for verb, pattern, handle in ROUTES:
            found = re.fullmatch(pattern, path) if verb == method else None
            if found:
                if path.startswith("/2010-04-01/"):
                    self._check_account(path)
                return handle(self.server.network, fields, *found.groups())
        raise Refused(404, 20404, f"nothing at {path}")

    def _check_account(self, path: str) -> None:
        options = self.server.network.options
        expected = f"{options.account_sid}:{options.auth_token}".encode()
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        if given != base64.b64encode(expected).decode():
            raise Refused(401, 20003, "Authenticate")
        if f"/Accounts/{options.account_sid}/" not in path:
            raise Refused(404, 20404, "no such account")


def _first(fields: Fields) -> dict[str, str]:
    return {name: values[0] for name, values in fields.items()}


def _call(leg: Leg) -> dict[str, Any]:
    return {
        "sid": leg.sid,
        "status": leg.status,
        "from": leg.caller,
        "to": leg.called,
        "direction": leg.direction,
    }


def _member(leg: Leg, queue: Queue) -> dict[str, Any]:
    return {"call_sid": leg.sid, "queue_sid": queue.sid, "position": 1, "wait_time": 0}


def _conference(room: Room) -> dict[str, Any]:
    status = "completed" if room.is_over else "in-progress"
    return {"sid": room.sid, "friendly_name": room.name, "status": status}


def _participant(leg: Leg, room: Room, label: str) -> dict[str, Any]:
    return {
        "call_sid": leg.sid,
        "conference_sid": room.sid,
        "label": label,
        "status": leg.status,
        "muted": False,
        "hold": leg.is_held,
    }


def _show_call(network: Network, _fields: Fields, sid: str) -> tuple[int, Any]:
    if sid not in network.calls:
        raise Refused(404, 20404, "no such call")
    return 200, _call(network.calls[sid])


def _create_call(network: Network, fields: Fields) -> tuple[int, Any]:
    """A call that the product begins: followed by its address, else kept and played by nobody."""
    form = _first(fields)
    return 201, _call(network.ring_post(form)) if "Url" in form else network.place(form)


def _update_call(network: Network, fields: Fields, sid: str) -> tuple[int, Any]:
    return 200, _call(network.update_call(sid, _first(fields)))


def _show_queues(network: Network, _fields: Fields) -> tuple[int, Any]:
    shown = [
        {"sid": queue.sid, "friendly_name": queue.name, "current_size": len(queue.members)}
        for queue in network.queues()
    ]
    return 200, {"queues": shown, "next_page_uri": None}


def _create_queue(network: Network, fields: Fields) -> tuple[int, Any]:
    queue = network.queue(_first(fields)["FriendlyName"])
    return 201, {"sid": queue.sid, "friendly_name": queue.name}


def _show_members(network: Network, _fields: Fields, sid: str) -> tuple[int, Any]:
    queue = network.queue_by_sid(sid)
    return 200, {
        "queue_members": [_member(leg, queue) for leg in queue.members],
        "next_page_uri": None,
    }


def _update_member(
    network: Network, fields: Fields, queue_sid: str, call_sid: str
) -> tuple[int, Any]:
    leg = network.dequeue(queue_sid, call_sid, _first(fields)["Url"])
    return 200, _member(leg, network.queue_by_sid(queue_sid))


def _show_conferences(network: Network, fields: Fields) -> tuple[int, Any]:
    """By name if one is asked for, as in the query."""
    shown = [_conference(room) for room in network.rooms(_first(fields).get("FriendlyName"))]
    return 200, {"conferences": shown, "next_page_uri": None}


def _update_conference(network: Network, fields: Fields, sid: str) -> tuple[int, Any]:
    if _first(fields).get("Status") != "completed":
        raise Refused(400, 20001, "only Status=completed is understood here")
    return 200, _conference(network.end_conference(sid))


def _create_participant(network: Network, fields: Fields, name: str) -> tuple[int, Any]:
    """A conference is named by its id or, as a new one must be, by its name."""
    known = next((room.name for room in network.rooms() if room.sid == name), name)
    form = _first(fields)
    leg = network.add_participant(known, form, fields.get("StatusCallbackEvent", []))
    return 201, _participant(leg, network.room(known), form.get("Label", ""))


def _show_participant(
    network: Network, _fields: Fields, name: str, call_sid: str
) -> tuple[int, Any]:
    leg = network.participant(name, call_sid)
    return 200, _participant(leg, network.room_by_sid(name), "")


def _update_participant(
    network: Network, fields: Fields, name: str, call_sid: str
) -> tuple[int, Any]:
    room = network.room_by_sid(name)
    leg = network.update_participant(room.name, call_sid, _first(fields))
    return 200, _participant(leg, room, "")


def _delete_participant(
    network: Network, _fields: Fields, _room: str, call_sid: str
) -> tuple[int, Any]:
    network.living(call_sid).hang_up()
    return 204, None


def _create_message(network: Network, fields: Fields) -> tuple[int, Any]:
    return 201, network.send(_first(fields))


def _play_call(network: Network, played: dict[str, Any]) -> tuple[int, Any]:
    plan = Plan(
        digits=[str(key) for key in played.get("digits", ())],
        hangup_after=played.get("hangup_after"),
        patience_seconds=played.get("patience_seconds"),
        talk_seconds=played.get("talk_seconds"),
    )
    return 201, network.ring(played["from"], played["to"], plan).about()


def _play_hook(network: Network, _played: Any, sid: str) -> tuple[int, Any]:
    network.living(sid).hang_up()
    return 202, None


def _played_call(network: Network, _played: Any, sid: str) -> tuple[int, Any]:
    if sid not in network.calls:
        raise Refused(404, 20404, "no such call")
    return 200, network.calls[sid].about()


def _played_calls(network: Network, _played: Any) -> tuple[int, Any]:
    return 200, [leg.about() for leg in list(network.calls.values())]


def _placed_calls(network: Network, _played: Any) -> tuple[int, Any]:
    return 200, network.placed


def _play_message(network: Network, played: dict[str, Any]) -> tuple[int, Any]:
    pictures = [base64.b64decode(each) for each in played.get("pictures", ())]
    return 201, {"sid": network.text(played["from"], played["to"], played["body"], pictures)}


def _show_picture(network: Network, _fields: Fields, _message: str, sid: str) -> tuple[int, Any]:
    if sid not in network.pictures:
        raise Refused(404, 20404, "no such media")
    return 200, network.pictures[sid]


def _played_messages(network: Network, _played: Any) -> tuple[int, Any]:
    return 200, network.messages


def _show_state(network: Network, _played: Any) -> tuple[int, Any]:
    living = sum(not leg.is_over for leg in list(network.calls.values()))
    return 200, {"calls": living, "refused": network.wire.refused}


def _set_agents(network: Network, played: dict[str, Any]) -> tuple[int, Any]:
    network.agents_pick_up = bool(played["pick_up"])
    return 200, {"pick_up": network.agents_pick_up}


_ACCOUNT = r"/2010-04-01/Accounts/\w+"
ROUTES: tuple[tuple[str, str, Handle], ...] = (
    ("GET", rf"{_ACCOUNT}/Calls/(\w+)\.json", _show_call),
    ("POST", rf"{_ACCOUNT}/Calls\.json", _create_call),
    ("POST", rf"{_ACCOUNT}/Calls/(\w+)\.json", _update_call),
    ("GET", rf"{_ACCOUNT}/Queues\.json", _show_queues),
    ("POST", rf"{_ACCOUNT}/Queues\.json", _create_queue),
    ("GET", rf"{_ACCOUNT}/Queues/(\w+)/Members\.json", _show_members),
    ("POST", rf"{_ACCOUNT}/Queues/(\w+)/Members/(\w+)\.json", _update_member),
    ("GET", rf"{_ACCOUNT}/Conferences\.json", _show_conferences),
    ("POST", rf"{_ACCOUNT}/Conferences/(\w+)\.json", _update_conference),
    ("POST", rf"{_ACCOUNT}/Conferences/([\w-]+)/Participants\.json", _create_participant),
    ("GET", rf"{_ACCOUNT}/Conferences/(\w+)/Participants/(\w+)\.json", _show_participant),
    ("POST", rf"{_ACCOUNT}/Conferences/(\w+)/Participants/(\w+)\.json", _update_participant),
    ("DELETE", rf"{_ACCOUNT}/Conferences/([\w-]+)/Participants/(\w+)\.json", _delete_participant),
    ("POST", rf"{_ACCOUNT}/Messages\.json", _create_message),
    ("GET", rf"{_ACCOUNT}/Messages/(\w+)/Media/(\w+)", _show_picture),
    ("POST", r"/control/calls", _play_call),
    ("GET", r"/control/calls", _played_calls),
    ("GET", r"/control/placed", _placed_calls),
    ("GET", r"/control/calls/(\w+)", _played_call),
    ("POST", r"/control/calls/(\w+)/hangup", _play_hook),
    ("POST", r"/control/messages", _play_message),
    ("GET", r"/control/messages", _played_messages),
    ("POST", r"/control/agents", _set_agents),
    ("GET", r"/control", _show_state),
)
