"""The private Valkey (or Redis): made, started, found again, stopped.

It holds nothing that cannot be rebuilt from PostgreSQL, so a damaged store is set aside.
"""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from servers import processes
from servers.accounts import Account, give
from servers.binaries import Programs
from servers.errors import LaunchRefused
from servers.postgres import environment

START_SECONDS = 30.0
SOCKET = "v.sock"

# `noeviction`: a store that silently drops a doorbell is worse than one that refuses.
CONFIGURATION = """\
port 0
unixsocket {run}/{socket}
unixsocketperm 700
dir {data}
pidfile {run}/v.pid
requirepass {password}
appendonly {appendonly}
appendfsync everysec
save ""
maxmemory 128mb
maxmemory-policy noeviction
databases {databases}
daemonize no
"""


@dataclass(frozen=True)
class Valkey:
    data: Path
    run: Path
    log: Path
    password: str
    databases: int = 16

    def pid(self) -> int | None:
        try:
            pid = int((self.run / "v.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if processes.works_in(pid, self.data) else None

    def answers(self) -> bool:
        return self.ask("PING") == "+PONG"

    def ask(self, command: str) -> str:
        """The first line of its answer to a plain command; empty when nobody answers."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.run / SOCKET))
                line.sendall(f"AUTH {self.password}\r\n{command}\r\n".encode())
                with line.makefile("r", newline="\r\n") as answers:
                    answers.readline()
                    return answers.readline().strip()
        except OSError:
            return ""

    def stop(self) -> None:
        """Ask, then insist: it refuses a polite request when it cannot write its files."""
        if pid := self.pid():
            processes.stop(pid, ask_with=signal.SIGTERM, wait_seconds=5)

    def start(self, programs: Programs, account: Account | None, *, durable: bool = True) -> None:
        """Start the server and return once it answers."""
        for damaged in (False, True):
            if damaged:
                self._set_aside()
            said = processes.size(self.log)
            if self._started(programs, account, durable=durable):
                return
        last_words = processes.words_since(self.log, said)
        raise LaunchRefused(f"{programs} does not start:\n{last_words}\n(from {self.log})")

    def _started(self, programs: Programs, account: Account | None, *, durable: bool) -> bool:
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            give(account, self.data)
        (self.run / "v.pid").unlink(missing_ok=True)
        command = [programs.path, self._configure(account, durable=durable)]
        child = processes.launch(
            command, log=self.log, env=environment(), folder=self.data, account=account
        )
        processes.wait_until(
            lambda: self.answers() or not processes.is_alive(child.pid), seconds=START_SECONDS
        )
        if self.answers():
            return True
        processes.stop(child.pid, ask_with=signal.SIGTERM, wait_seconds=1)
        return False

    def _configure(self, account: Account | None, *, durable: bool) -> Path:
        """A file, because everyone on the machine can read a command line."""
        path = self.run / "v.conf"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(
            CONFIGURATION.format(
                run=self.run,
                socket=SOCKET,
                data=self.data,
                password=self.password,
                databases=self.databases,
                appendonly="yes" if durable else "no",
            )
        )
        give(account, path)
        return path

    def _set_aside(self) -> None:
        number = len(list(self.data.parent.glob(f"{self.data.name}.damaged-*"))) + 1
        self.data.rename(self.data.with_name(f"{self.data.name}.damaged-{number}"))
