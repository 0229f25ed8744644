"""The addresses of PostgreSQL and Redis: given ones always win, else servers of our own.

The private servers live as long as somebody uses them. Each user shares a lock; who leaves last
stops them, unless `python -m servers shell-env` asked them to stay.
"""

import atexit
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from servers import locks, migrations, places, processes, roles
from servers.home import Home
from servers.postgres import PORT, Postgres
from servers.valkey import SOCKET, Valkey

ROLES_VERSION = 2  # raise it when roles.py changes: existing installations are furnished again

Report = Callable[[str], None]


def _silent(_line: str) -> None:
    """Say nothing: most commands must print only their own answer."""


@dataclass(frozen=True)
class Urls:
    database_url: str
    migrator_database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "MIGRATOR_DATABASE_URL": self.migrator_database_url,
            "REDIS_URL": self.redis_url,
        }


@dataclass
class Private:
    """The private servers of one home, as far as they are wanted."""

    home: Home
    wants_postgres: bool = True
    wants_valkey: bool = True
    durable: bool = True
    databases: int = 16
    patience_seconds: float = 60.0
    """How long a server may be silent, which it is while it recovers from a crash."""
    report: Report = _silent
    _user: int | None = field(default=None, repr=False)

    @classmethod
    def of_environment(cls, *, report: Report = _silent) -> "Private":
        """What DATABASE_URL and REDIS_URL leave to be served by servers of our own."""
        return cls(
            Home.of_environment(),
            wants_postgres=not os.environ.get("DATABASE_URL"),
            wants_valkey=not os.environ.get("REDIS_URL"),
            report=report,
        )

    def join(self) -> None:
        """Become a user of the servers, starting those that do not run."""
        if not self.wants_postgres and not self.wants_valkey:
            return
        self.home.make()
        with locks.alone(self.home.lock):
            if self.wants_postgres and not self._attached_postgres():
                self._start_postgres()
            if self.wants_valkey and not self._attached_valkey():
                self._start_valkey()
            if self._user is None:
                self._user = locks.share(self.home.users)

    def all_run(self) -> bool:
        """Whether the wanted servers are alive; cheap enough to ask every second."""
        postgres, valkey = self.postgres(), self.valkey()
        return not (
            (self.wants_postgres and (postgres is None or postgres.pid() is None))
            or (self.wants_valkey and (valkey is None or valkey.pid() is None))
        )

    def urls(self) -> Urls:
        """Where to connect: the given addresses, else those of the private servers."""
        given = os.environ.get("DATABASE_URL", "")
        owner = os.environ.get("MIGRATOR_DATABASE_URL") or given
        return Urls(
            database_url=self.url(roles.APP) if self.wants_postgres else given,
            migrator_database_url=self.url(roles.MIGRATOR) if self.wants_postgres else owner,
            redis_url=self.redis_url() if self.wants_valkey else os.environ["REDIS_URL"],
        )

    def leave(self) -> bool:
        """Stop being a user; the last one stops the servers, unless they were asked to stay.

        Returns whether they are left running for others.
        """
        if self._user is None:
            return False
        with locks.alone(self.home.lock):
            last = locks.leave(self._user)
            self._user = None
            if last and not self.home.note("stay"):
                self._stop()
                return False
        return True

    def stop(self) -> None:
        """Stop the servers, whoever uses them."""
        if not self.home.folder.exists():
            return
        with locks.alone(self.home.lock):
            if self._user is not None:
                os.close(self._user)
                self._user = None
            self.home.take_note(stay=False)
            self._stop()

    def url(self, role: str, database: str = roles.DATABASE) -> str:
        password = self.home.secret({roles.APP: "app", roles.MIGRATOR: "migrator"}[role])
        run = quote(str(self.home.note("run")), safe="")
        return f"postgresql+psycopg://{role}:{password}@/{database}?host={run}&port={PORT}"

    def redis_url(self, number: int = 0) -> str:
        password = self.home.secret("valkey")
        return f"unix://:{password}@{quote(str(self.home.note('run')))}/{SOCKET}?db={number}"

    def postgres(self) -> Postgres | None:
        """The private PostgreSQL, running or not; None before the first start."""
        noted, run = self.home.note("data"), self.home.note("run")
        if not noted or not run:
            return None
        return Postgres(
            self.home.folder / noted / "postgres",
            self.home.folder / run,
            self.home.log / "postgres.log",
            self.home.secret("postgres"),
        )

    def valkey(self) -> Valkey | None:
        """The private Valkey, running or not; None before the first start."""
        noted, run = self.home.note("data"), self.home.note("run")
        if not noted or not run:
            return None
        return Valkey(
            self.home.folder / noted / "valkey",
            self.home.folder / run,
            self.home.log / "valkey.log",
            self.home.secret("valkey"),
            self.databases,
        )

    def _attached_postgres(self) -> bool:
        server = self.postgres()
        return server is not None and self._attached(server) and self._furnished(server)

    def _attached_valkey(self) -> bool:
        server = self.valkey()
        return server is not None and self._attached(server)

    def _attached(self, server: Postgres | Valkey) -> bool:
        """Whether the server runs and answers. One that lives and stays silent is ended."""
        processes.wait_until(
            lambda: server.pid() is None or server.answers(), seconds=self.patience_seconds
        )
        if server.pid() is not None and server.answers():
            return True
        server.stop()
        return False

    def _start_postgres(self) -> None:
        found = places.find(self.home)
        server = self.postgres()
        assert server is not None
        if places.data_major(server.data) is None:
            self.report(f"Making a private database ({found.postgres})")
            server.create(found.postgres, found.account, durable=self.durable)
        self.report(f"Starting PostgreSQL {'.'.join(map(str, found.postgres.version))}")
        server.start(found.postgres, found.account, durable=self.durable)
        self._furnished(server)

    def _start_valkey(self) -> None:
        found = places.find(self.home)
        server = self.valkey()
        assert server is not None
        self.report(f"Starting {found.valkey.server} {'.'.join(map(str, found.valkey.version))}")
        server.start(found.valkey, found.account, durable=self.durable)

    def _furnished(self, server: Postgres) -> bool:
        if self.home.note("roles") == ROLES_VERSION:
            return True
        with server.connect() as superuser:
            roles.create_roles(
                superuser,
                migrator_password=self.home.secret("migrator"),
                app_password=self.home.secret("app"),
            )
            roles.create_database(superuser, roles.DATABASE)
        with server.connect(roles.DATABASE) as superuser:
            roles.furnish(superuser)
        self.home.take_note(roles=ROLES_VERSION)
        return True

    def _stop(self) -> None:
        for server in (self.valkey(), self.postgres()):
            if server is not None:
                server.stop()


_held: Urls | None = None


def ensure(*, migrated: bool = True) -> Urls:
    """The addresses to use, for the rest of this process; private servers are started if needed."""
    global _held
    if _held is None:
        using = running(migrated=migrated)
        _held = using.__enter__()
        mine = os.getpid()
        atexit.register(lambda: using.__exit__(None, None, None) if os.getpid() == mine else None)
    return _held


@contextmanager
def running(*, migrated: bool = True, report: Report = _silent) -> Iterator[Urls]:
    """The addresses to use, valid inside the block.

    DATABASE_URL and REDIS_URL win. For what is not given, the private servers are found, or made,
    started and migrated, and stopped afterwards if nobody else uses them.
    """
    private = Private.of_environment(report=report)
    try:
        private.join()
        urls = private.urls()
        if private.wants_postgres and migrated:
            migrations.upgrade_private(private.home, urls.environment(), report=report)
        yield urls
    finally:
        private.leave()
