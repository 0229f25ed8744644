"""A whole product with servers of its own, in a home of its own, whose parts may be killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from servers import processes
from servers.home import PROJECT, Home
from servers.private import Private
from servers.testing import copy_home

PASSWORD = "a day to rehearse"
READY_SECONDS = 240
STOP_SECONDS = 60
JOBS = ("worker urgent", "worker bulk", "worker letters", "sweeper", "lmtp")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class Product:
    """Start it, rehearse, kill what you like, and stop it: nothing is left behind."""

    def __init__(self, migrated: Home) -> None:
        self._around = Path(tempfile.mkdtemp(prefix="contactcenter-prove-"))
        self._around.chmod(0o755)  # the servers' own account must reach it
        self.home = Home(self._around / "var")
        copy_home(migrated, self.home)
        self.private = Private(self.home, durable=False)
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        self.private.join()
        urls = self.private.urls()
        self.environment = {
            **os.environ,
            **urls.environment(),
            "CONTACTCENTER_HOME": str(self.home.folder),
            "PORT": str(free_port()),
            "LMTP_LISTEN": f"127.0.0.1:{free_port()}",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(free_port()),
            "TWILIO_ACCOUNT_SID": f"AC{0:032}",
            "TWILIO_AUTH_TOKEN": "a network of the tests",
            "TWILIO_API_BASE": f"http://127.0.0.1:{free_port()}",
            "DEMO_PASSWORD": PASSWORD,
            "WEB_WORKERS": "2",
        }
        self.environment["PUBLIC_BASE_URL"] = self.web
        self.flask("demo", "--no-past")
        self.launch("web", "gunicorn")
        self.launch("jobs", "servers.preload", *JOBS)
        self._wait_until_ready()

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def launch(self, name: str, module: str, *words: str) -> "subprocess.Popen[bytes]":
        self.children[name] = processes.launch(
            [sys.executable, "-m", module, *words],
            log=self.home.log / f"{name}.log",
            env=self.environment,
            folder=PROJECT,
        )
        return self.children[name]

    def flask(self, *words: str) -> str:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(
            command, env=self.environment, cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_for(self, name: str, *, seconds: float) -> None:
        """Wait until a process ends well."""
        child = self.children.pop(name)
        assert child.wait(timeout=seconds) == 0, self.said(name)

    def said(self, name: str) -> str:
        return (self.home.log / f"{name}.log").read_text(errors="replace")[-4000:]

    # --- What may be killed ---

    def web_workers(self) -> list[int]:
        return _children_of(self.children["web"].pid)

    def job_processes(self) -> dict[str, int]:
        """The workers, the sweeper and the LMTP listener, by name."""
        return {_name(pid): pid for pid in _children_of(self.children["jobs"].pid)}

    def redis(self) -> int | None:
        server = self.private.valkey()
        return server.pid() if server else None

    def revive_servers(self) -> None:
        if not self.private.all_run():
            self.private.join()

    def stop(self) -> None:
        for child in self.children.values():
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)
            processes.kill_group(child.pid)
        self.private.stop()
        if server := self.private.postgres():
            shutil.rmtree(server.data.parent, ignore_errors=True)
        shutil.rmtree(self._around, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        if not soon(self._is_ready, seconds=READY_SECONDS):
            raise AssertionError(self.said("web") + self.said("jobs"))

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.web}/readyz", timeout=30):
                return len(self.job_processes()) == len(JOBS)
        except OSError:
            return False


def soon(holds: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it comes to hold; asked a few times a second, and never longer than this."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _children_of(pid: int) -> list[int]:
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(each) for each in told.split()]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
