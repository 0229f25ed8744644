"""Work that must follow a commit, kept in the same transaction as its cause.

A row is written beside the change it follows. After the commit the lane's doorbell rings: an RQ
job without content that says "drain this lane". Rows are claimed with a lease, so a killed
worker's rows come back; every job must be safe to run twice. If Redis is wiped, nothing is lost.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from redis.exceptions import RedisError
from rq import Queue, Retry, Worker
from sqlalchemy import ColumnElement, Index, case, delete, func, select, text, true, update
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter import clock
from contactcenter.db import CentreKey, Json, Model, PrimaryKey, current_centre, db, write

LANES = ("urgent", "bulk", "letters")  # what somebody waits for, the rest, what leaves the house
LEASE = timedelta(seconds=60)
ATTEMPTS = 12
BATCH = 50
MOST_RINGS = 2
RUNS_SECONDS = 300
KEPT_DONE = timedelta(days=7)
KEPT_DEAD = timedelta(days=90)
WORKER_ENDED = "its worker ended"


class OutboxMessage(Model):
    """One job to run; final when done_at or dead_at is set."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_waiting",
            "lane",
            "due_at",
            postgresql_where=text("done_at IS NULL AND dead_at IS NULL"),
        ),
        Index("ix_outbox_messages_done", "done_at", postgresql_where=text("done_at IS NOT NULL")),
        Index("ix_outbox_messages_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    lane: Mapped[str]
    job: Mapped[str]
    arguments: Mapped[Json]
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


def stage(
    job: str, *, lane: str = "urgent", due_at: datetime | None = None, **arguments: Any
) -> None:
    """Write down a job to run once the current transaction has committed (and it is due)."""
    now = clock.now()
    write(
        OutboxMessage,
        lane=lane,
        job=job,
        arguments=arguments,
        written_at=now,
        due_at=due_at or now,
    )
    db.session().info.setdefault("rung_lanes", set()).add(lane)


def after_commit() -> None:
    for lane in sorted(db.session().info.pop("rung_lanes", ())):
        try:
            ring(lane)
        except RedisError:
            current_app.logger.warning("doorbell of lane %s: no answer", lane)


def after_rollback() -> None:
    db.session().info.pop("rung_lanes", None)


def ring(lane: str) -> None:
    """Ask a worker to drain `lane`. Raises RedisError when nobody can be asked."""
    queue: Queue = current_app.extensions["rq_queues"][lane]
    if queue.count < MOST_RINGS:
        queue.enqueue(
            "contactcenter.edge.drain",
            lane,
            retry=Retry(max=3),
            result_ttl=0,
            job_timeout=RUNS_SECONDS,
        )


def is_heard(lane: str) -> bool:
    """Whether a worker listens to this lane. Raises RedisError."""
    return Worker.count(queue=current_app.extensions["rq_queues"][lane]) > 0


def claim(lane: str, job: str | None = None) -> list[OutboxMessage]:
    """Lease due rows of a lane, or of one job in it, to the caller, oldest first.

    A row that was begun before, and may have killed who ran it, comes alone: it takes no other with
    it. After its last attempt it is dead. The caller commits.
    """
    while again := _lease(lane, job, OutboxMessage.attempts > 0, 1):
        if again[0].dead_at is None:
            return again
        current_app.logger.error("row %s of the outbox was given up", again[0].id)
    return _lease(lane, job, OutboxMessage.attempts == 0, BATCH)


def _lease(
    lane: str, job: str | None, tried: ColumnElement[bool], most: int
) -> list[OutboxMessage]:
    now = clock.now()
    due = (
        db.select(OutboxMessage.id)
        .where(
            OutboxMessage.lane == lane,
            OutboxMessage.due_at <= now,
            OutboxMessage.done_at.is_(None),
            OutboxMessage.dead_at.is_(None),
            OutboxMessage.job == job if job else true(),
            tried,
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        # Apart, or PostgreSQL may ask it anew for each row, and each time find others.
        .cte("due")
    )
    is_last = OutboxMessage.attempts >= ATTEMPTS  # its lease ended, and nobody said that it failed
    claimed = db.session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(db.select(due.c.id)))
        .values(
            due_at=now + LEASE,
            attempts=OutboxMessage.attempts + 1,
            dead_at=case((is_last, now)),
            last_error=case((is_last, WORKER_ENDED), else_=OutboxMessage.last_error),
        )
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    return sorted(claimed, key=lambda message: message.id)


def hurry(job: str, **arguments: Any) -> bool:
    """Have what waits, or was given up, run now as if it were new; False if nothing does."""
    hurried = db.session.scalars(
        update(OutboxMessage)
        .where(
            OutboxMessage.centre_id == current_centre(),
            OutboxMessage.job == job,
            OutboxMessage.arguments.contains(arguments),
            OutboxMessage.done_at.is_(None),
        )
        .values(due_at=clock.now(), attempts=0, dead_at=None)
        .returning(OutboxMessage.lane)
        .execution_options(synchronize_session=False)
    ).all()
    db.session().info.setdefault("rung_lanes", set()).update(hurried)
    return bool(hurried)


def is_given_up(job: str, **arguments: Any) -> bool:
    """Whether what waits with these arguments failed too often: it runs again when hurried."""
    return bool(
        db.session.scalar(
            select(func.count()).where(
                OutboxMessage.centre_id == current_centre(),
                OutboxMessage.job == job,
                OutboxMessage.arguments.contains(arguments),
                OutboxMessage.done_at.is_(None),
                OutboxMessage.dead_at.is_not(None),
            )
        )
    )


def retry(dead: ColumnElement[bool]) -> int:
    """Give the dead rows that this condition names all their attempts again; returns how many."""
    lanes = db.session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.dead_at.is_not(None), dead)
        .values(due_at=clock.now(), attempts=0, dead_at=None)
        .returning(OutboxMessage.lane)
        .execution_options(synchronize_session=False)
    ).all()
    db.session().info.setdefault("rung_lanes", set()).update(lanes)
    return len(lanes)


def forget_old() -> None:
    """Drop what has served its time, done or given up."""
    now = clock.now()
    for ended_at, kept in ((OutboxMessage.done_at, KEPT_DONE), (OutboxMessage.dead_at, KEPT_DEAD)):
        db.session.execute(
            delete(OutboxMessage)
            .where(ended_at < now - kept)
            .execution_options(synchronize_session=False)
        )


def finish(message_id: int, attempt: int) -> bool:
    """Mark a leased row done in the transaction of its effect; False if the lease was lost."""
    done = db.session.scalar(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.attempts == attempt,
            OutboxMessage.done_at.is_(None),
        )
        .values(done_at=clock.now())
        .returning(OutboxMessage.id)
    )
    return done is not None


def give_back(message_ids: Collection[int]) -> None:
    """Leased rows that nobody began: they are due again, as if they had not been claimed."""
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(message_ids), OutboxMessage.done_at.is_(None))
        .values(due_at=clock.now(), attempts=OutboxMessage.attempts - 1)
        .execution_options(synchronize_session=False)
    )


def fail(message_id: int, attempt: int, error: str) -> None:
    """Try again later, longer each time; after the last attempt the row is dead and shown."""
    now = clock.now()
    last = attempt >= ATTEMPTS
    db.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.attempts == attempt,
            OutboxMessage.done_at.is_(None),
        )
        .values(
            last_error=error,
            due_at=now + timedelta(seconds=min(2**attempt, 3600)),
            dead_at=now if last else None,
        )
    )
