"""One product of its own for a benchmark: a fresh home, free ports, no traffic, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from config import Settings
from contactcenter import create_app
from contactcenter.edge import ContactCenter
from servers import roles
from servers.home import PROJECT, Home
from servers.private import Private, Urls
from servers.run import unready
from servers.testing import copy_home

START_SECONDS = 240.0
STOP_SECONDS = 60.0
# A given server would make the figures those of another machine.
GIVEN = ("DATABASE_URL", "MIGRATOR_DATABASE_URL", "REDIS_URL", "CONTACTCENTER_HOME")


@dataclass(frozen=True)
class Product:
    """`make run` at work, and the ways in that a benchmark needs."""

    home: Home
    port: int
    pid: int  # of its launcher

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """Of every demo sign-in."""
        return self.home.secret("demo_password")

    @property
    def urls(self) -> Urls:
        return Private(self.home).urls()

    def connect(self, role: str = roles.MIGRATOR) -> "psycopg.Connection[Any]":
        """To the database as its owner, or as the product's own role."""
        url = Private(self.home).url(role)
        return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))

    def app(self) -> ContactCenter:
        """The application itself, at work on the same data in this process; the same each time."""
        return _app(self.home)

    def token(self, email: str, *scopes: str) -> str:
        """An API token of this person, made with the product's own command."""
        chosen = [word for scope in scopes for word in ("--scope", scope)]
        done = self.app().test_cli_runner().invoke(args=["token", email, *chosen])
        if done.exit_code:
            raise RuntimeError(done.output)
        return str(done.stdout.split()[-1])


@cache
def _app(home: Home) -> ContactCenter:
    urls = Private(home).urls()
    return create_app(
        Settings(
            contactcenter_home=home.folder,
            database_url=urls.database_url,
            redis_url=urls.redis_url,
            secret_key="only for this bench",
        )
    )


@contextmanager
def running(report: Path | None = None, *, copied: Path | None = None) -> Iterator[Product]:
    """A product that is ready; everything of it ends with the block, however it ends.

    It begins with a copy of the home `copied`, whose servers rest.
    """
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-bench-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the servers drop to another account and must reach their data
    home, port, log = Home(folder), _free_port(), report or folder / "launcher.log"
    if copied is not None:
        copy_home(Home(copied), home)
    try:
        with log.open("wb") as said:
            launcher = subprocess.Popen(
                [sys.executable, "-m", "servers", "run"],
                cwd=PROJECT,
                env=_environment(home, port),
                stdout=said,
                stderr=said,
            )
        try:
            _wait_until_ready(launcher, port, log)
            yield Product(home, port, launcher.pid)
        finally:
            _stop(launcher)
    finally:
        _remove(home)


def _environment(home: Home, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return kept | {
        "CONTACTCENTER_HOME": str(home.folder),
        "PORT": str(port),
        "LMTP_LISTEN": f"127.0.0.1:{_free_port()}",
        "TRAFFIC": "0",
    }


def _wait_until_ready(launcher: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while b"Sign in with" not in log.read_bytes():
        if launcher.poll() is not None or time.monotonic() > deadline:
            problem = unready(f"http://127.0.0.1:{port}")
            raise RuntimeError(f"The product did not start ({problem}):\n{log.read_text()}")
        time.sleep(0.1)


def _stop(launcher: "subprocess.Popen[bytes]") -> None:
    launcher.send_signal(signal.SIGINT)
    try:
        launcher.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        launcher.kill()


def _remove(home: Home) -> None:
    private = Private(home)
    server = private.postgres()
    private.stop()
    if server is not None:  # its data may lie where the account it runs as can reach them
        shutil.rmtree(server.data.parent, ignore_errors=True)
    shutil.rmtree(home.folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
