"""What a run notes about its processes, so that the next one can clear up after a killed one."""

import json
import os
import signal
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from servers import processes

PATIENCE_SECONDS = 6.0


@dataclass(frozen=True)
class Record:
    """A process, told from a later one with the same number by when it was born."""

    name: str
    pid: int
    birth: str

    def is_the_same(self) -> bool:
        return processes.birth(self.pid) == self.birth


@dataclass(frozen=True)
class Records:
    path: Path

    def read(self) -> list[Record]:
        try:
            return [Record(**entry) for entry in json.loads(self.path.read_text())]
        except (FileNotFoundError, ValueError):
            return []

    def write(self, records: list[Record]) -> None:
        fresh = self.path.with_suffix(".fresh")
        fresh.write_text(json.dumps([asdict(record) for record in records]))
        fresh.replace(self.path)

    def clear_up(self) -> list[str]:
        """End what a killed run left behind; the names of what was still there."""
        left = [record for record in self.read() if record.is_the_same()]
        for record in left:
            with suppress(ProcessLookupError):
                os.kill(record.pid, signal.SIGTERM)
        processes.wait_until(
            lambda: not any(record.is_the_same() for record in left), seconds=PATIENCE_SECONDS
        )
        for record in left:
            if record.is_the_same():
                processes.kill_group(record.pid)
        self.path.unlink(missing_ok=True)
        return [record.name for record in left]
