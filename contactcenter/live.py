"""Tell browsers that something they show has changed.

A live message carries a topic, never data: the browser fetches the fragment again, so permissions
are checked as for any other request. Topics are rows of the same transaction; Redis only rings, so
a wiped or absent Redis delays a screen by seconds and loses nothing. The cursor is `(xid, id)`
bounded by the oldest running transaction: `id > last` would skip rows that commit late.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from redis.exceptions import RedisError
from sqlalchemy import BigInteger, Index, delete, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from contactcenter import clock
from contactcenter.db import Model, PrimaryKey, current_centre, db, write

CHANNEL = "live"
KEPT = timedelta(minutes=15)
MOST_AT_ONCE = 1000
MOMENT_SECONDS = 0.03

RightToFollow = Callable[[Any, str], bool]
_RIGHTS: dict[str, RightToFollow] = {}


class LiveChange(Model):
    """The topics one transaction touched."""

    __tablename__ = "live_changes"
    __table_args__ = (Index("ix_live_changes_cursor", "xid", "id"),)

    id: Mapped[PrimaryKey]
    xid: Mapped[int] = mapped_column(
        BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint")
    )
    centre_id: Mapped[int] = mapped_column(BigInteger)
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text))
    touched_at: Mapped[datetime]


IN_ORDER = (LiveChange.xid, LiveChange.id)


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in the stream of changes, written `xid-id` as the id of a server-sent event."""

    xid: int
    id: int

    @classmethod
    def parse(cls, written: str) -> "Cursor | None":
        left, _, right = written.partition("-")
        if left.isdecimal() and right.isdecimal() and len(written) < 38:
            return cls(int(left), int(right))
        return None

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}"


def touch(topic: str) -> None:
    """Announce `topic` (such as "queue:7") of the current centre when this transaction commits."""
    touched: dict[int, set[str]] = db.session().info.setdefault("touched", {})
    touched.setdefault(current_centre(), set()).add(topic)


def before_commit() -> None:
    for centre_id, topics in db.session().info.get("touched", {}).items():
        write(LiveChange, centre_id=centre_id, topics=sorted(topics), touched_at=clock.now())


def after_commit() -> None:
    if db.session().info.pop("touched", None):
        current_app.extensions["bell"].ring()


class Bell:
    """Tells all processes to look: at once, and while changes crowd, once a moment for all of them.

    `can_wait` is said by a process in which the wait for that moment costs nothing: under gevent.
    """

    def __init__(self, app: Flask, *, can_wait: bool) -> None:
        self._app = app
        self._can_wait = can_wait
        self._rung_at = float("-inf")
        self._will_ring = False

    def ring(self) -> None:
        if self._will_ring:  # for this change too
            return
        pause = self._rung_at + MOMENT_SECONDS - time.monotonic()
        if self._can_wait and pause > 0:
            self._will_ring = True
            threading.Timer(pause, self._ring_now).start()
        else:
            self._ring_now()

    def _ring_now(self) -> None:
        self._will_ring, self._rung_at = False, time.monotonic()
        try:
            self._app.extensions["redis"].publish(CHANNEL, "")
        except RedisError:
            self._app.logger.warning("live doorbell: no answer; screens look again by themselves")


def after_rollback() -> None:
    db.session().info.pop("touched", None)


def is_late() -> bool:
    """Whether screens hear of a change only when they look by themselves."""
    return bool(current_app.extensions["redis"].is_away())


# The oldest transaction still running: what a reader who starts here has not seen has at least it.
FROM_HERE = literal_column("(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint", BigInteger)


def now_cursor() -> Cursor:
    """The place from which a new listener must read to miss nothing."""
    return Cursor(db.session.execute(db.select(FROM_HERE)).scalar_one(), 0)


def changes_after(cursor: Cursor) -> Sequence[tuple[Cursor, int, list[str]]]:
    """The first changes after `cursor` that no running transaction can still precede, in order."""
    rows = db.session.execute(
        text(
            "SELECT xid, id, centre_id, topics FROM live_changes"
            " WHERE (xid, id) > (:xid, :id)"
            " AND xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint"
            " ORDER BY xid, id LIMIT :limit"
        ),
        {"xid": cursor.xid, "id": cursor.id, "limit": MOST_AT_ONCE},
    )
    return [(Cursor(row.xid, row.id), row.centre_id, row.topics) for row in rows]


def is_kept(cursor: Cursor) -> bool:
    """Whether every change after `cursor` is still there."""
    oldest = db.session.scalar(db.select(LiveChange).order_by(*IN_ORDER).limit(1))
    nothing_forgotten = oldest is None or oldest.touched_at >= clock.now() - KEPT
    return nothing_forgotten or cursor.xid >= oldest.xid


def forget_old() -> None:
    """Delete what is old, but for the newest of it: it tells from where on all is kept."""
    old = LiveChange.touched_at < clock.now() - KEPT
    newest = db.select(LiveChange.id).where(old).order_by(*(c.desc() for c in IN_ORDER)).limit(1)
    db.session.execute(delete(LiveChange).where(old, LiveChange.id != newest.scalar_subquery()))


def right_to_follow(kind: str) -> Callable[[RightToFollow], RightToFollow]:
    """Register who may follow topics `kind:...`; a kind without a rule is followed by nobody."""

    def register(rule: RightToFollow) -> RightToFollow:
        _RIGHTS[kind] = rule
        return rule

    return register


def may_follow(person: Any, topic: str) -> bool:
    kind, _, rest = topic.partition(":")
    rule = _RIGHTS.get(kind)
    return rule is not None and rule(person, rest)
