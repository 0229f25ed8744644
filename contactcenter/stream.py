"""`/live`: server-sent events that name what changed; the browser asks for it with its own rights.

One reader a process follows the changes for all its browsers. It wakes at Redis's bell, and by
itself every two seconds, so that without Redis screens are a little late and nothing else.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, Full, SimpleQueue

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from redis.client import PubSub
from redis.exceptions import RedisError

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.accounts.recognition import living
from contactcenter.db import enter, leave
from contactcenter.edge import transaction
from contactcenter.errors import Busy, Invalid, NotFound, TooMany

blueprint = Blueprint("live", __name__)

BEAT_SECONDS = 15
RIGHTS_SECONDS = 60
LOOK_SECONDS = 2.0
LATE_COMMIT_SECONDS = 0.5  # how long a change may stay hidden behind an older transaction
MOST_TOPICS = 40
MOST_STREAMS_A_PERSON = 12
MOST_STREAMS = 2_000  # a process: measured; half of its connections are left for pages
MOST_KEPT = 500


@dataclass(eq=False)
class Follower:
    """One open browser page."""

    centre_id: int
    person_id: int
    token: str
    topics: frozenset[str]
    waiting: SimpleQueue[str] = field(default_factory=SimpleQueue)

    def tell(self, cursor: str, topics: list[str]) -> None:
        for topic in topics:
            if topic in self.topics:
                if self.waiting.qsize() >= MOST_KEPT:
                    raise Full
                self.waiting.put(_event(cursor, topic))


class Hub:
    """Reads changes once and tells every follower of this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._followers: set[Follower] = set()
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._cursor: live.Cursor | None = None
        self._closed = False
        self.is_late = False

    def make_room(self, follower: Follower) -> None:
        """Raises TooMany for one person's many pages, Busy where the process keeps enough open."""
        with self._lock:
            if self._open_by(follower) >= MOST_STREAMS_A_PERSON:
                raise TooMany(_("Trop de pages ouvertes en même temps : fermez-en quelques-unes."))
            if len(self._followers) >= MOST_STREAMS:
                raise Busy

    def join(self, follower: Follower) -> None:
        """From now on it is told; `leave` must follow, whatever happens. In an app context."""
        with self._lock:
            self._followers.add(follower)
            if self._reader is None or not self._reader.is_alive():
                self._cursor = live.now_cursor()
                self._reader = threading.Thread(target=self._read, daemon=True, name="live")
                self._reader.start()

    def leave(self, follower: Follower) -> None:
        with self._lock:
            self._followers.discard(follower)

    def _open_by(self, follower: Follower) -> int:
        return sum(
            (f.centre_id, f.person_id) == (follower.centre_id, follower.person_id)
            for f in self._followers
        )

    def close(self) -> None:
        """Let the reader and every stream end."""
        self._closed = True
        self._followers.clear()
        if self._reader is not None:
            self._reader.join()

    def _read(self) -> None:
        bell = Bell(self._app)
        while not self._closed:
            rung = bell.wait(LOOK_SECONDS)
            try:
                self._tell_pace()
                self._look(rung=rung)
            except Exception:
                self._app.logger.exception("live: could not read the changes")
                time.sleep(LOOK_SECONDS)
        bell.close()

    def _tell_pace(self) -> None:
        """Say to every page when Redis goes and when it is back."""
        with self._app.app_context():
            is_late = live.is_late()
        if is_late != self.is_late:
            self.is_late = is_late
            for follower in list(self._followers):
                follower.waiting.put(_pace(is_late=is_late))

    def _look(self, *, rung: bool) -> None:
        """Tell what is new; after a bell, look again until the change it announced can be seen."""
        pause, waited = 0.01, 0.0
        while not self._tell_new() and rung and waited < LATE_COMMIT_SECONDS:
            time.sleep(pause)
            waited, pause = waited + pause, pause * 2

    def _tell_new(self) -> bool:
        with self._app.app_context(), transaction():
            changes = live.changes_after(self._cursor or live.now_cursor())
        for cursor, centre_id, topics in changes:
            for follower in list(self._followers):
                if follower.centre_id == centre_id:
                    self._tell(follower, str(cursor), topics)
            self._cursor = cursor
        return bool(changes)

    def _tell(self, follower: Follower, cursor: str, topics: list[str]) -> None:
        try:
            follower.tell(cursor, topics)
        except Full:  # a browser that no longer reads: it starts anew when it does
            self.leave(follower)


class Bell:
    """Redis's doorbell, or a short sleep where there is no Redis."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pubsub: PubSub | None = None

    def wait(self, seconds: float) -> bool:
        """Wait for a ring at most `seconds`; whether one came."""
        try:
            if self._pubsub is None:
                redis = self._app.extensions["redis"].listening()
                self._pubsub = redis.pubsub(ignore_subscribe_messages=True)
                self._pubsub.subscribe(live.CHANNEL)
            return self._pubsub.get_message(timeout=seconds) is not None
        except (RedisError, OSError):
            self.close()
            time.sleep(seconds)
            return False

    def close(self) -> None:
        if self._pubsub is not None:
            self._pubsub.close()
            self._pubsub = None


@blueprint.get("/live")
@requires(Permission.SIGNED_IN)
def show_changes() -> ResponseReturnValue:
    topics = _asked_topics()
    person: Person = g.person
    for topic in topics:
        if not live.may_follow(person, topic):
            raise NotFound(_("Ceci n’existe pas, ou n’est pas à vous."))
    if request.method != "GET":  # who asks for the head alone follows nothing
        abort(405)
    follower = Follower(person.centre_id, person.id, person.session_token or "", frozenset(topics))
    hub: Hub = current_app.extensions["live"]
    hub.make_room(follower)
    last = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own door
    return Response(
        _events(app, hub, follower, last),
        mimetype="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


def _asked_topics() -> list[str]:
    topics = [topic for topic in request.args.get("topics", "").split(",") if topic]
    if not 0 < len(topics) <= MOST_TOPICS:
        raise Invalid(_("Dites ce que la page suit, de 1 à %(most)d sujets.", most=MOST_TOPICS))
    return topics


def _missed(follower: Follower, last: str) -> str:
    """What to say first: the changes since the page was made, or since the stream was cut.

    `reset` where they are gone, or too many: the page then asks for everything once.
    """
    if not last:
        return f"retry: 2000\nid: {live.now_cursor()}\nevent: beat\ndata:\n\n"
    cursor = live.Cursor.parse(last)
    if cursor is None or not live.is_kept(cursor):
        return _reset()
    changes = live.changes_after(cursor)
    if len(changes) == live.MOST_AT_ONCE:
        return _reset()
    return (
        "".join(
            _event(str(at), topic)
            for at, centre_id, topics in changes
            if centre_id == follower.centre_id
            for topic in topics
            if topic in follower.topics
        )
        or f"retry: 2000\nid: {cursor}\nevent: beat\ndata:\n\n"
    )


def _reset() -> str:
    return f"id: {live.now_cursor()}\nevent: reset\ndata:\n\n"


def _event(cursor: str, topic: str) -> str:
    return f"id: {cursor}\ndata: {topic}\n\n"


def _pace(*, is_late: bool) -> str:
    """`paused`: changes come only as fast as the hub looks by itself; `resumed`: at once again."""
    return f"event: {'paused' if is_late else 'resumed'}\ndata:\n\n"


def _events(app: Flask, hub: Hub, follower: Follower, last: str) -> Iterator[str]:
    """Only who reads the stream is a follower: one that is closed unread leaves nothing behind."""
    checked = time.monotonic()
    try:
        with app.app_context(), transaction():
            hub.join(follower)
            first = _missed(follower, last) + _pace(is_late=live.is_late())
        yield first
        while follower in hub._followers:
            try:
                yield follower.waiting.get(timeout=BEAT_SECONDS)
            except Empty:
                yield "event: beat\ndata:\n\n"
            if time.monotonic() - checked > RIGHTS_SECONDS:
                checked = time.monotonic()
                if not _still_may(app, follower):
                    return
    finally:
        hub.leave(follower)


def _still_may(app: Flask, follower: Follower) -> bool:
    """Whether the session still lives and the person may still follow every topic."""
    with app.app_context(), transaction():
        known = living(follower.token)
        if known is None:
            return False
        enter(known.person.scope, is_told=True)
        may = all(live.may_follow(known.person, topic) for topic in follower.topics)
    leave()
    return may
