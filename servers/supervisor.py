"""Keeps the processes of a run alive until it is told to stop."""

import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servers import processes
from servers.backoff import Backoff
from servers.home import PROJECT
from servers.records import Record, Records

STOP_SECONDS = 10.0


@dataclass
class Process:
    """One line of the process table."""

    name: str
    command: list[str]
    child: subprocess.Popen[bytes] | None = None
    backoff: Backoff = field(default_factory=Backoff)


@dataclass
class Supervisor:
    records: Records
    log: Path
    environment: Mapping[str, str]
    report: Callable[[str], None]
    table: list[Process] = field(default_factory=list)

    def start(self, process: Process) -> None:
        self.table.append(process)
        self._launch(process)

    def process(self, name: str) -> Process:
        return next(process for process in self.table if process.name == name)

    def look_after(self) -> None:
        """Start again what died, at its time."""
        for process in self.table:
            if process.child is not None and process.child.poll() is not None:
                self._bury(process)
            if process.child is None and process.backoff.is_due():
                self._launch(process)

    def stop(self) -> None:
        """End every process, the last started first asked, and insist with the deaf."""
        children = [process.child for process in self.table if process.child]
        for child in reversed(children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        processes.wait_until(
            lambda: all(child.poll() is not None for child in children), seconds=STOP_SECONDS
        )
        for child in children:
            processes.kill_group(child.pid)
        self.table.clear()
        self.records.path.unlink(missing_ok=True)

    def last_words(self, name: str) -> str:
        """The end of what a process wrote."""
        path = self._log(name)
        return (
            "\n".join(path.read_text(errors="replace").splitlines()[-15:]) if path.exists() else ""
        )

    def _launch(self, process: Process) -> None:
        process.child = processes.launch(
            process.command, log=self._log(process.name), env=self.environment, folder=PROJECT
        )
        process.backoff.started()
        self._note()

    def _bury(self, process: Process) -> None:
        assert process.child is not None
        # What it started in turn must not work on beside its successor.
        processes.kill_group(process.child.pid)
        process.backoff.died()
        self.report(
            f"{process.name} ended ({_cause(process.child.returncode)}); starting it again."
            f" What it said: {self._log(process.name)}"
        )
        process.child = None

    def _note(self) -> None:
        self.records.write(
            [
                Record(process.name, process.child.pid, birth)
                for process in self.table
                if process.child and (birth := processes.birth(process.child.pid))
            ]
        )

    def _log(self, name: str) -> Path:
        return self.log / f"{name}.log"


def _cause(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"status {returncode}"
