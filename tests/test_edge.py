"""One request or one job is one transaction, in one scope."""

import re

import pytest
from sqlalchemy import event

from contactcenter import outbox
from contactcenter.db import NOBODY, Scope, db, within
from contactcenter.edge import JOBS, drain, job, transaction
from contactcenter.tickets.actions import get, open_ticket
from contactcenter.tickets.models import Channel, Status, Ticket


def _open(world) -> int:
    with transaction():
        return open_ticket(
            "Avis reçu", channel=Channel.EMAIL, language="fr", queue_id=world.written_queue_id
        ).id


def test_what_fails_leaves_nothing(in_centre, world):
    def stumble() -> None:
        with transaction():
            open_ticket("Avis reçu", channel=Channel.EMAIL, language="fr")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stumble()
    assert db.session.scalar(db.select(db.func.count(Ticket.id))) == 0


def test_a_new_ticket_is_found_before_it_is_stored_and_is_stored_once(in_centre, world):
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    with transaction():
        ticket = open_ticket("Avis reçu", channel=Channel.WEB, language="fr")
        assert get(ticket.id) is ticket
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(re.findall(r"(INSERT INTO|UPDATE) tickets ", " ".join(asked))) == 1
    assert ticket.status is Status.OPEN


def test_what_failed_is_found_no_more(in_centre, world):
    failed: list[int] = []

    def stumble() -> None:
        with transaction():
            failed.append(open_ticket("Avis reçu", channel=Channel.EMAIL, language="fr").id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stumble()
    assert db.session.get(Ticket, (world.centre_id, failed[0])) is None


def test_without_a_scope_no_case_is_seen(app, in_centre, world):
    _open(world)
    with within(NOBODY), transaction():
        assert db.session.scalar(db.select(db.func.count(Ticket.id))) == 0


def test_another_centre_does_not_exist(app, in_centre, world, other_world):
    _open(world)
    with within(Scope(other_world.centre_id)), transaction():
        assert db.session.scalar(db.select(db.func.count(Ticket.id))) == 0


def test_a_staged_job_runs_once_after_the_commit(in_centre, world, worker):
    ran = []
    JOBS["tests.count"] = lambda: ran.append(1)
    with transaction():
        outbox.stage("tests.count")
    assert worker.run_all() == 1
    assert worker.run_all() == 0
    assert ran == [1]


def test_a_job_that_fails_is_tried_again_later(in_centre, world, worker, clock):
    tries = []

    def stumble() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError

    JOBS["tests.stumble"] = stumble
    with transaction():
        outbox.stage("tests.stumble")
    worker.run_all()
    clock.advance(minutes=1)
    worker.run_all()
    assert len(tries) == 2


def test_what_a_failure_says_is_neither_kept_nor_logged(in_centre, world, worker, caplog):
    def stumble(name: str) -> None:
        raise ValueError(name) from KeyError(name)

    JOBS["tests.stumble"] = stumble
    with transaction():
        outbox.stage("tests.stumble", name="Josette")
    worker.run_all()
    with transaction():
        kept = db.session.scalars(db.select(outbox.OutboxMessage.last_error)).one()
    assert kept == "ValueError from KeyError"
    assert "in stumble" in caplog.text
    assert "Josette" not in caplog.text


def test_an_errand_runs_once_its_job_is_committed(in_centre, world, worker):
    seen: list[int] = []

    def count() -> None:
        with transaction():
            seen.append(db.session.scalar(db.select(db.func.count(Ticket.id))) or 0)

    def job_with_errand():
        open_ticket("Avis reçu", channel=Channel.EMAIL, language="fr")
        return count

    JOBS["tests.errand"] = job_with_errand
    with transaction():
        outbox.stage("tests.errand")
    assert worker.run_all() == 1
    assert worker.run_all() == 0
    assert seen == [1]


def _begun(times: int) -> None:
    """As if workers had been killed so often while they ran what is staged."""
    with transaction():
        db.session.execute(db.update(outbox.OutboxMessage).values(attempts=times))


def test_a_job_that_kills_its_worker_each_time_is_dead_after_its_last_attempt(in_centre, worker):
    ran = []
    JOBS["tests.killer"] = lambda: ran.append(1) or None
    with transaction():
        outbox.stage("tests.killer")
    _begun(outbox.ATTEMPTS)
    assert worker.run_all() == 0
    with transaction():
        [row] = db.session.scalars(db.select(outbox.OutboxMessage))
        assert row.dead_at is not None
        assert row.last_error == outbox.WORKER_ENDED
    assert ran == []


def test_what_was_begun_before_comes_alone_and_takes_no_other_with_it(in_centre, clock):
    with transaction():
        outbox.stage("tests.killer")
    _begun(3)
    with transaction():
        for _number in range(5):
            outbox.stage("tests.slow")
    with transaction():
        first = [(row.job, row.attempts) for row in outbox.claim("urgent")]
        second = [(row.job, row.attempts) for row in outbox.claim("urgent")]
    assert first == [("tests.killer", 4)]
    assert second == [("tests.slow", 1)] * 5
    clock.advance(minutes=2)  # the worker died with these five
    with transaction():
        assert [(row.job, row.attempts) for row in outbox.claim("urgent")] == [("tests.killer", 5)]
        assert len(outbox.claim("urgent")) == 1


def test_no_more_is_claimed_than_was_asked_for_however_postgresql_goes_about_it(in_centre):
    with transaction():
        for _number in range(5):
            outbox.stage("tests.slow")
    _begun(1)
    with transaction():
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            db.session.execute(db.text(f"SET LOCAL enable_{way} = off"))
        claimed = [row.id for row in outbox.claim("urgent") + outbox.claim("urgent")]
        stored = db.session.scalars(db.select(outbox.OutboxMessage.id)).all()
    assert claimed == sorted(stored)[:2]


def test_a_drain_that_takes_long_leaves_the_rest_to_the_next_and_rings(in_centre, app):
    JOBS["tests.brief"] = lambda: None
    with transaction():
        for _number in range(3):
            outbox.stage("tests.brief", lane="bulk")
    app.extensions["redis"].flushdb()
    assert drain("bulk", seconds=0) == 1
    with transaction():
        rows = db.session.scalars(db.select(outbox.OutboxMessage).order_by("id")).all()
        assert [(row.attempts, row.done_at is None) for row in rows] == [
            (1, False),
            (0, True),
            (0, True),
        ]
    assert app.extensions["rq_queues"]["bulk"].count == 1
    assert drain("bulk") == 2


def test_a_job_about_what_was_erased_has_nothing_left_to_do(in_centre, world, worker):
    with transaction():
        outbox.stage("intake.hang_up", call_id=404)
        outbox.stage("escalation.tell_taker", referral_id=404)
    assert worker.run_all() == 2
    with transaction():
        rows = db.session.scalars(db.select(outbox.OutboxMessage)).all()
        assert [(row.last_error, row.done_at is None) for row in rows] == [(None, False)] * 2


def test_jobs_are_named_by_slice():
    @job
    def example() -> None: ...

    assert any(name.endswith(".example") for name in JOBS)
    JOBS.pop(next(name for name in JOBS if name.endswith(".example")))
