"""Servers for one run of the tests: started once, shared by all its workers, gone afterwards.

The database is made and migrated once, in a home that then rests: the servers of the run begin with
a copy of it, and so does each product that a test starts.

Nothing in them survives a power cut, which makes them fast; they are no place for anybody's data.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from servers import locks, migrations, roles
from servers.home import Home
from servers.private import Private, Urls

VALKEY_DATABASES = 64


@dataclass(frozen=True)
class Cluster:
    """The servers of this run. Every worker calls `start` and, at its end, `close`."""

    private: Private

    @property
    def migrated(self) -> Home:
        """The home of servers that have been migrated and rest; to be copied."""
        return _migrated(self.private.home)

    def template(self, name: str, fill: Callable[[Urls], None]) -> str:
        """The name of a database that `fill` has filled, by whichever worker comes first."""
        with locks.alone(self.private.home.folder / f"{name}.lock"):
            if not self._has(name):
                fill(self.database(f"{name}_filling"))
                self._run("ALTER DATABASE {} ALLOW_CONNECTIONS false", f"{name}_filling")
                self._disconnect(f"{name}_filling")
                self._run("ALTER DATABASE {} RENAME TO {}", f"{name}_filling", name)
        return name

    def database(self, name: str, *, template: str = "template0", redis_number: int = 0) -> Urls:
        """A fresh database, dropped first if there is one; with a template, a copy of it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        with self.superuser() as superuser:
            roles.create_database(superuser, name, template=template)
        if template == "template0":
            with self.superuser(name) as superuser:
                roles.furnish(superuser)
        return Urls(
            self.private.url(roles.APP, name),
            self.private.url(roles.MIGRATOR, name),
            self.private.redis_url(redis_number),
        )

    def superuser(self, database: str = "postgres") -> "psycopg.Connection[Any]":
        """Who may do what neither the application nor its migrations may."""
        server = self.private.postgres()
        assert server is not None
        return server.connect(database)

    def close(self) -> None:
        """Stop using the servers. The last user stops them and removes every trace."""
        with locks.alone(_gate()):
            self.private.leave()
            _remove_if_unused(self.private.home)

    def _has(self, name: str) -> bool:
        with self.superuser() as superuser:
            return bool(
                superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).rowcount
            )

    def _run(self, statement: str, *names: str) -> None:
        with self.superuser() as superuser:
            superuser.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _disconnect(self, name: str) -> None:
        with self.superuser() as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )


def start(run: str) -> Cluster:
    """The servers of the test run named `run`, started by whichever worker comes first.

    What an earlier run that was killed left behind is removed on the way.
    """
    with locks.alone(_gate()):
        for left in _folder("").parent.glob(f"{_folder('').name}*"):
            _remove_if_unused(Home(left))
        home = Home(_folder(hashlib.sha256(run.encode()).hexdigest()[:10]))
        if not _migrated(home).note("migrated"):
            home.make()
            _migrate(_migrated(home))
            copy_home(_migrated(home), home)
        private = Private(home, durable=False, databases=VALKEY_DATABASES)
        private.join()
        return Cluster(private)


def copy_home(resting: Home, home: Home) -> None:
    """Lay down what is in a home whose servers rest: a tenth of the work of making one."""
    home.make()
    subprocess.run(["cp", "-a", f"{resting.folder}/.", home.folder], check=True)


def _migrated(home: Home) -> Home:
    return Home(home.folder / "migrated")


def _migrate(home: Home) -> None:
    private = Private(home, durable=False)
    private.join()
    try:
        known = {"CONTACTCENTER_HOME": str(home.folder)}
        migrations.upgrade_private(
            home, private.urls().environment() | known, report=lambda _line: None
        )
    finally:
        private.leave()


def _folder(name: str) -> Path:
    return Path(tempfile.gettempdir(), f"contactcenter-tests-{os.getuid()}-{name}")


def _gate() -> Path:
    """A lock around coming and going, outside the folders that come and go."""
    return Path(tempfile.gettempdir(), f"contactcenter-tests-{os.getuid()}.lock")


def _remove_if_unused(home: Home) -> None:
    if not home.folder.exists() or (handle := locks.take(home.users)) is None:
        return
    os.close(handle)
    for each in (_migrated(home), home):
        private = Private(each)
        private.stop()
        if server := private.postgres():
            shutil.rmtree(server.data.parent, ignore_errors=True)
    shutil.rmtree(home.folder)
