"""Work that must follow a commit, kept in the same transaction as its cause.

A row is written beside the change it follows. After the commit the lane's doorbell rings: an RQ
job without content that says "drain this lane". Rows are claimed with a lease, so a killed
worker's rows come back; every job must be safe to run twice. If Redis is wiped, nothing is lost.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from redis.exceptions import RedisError
from rq import Queue, Retry
from sqlalchemy import Index, text, true, update
from sqlalchemy.orm import Mapped, mapped_column

from contactcenter import clock
from contactcenter.db import CentreKey, Json, Model, PrimaryKey, db, write

LANES = ("urgent", "bulk")
LEASE = timedelta(seconds=60)
ATTEMPTS = 12
BATCH = 50
MOST_RINGS = 2


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
            "contactcenter.edge.drain", lane, retry=Retry(max=3), result_ttl=0, job_timeout=300
        )


def claim(lane: str, job: str | None = None) -> list[OutboxMessage]:
    """Lease the due rows of a lane, or of one job in it, to the caller, oldest first.

    The caller commits.
    """
    now = clock.now()
    due = (
        db.select(OutboxMessage.id)
        .where(
            OutboxMessage.lane == lane,
            OutboxMessage.due_at <= now,
            OutboxMessage.done_at.is_(None),
            OutboxMessage.dead_at.is_(None),
            OutboxMessage.job == job if job else true(),
        )
        .order_by(OutboxMessage.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    claimed = db.session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due.scalar_subquery()))
        .values(due_at=now + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    ).all()
    return sorted(claimed, key=lambda message: message.id)


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
