"""The private PostgreSQL: made, started, found again, stopped."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from servers import processes
from servers.accounts import Account, give
from servers.binaries import Programs
from servers.errors import LaunchRefused

PORT = 5432  # only a part of the socket's name: no network port is opened
SUPERUSER = "postgres"
START_SECONDS = 300.0  # recovery after a crash replays what was written since the last checkpoint
RETRIES = 50

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
    "autovacuum_max_workers": "2",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "random_page_cost": "1.1",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Parameters are citizens' names and numbers: never in a log.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "max_logical_replication_workers": "0",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests, whose data nobody misses."""


@dataclass(frozen=True)
class Postgres:
    data: Path
    run: Path
    log: Path
    password: str

    def connect(self, database: str = SUPERUSER) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.run),
            port=PORT,
            user=SUPERUSER,
            password=self.password,
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def pid(self) -> int | None:
        """The server that has this data folder open; None when there is none."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if processes.works_in(pid, self.data) else None

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError as refusal:
            if "password authentication failed" in str(refusal):
                raise LaunchRefused(
                    f"PostgreSQL refuses the password in secrets.json for the data in {self.data}."
                    " Bring back the secrets.json that belongs to these data, or move them away."
                ) from None
            return False
        return True

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, what was committed is on the disk."""
        if pid := self.pid():
            processes.stop(pid, ask_with=signal.SIGINT, wait_seconds=30)

    def create(self, programs: Programs, account: Account | None, *, durable: bool = True) -> None:
        """Make the data folder; it appears whole or not at all."""
        for left in self.data.parent.glob("making-*"):  # by one that was killed in the middle
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix="making-", dir=self.data.parent) as made:
            password = Path(made) / "password"
            password.touch(mode=0o600)
            password.write_text(self.password)
            give(account, Path(made), password)
            fresh = Path(made) / "data"
            _initdb(programs, fresh, password, account, durable=durable)
            fresh.rename(self.data)

    def start(self, programs: Programs, account: Account | None, *, durable: bool = True) -> None:
        """Start the server and return once it answers."""
        settings = SETTINGS | version_settings(programs.major) | ({} if durable else NOT_DURABLE)
        places: list[str | Path] = ["-D", self.data, "-k", self.run, "-p", str(PORT)]
        chosen = [f"--{name}={value}" for name, value in settings.items()]
        for _attempt in range(RETRIES):
            self._forget_dead_server()
            last_words = self._launch([programs.path, *places, *chosen], account)
            if last_words is None:
                return
            if "shared memory block" not in last_words:
                break
            # Children of a killed server are still on their way out: they see it within a second.
            time.sleep(0.2)
        raise LaunchRefused(f"PostgreSQL does not start:\n{last_words}\n(from {self.log})")

    def _launch(self, command: list[str | Path], account: Account | None) -> str | None:
        """Start it once; what it said if it then does not answer."""
        said = processes.size(self.log)
        child = processes.launch(
            command, log=self.log, env=environment(), folder=self.data, account=account
        )
        processes.wait_until(
            lambda: self.answers() or not processes.is_alive(child.pid), seconds=START_SECONDS
        )
        if self.answers():
            return None
        processes.stop(child.pid, ask_with=signal.SIGINT, wait_seconds=5)
        return processes.words_since(self.log, said)

    def _forget_dead_server(self) -> None:
        """Remove the notes of a server that died: its number may meanwhile be somebody else's."""
        if self.pid() is None:
            socket = self.run / f".s.PGSQL.{PORT}"
            for path in (self.data / "postmaster.pid", socket, Path(f"{socket}.lock")):
                path.unlink(missing_ok=True)


def version_settings(major: int) -> dict[str, str]:
    """Three reading processes of their own would cost memory and gain nothing here."""
    return {"io_method": "sync"} if major >= 18 else {}


def environment() -> dict[str, str]:
    """Nothing of ours reaches the server: no settings, no language, no secrets."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _initdb(
    programs: Programs, folder: Path, password: Path, account: Account | None, *, durable: bool
) -> None:
    command: list[str | Path] = [
        programs.folder / "initdb",
        *("-D", folder, "-U", SUPERUSER, "--pwfile", password),
        *("--auth", "scram-sha-256", "--encoding", "UTF8"),
        *locale_options(programs.major),
        *(() if durable else ("--no-sync",)),
    ]
    done = subprocess.run(
        [str(part) for part in command],
        env=environment(),
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
        **(account.popen_options() if account else {}),
    )
    if done.returncode:
        raise LaunchRefused(f"PostgreSQL cannot make its data folder:\n{done.stdout}{done.stderr}")


def locale_options(major: int) -> list[str]:
    """The same order and letters on every machine: PostgreSQL's own C.UTF-8 where it has one."""
    if major >= 17:
        return ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    return ["--locale", "C.UTF-8"]
