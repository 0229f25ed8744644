"""For who runs the installation: is it alive, is it ready, what it carries, its processes."""

import itertools
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import delete, text
from sqlalchemy.exc import SQLAlchemyError

from contactcenter import clock, edge, live, outbox
from contactcenter.accounts.models import Centre, SignInAttempt
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import PARTNER_ROLE, db
from contactcenter.receipts.jobs import forget_nobodys

blueprint = Blueprint("operations", __name__)

FORGET_SECONDS = 300
HELPS_SECONDS = 5.0  # so that what is due is found in time
ATTEMPTS_KEPT = timedelta(days=1)


@blueprint.get("/healthz")
@requires(Permission.PUBLIC)
def show_health() -> ResponseReturnValue:
    return {"alive": True}


@blueprint.get("/readyz")
@requires(Permission.PUBLIC)
def show_readiness() -> ResponseReturnValue:
    """Ready: database and Redis answer, migrations are current, our role climbs no wall."""
    checks = {
        "database": _holds(_database_answers),
        "redis": _holds(_redis_answers),
        "migrations": _holds(_migrations_are_current),
        "walls": _holds(_role_cannot_bypass),
    }
    ready = all(checks.values())
    return jsonify(ready=ready, checks=checks), 200 if ready else 503


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (SQLAlchemyError, RedisError, OSError):
        db.session.rollback()
        return False


def _database_answers() -> bool:
    return bool(db.session.scalar(text("SELECT true")))


def _redis_answers() -> bool:
    return bool(current_app.extensions["redis"].ping())


def _migrations_are_current() -> bool:
    migrate = current_app.extensions["migrate"]
    heads = ScriptDirectory.from_config(_alembic(migrate.directory)).get_heads()
    return {db.session.scalar(text("SELECT version_num FROM alembic_version"))} == set(heads)


def _alembic(directory: str) -> Config:
    config = Config()
    config.set_main_option("script_location", directory)
    return config


def _role_cannot_bypass() -> bool:
    """A superuser or an owner walks through each wall; so does who may become an owner.

    What holds a partner back is a role of its own, which the product must be able to become.
    """
    return bool(db.session.scalar(WALLS, {"partner": PARTNER_ROLE}))


WALLS = text(
    "SELECT NOT bool_or(rolsuper OR rolbypassrls OR EXISTS ("
    " SELECT 1 FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
    " AND pg_has_role(pg_roles.oid, relowner, 'MEMBER')))"
    " AND pg_has_role(session_user, CAST(:partner AS name), 'MEMBER')"
    " FROM pg_roles WHERE rolname IN (session_user, :partner)"
)


@blueprint.get("/metrics")
@requires(Permission.PUBLIC)
def show_metrics() -> ResponseReturnValue:
    registry = CollectorRegistry()
    waiting = _gauge(registry, "outbox_waiting", "Outbox rows to run, by lane", "lane")
    oldest = _gauge(registry, "outbox_oldest_seconds", "Age of the oldest due outbox row", "lane")
    for lane in outbox.LANES:
        row = db.session.execute(_OUTBOX, {"lane": lane, "now": clock.now()}).one()
        waiting.labels(lane).set(row.waiting)
        oldest.labels(lane).set(row.oldest or 0)
    dead = Gauge("contactcenter_outbox_dead", "Outbox rows given up", registry=registry)
    dead.set(db.session.scalar(_DEAD) or 0)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


_OUTBOX = text(
    "SELECT count(*) AS waiting, extract(epoch FROM now() - min(due_at)) AS oldest"
    " FROM outbox_messages WHERE lane = :lane AND done_at IS NULL AND dead_at IS NULL"
)


def _gauge(registry: CollectorRegistry, name: str, words: str, label: str) -> Any:
    return Gauge(f"contactcenter_{name}", words, [label], registry=registry)


@click.command("worker")
@click.argument("lane", type=click.Choice(outbox.LANES))
def worker(lane: str) -> None:
    """Run the jobs of one lane until stopped: one queue a process, so that none is ever lost."""
    connection = current_app.extensions["redis"].working()
    SimpleWorker(
        [Queue(lane, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        maintenance_interval=30,
        worker_ttl=60,
        log_job_description=False,
    ).work(logging_level="WARNING")


@click.command("sweeper")
@click.option("--once", is_flag=True, help="Sweep once and end.")
def sweeper(*, once: bool) -> None:
    """Each second, ring for jobs that wait and run the sweeps that are due, for each centre."""
    for second in itertools.count():
        sweep(second)
        if once:
            return
        time.sleep(1)


def sweep(second: int = 0) -> None:
    """Do what is due in this second since the sweeper began; in the first, that is everything."""
    try:
        _ring_where_due()
        for centre_id in _centres():
            edge.run_sweeps(centre_id, second)
        if second % FORGET_SECONDS == 0:
            forget()
    except SQLAlchemyError:
        current_app.logger.exception("the sweeper could not reach the database")
        db.session.rollback()


def _centres() -> list[int]:
    with edge.transaction():
        return list(db.session.scalars(db.select(Centre.id).order_by(Centre.id)))


def _ring_where_due() -> None:
    """Ring for lanes whose bell was missed; with nobody who hears it, do some of the work here."""
    with edge.transaction():
        lanes = list(db.session.scalars(_DUE_LANES, {"now": clock.now()}))
    for lane in lanes:
        try:
            if outbox.is_heard(lane):
                outbox.ring(lane)
            else:
                edge.drain(lane, seconds=HELPS_SECONDS)
        except RedisError:
            edge.drain(lane, seconds=HELPS_SECONDS)


_DEAD = text("SELECT count(*) FROM outbox_messages WHERE dead_at IS NOT NULL")

_DUE_LANES = text(
    "SELECT DISTINCT lane FROM outbox_messages"
    " WHERE due_at <= :now AND done_at IS NULL AND dead_at IS NULL"
)


def forget() -> None:
    """Drop what has served its time and belongs to no centre alone."""
    with edge.transaction():
        live.forget_old()
        outbox.forget_old()
        db.session.execute(
            delete(SignInAttempt)
            .where(SignInAttempt.tried_at < clock.now() - ATTEMPTS_KEPT)
            .execution_options(synchronize_session=False)
        )
        forget_nobodys()
