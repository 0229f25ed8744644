"""Where the files of a run lie: in memory, if there is room.

Servers are made and deleted by the thousand files. A disk looks for a place for each of them, and
passes by those that were only just deleted: that took longer than all else in starting a server.
"""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


def use() -> None:
    """Let temporary files lie in memory, for this process and all that it starts."""
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # whoever asked before was told of a disk


def _has_room() -> bool:
    if not os.access(MEMORY, os.W_OK | os.X_OK):
        return False
    told = os.statvfs(MEMORY)
    free = min(told.f_bavail * told.f_frsize, _available())
    return free > ROOM and not told.f_flag & os.ST_NOEXEC


def _available() -> int:
    """Bytes that programs can still have."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    told = dict(line.split(":") for line in lines)
    return int(told["MemAvailable"].split()[0]) * 1024
