"""What processes cost, as the kernel counts it: processor time and memory."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.product import Product
from servers.private import Private

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True)
class Groups:
    """The first process of each part of a running product; the rest descend from it."""

    launcher: int
    web: int
    postgres: int
    valkey: int

    @classmethod
    def of(cls, product: Product) -> "Groups":
        private = Private(product.home)
        postgres, valkey = private.postgres(), private.valkey()
        assert postgres is not None
        assert valkey is not None
        web = [pid for pid in tree(product.pid) if b"gunicorn" in _command(pid)]
        return cls(product.pid, web[0], postgres.pid() or 0, valkey.pid() or 0)


def tree(root: int) -> list[int]:
    """A process and all that descend from it, the parents first."""
    children: dict[int, list[int]] = {}
    for pid in _processes():
        children.setdefault(_parent(pid), []).append(pid)
    found = [root]
    for pid in found:  # it grows while it is walked
        found += children.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """Processor time of a process, its living descendants and those it has buried."""
    return cpu_of(tree(root))


def cpu_of(pids: Iterable[int]) -> float:
    """Processor time of these processes and of their buried children, in seconds."""
    return sum(_ticks(pid) for pid in pids) / TICKS


def pss_megabytes(pids: Iterable[int]) -> float:
    """Memory of these processes; what several share is divided among them."""
    return sum(_pss_kilobytes(pid) for pid in pids) / 1024


def name(pid: int) -> str:
    return _read(pid, "comm").decode().strip()


def _processes() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal()]


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _ticks(pid: int) -> int:
    """Of itself and of its buried children, in user and kernel mode."""
    return sum(int(field) for field in _stat(pid)[11:15])


def _stat(pid: int) -> list[bytes]:
    """The fields from the third on; none when the process is gone."""
    return _read(pid, "stat").rpartition(b") ")[2].split()


def _pss_kilobytes(pid: int) -> int:
    for line in _read(pid, "smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1])
    return 0


def _command(pid: int) -> bytes:
    return _read(pid, "cmdline")


def _read(pid: int, file: str) -> bytes:
    try:
        return (PROC / str(pid) / file).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
