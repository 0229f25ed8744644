"""Where PostgreSQL and Redis are: given addresses always win, else private servers of our own.

The private servers are looked for only when the first connection is needed, so that a command that
needs no database starts none.
"""

import sys
from functools import lru_cache
from typing import Any, cast

import psycopg
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import Pool

from config import Settings
from contactcenter.prompt_redis import PROMPT, PromptRedis
from servers import private
from servers.errors import LaunchRefused

# Statements a connection keeps prepared: all that the pages of a day ask. With the usual hundred it
# would forget and plan anew all day.
PREPARED = 400


@lru_cache(maxsize=1)
def _private() -> private.Urls:
    try:
        return private.ensure()
    except LaunchRefused as refusal:  # to whoever asks: a database that cannot be reached now
        raise psycopg.OperationalError(str(refusal)) from refusal


def database_url(settings: Settings) -> str:
    return settings.database_url or _private().database_url


def migrator_database_url(settings: Settings) -> str:
    if settings.database_url:
        return settings.migrator_database_url or settings.database_url
    return _private().migrator_database_url


def redis_url(settings: Settings) -> str:
    return settings.redis_url or _private().redis_url


def engine_options(settings: Settings) -> dict[str, Any]:
    """Options of the product's engine: a bounded pool, short waits, no parameter in any message."""

    def connect() -> "psycopg.Connection[Any]":
        url = make_url(database_url(settings))
        connection = _connection_class().connect(
            host=url.query.get("host") or url.host,  # type: ignore[arg-type]  # one host, not several
            port=url.port or url.query.get("port"),  # type: ignore[arg-type]
            user=url.username,
            password=url.password,
            dbname=url.database,
            connect_timeout=2,
            prepare_threshold=5,
            options="-c statement_timeout=15000 -c lock_timeout=5000 -c jit=off"
            " -c idle_in_transaction_session_timeout=20000",
        )
        connection.prepared_max = PREPARED
        return connection

    return {
        "creator": connect,
        "pool_size": 8,
        "max_overflow": 4,
        "pool_timeout": 5,
        "pool_use_lifo": True,  # the connection used last knows the plans of the pages in use
        "hide_parameters": True,
    }


def under_gevent() -> bool:
    """Whether who waits in this process is a greenlet, and others go on."""
    gevent = sys.modules.get("gevent.monkey")
    return gevent is not None and gevent.is_module_patched("select")


def _connection_class() -> "type[psycopg.Connection[Any]]":
    if not under_gevent():
        return psycopg.Connection
    from contactcenter.green_postgres import GreenConnection

    return GreenConnection


@event.listens_for(Pool, "checkout")
def _refuse_dead(connection: "psycopg.Connection[Any]", _record: Any, _proxy: Any) -> None:
    """Look whether the server hung up since; asking it would cost a round trip a request."""
    try:
        connection.pgconn.consume_input()  # its last words, if there are any
        connection.pgconn.consume_input()  # the end of the line
    except psycopg.OperationalError as gone:
        raise InvalidatePoolError from gone


class Doorbells:
    """The RQ queue of each lane, made when first rung."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._queues: dict[str, Queue] = {}

    def __getitem__(self, lane: str) -> Queue:
        if lane not in self._queues:
            self._queues[lane] = Queue(
                lane, connection=self._app.extensions["redis"], serializer=JSONSerializer
            )
        return self._queues[lane]


class LazyRedis:
    """A Redis client that looks for its server when first used, for who serves a request.

    `listening` and `working` are for those who wait at Redis on purpose.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: PromptRedis | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    @property
    def client(self) -> PromptRedis:
        if self._client is None:
            made = PromptRedis.from_url(redis_url(self._settings), **PROMPT)
            self._client = cast("PromptRedis", made)
        return self._client

    def listening(self) -> Redis:
        """For a subscription: connects soon or fails, and hears for as long as its reader says."""
        return Redis.from_url(redis_url(self._settings), **PROMPT)

    def working(self) -> Redis:
        """For a worker: RQ sets how long its reads block."""
        return Redis.from_url(redis_url(self._settings), socket_connect_timeout=1)
