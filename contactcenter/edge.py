"""The edges of the system. One request or one job is one transaction.

Nothing inside calls commit(): the edge commits when the work succeeds and rolls back when it
raises. What must follow a commit is staged in the outbox; what browsers see is touched in live.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy.exc import NoResultFound

from contactcenter import live, logs, outbox
from contactcenter.db import Scope, db, within
from contactcenter.errors import NotFound

Errand = Callable[[], None]
Work = TypeVar("Work", bound=Callable[..., Errand | None])
JOBS: dict[str, Callable[..., Errand | None]] = {}
Swept = TypeVar("Swept", bound=Callable[[], bool | None])
SWEEPS: list[tuple[int, Callable[[], bool | None]]] = []

FOLLOWERS = (outbox, live)
# A drain ends so long after it began, and its last errand, a mail, takes less than a minute more:
# RQ ends what takes longer than `outbox.RUNS_SECONDS`.
DRAINS_SECONDS = 60.0


@contextmanager
def transaction() -> Generator[None]:
    try:
        yield
        live.before_commit()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        for follower in FOLLOWERS:
            follower.after_rollback()
        raise
    for follower in FOLLOWERS:
        follower.after_commit()


class ContactCenter(Flask):
    """The web edge."""

    def dispatch_request(self) -> ResponseReturnValue:
        with transaction():
            return super().dispatch_request()


def job(work: Work) -> Work:
    """Let the outbox name a function, as `slice.function`. It must be safe to run twice.

    Who must wait for somebody outside returns an errand: it is run once the job is committed, and
    outside any transaction. What it must not forget is written in the job: it is not run again.
    """
    slice_name = work.__module__.split(".")[1]
    JOBS[f"{slice_name}.{work.__name__}"] = work
    return work


def sweep(*, every_seconds: int) -> Callable[[Swept], Swept]:
    """Register work on due columns: run for each centre about that often, in a transaction.

    Work that answers True has more to do: it runs again at once, in a transaction of its own.
    """

    def register(work: Swept) -> Swept:
        SWEEPS.append((every_seconds, work))
        return work

    return register


def drain(lane: str, job: str | None = None, *, seconds: float = DRAINS_SECONDS) -> int:
    """Run the due jobs of a lane, or of one kind, and return how many ran.

    RQ calls this with the lane alone; it holds no state. It ends well before RQ would end it, and
    rings again for what is left.
    """
    ran, ends_at = 0, time.monotonic() + seconds
    with _app_context():
        while claimed := _claim(lane, job):
            for row in claimed:
                if ran and time.monotonic() >= ends_at:
                    _leave(lane, [each[0] for each in claimed[claimed.index(row) :]])
                    return ran
                run_job(*row)
                ran += 1
    return ran


def _leave(lane: str, message_ids: list[int]) -> None:
    """For whoever comes next."""
    with transaction():
        outbox.give_back(message_ids)
    with suppress(RedisError):  # the sweeper rings too
        outbox.ring(lane)


def run_job(message_id: int, attempt: int, centre_id: int, name: str, arguments: Any) -> None:
    """Run one leased job with its mark in one transaction, then its errand.

    A failure is kept with its row and logged: its kind and its place, never its words, which may
    name somebody.
    """
    with within(Scope(centre_id)):
        try:
            with transaction():
                if not outbox.finish(message_id, attempt):
                    return
                errand = JOBS[name](**arguments)
            if errand is not None:
                errand()
        except (NoResultFound, NotFound) as gone:  # erased since: there is nothing left to do
            words = logs.without_words(gone)
            current_app.logger.warning("job %s of row %s: gone\n%s", name, message_id, words)
            with transaction():
                outbox.finish(message_id, attempt)
        except Exception as error:
            words = logs.without_words(error)
            current_app.logger.error("job %s of row %s failed\n%s", name, message_id, words)
            with transaction():
                outbox.fail(message_id, attempt, logs.kinds(error))


def run_sweeps(centre_id: int, second: int = 0) -> None:
    """Do what is due in this second since the sweeper began; in the first, that is everything."""
    for every_seconds, work in SWEEPS:
        if second % every_seconds:
            continue
        with within(Scope(centre_id)):
            try:
                while _swept(work):
                    pass
            except Exception as error:
                words = logs.without_words(error)
                current_app.logger.error("sweep %s failed\n%s", work.__name__, words)


def _swept(work: Callable[[], bool | None]) -> bool:
    with transaction():
        return bool(work())


@contextmanager
def _app_context() -> Generator[None]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own door
    with app.app_context():
        yield


def _claim(lane: str, job: str | None) -> list[tuple[int, int, int, str, Any]]:
    with transaction():
        claimed = outbox.claim(lane, job)
        return [(m.id, m.attempts, m.centre_id, m.job, m.arguments) for m in claimed]
