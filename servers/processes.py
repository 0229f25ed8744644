"""Other processes: whether they live, whether they are still the same ones, and how to end them."""

import atexit
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from servers.accounts import Account

PROC = Path("/proc")
MAKES = ("make", "gmake")
LARGEST_LOG = 10_000_000
"""Bytes. A larger one is put aside when its process starts again."""
_started: list[subprocess.Popen[bytes]] = []  # kept, so that the dead among them are reaped


def launch(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    folder: Path,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that outlives a Ctrl-C of this one and writes to `log`."""
    if size(log) > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder,
            env=dict(env),
            start_new_session=True,
            umask=0o077,
            **(account.popen_options() if account else {}),
        )
    _started.append(child)
    return child


def size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def words_since(log: Path, start: int) -> str:
    """What was written after the file had `start` bytes."""
    written = log.read_bytes()
    return written[start if start <= len(written) else 0 :].decode(errors="replace").strip()


def is_alive(pid: int) -> bool:
    _reap()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def birth(pid: int) -> str | None:
    """What tells this process from a later one with the same number; None when it is gone."""
    if not is_alive(pid):
        return None
    if PROC.joinpath("self").exists():
        boot = PROC.joinpath("sys/kernel/random/boot_id").read_text().strip()
        fields = _stat(pid)
        return f"{boot}:{fields[19]}" if fields else None
    return _ps(pid, "lstart") or None


def is_ending(parent: int) -> bool:
    """Whether the process that started this one is gone, or was told to end and waits for us.

    `make` passes a Ctrl-C of a terminal on to nobody: the terminal does. Sent to `make` alone, the
    signal only shows in that it is blocked while `make` handles it. Others block it for a moment
    whenever they start a process, and mean nothing by it.
    """
    if os.getppid() != parent:
        return True
    try:
        status = PROC.joinpath(str(parent), "status").read_text()
    except OSError:
        return False
    if status.split(maxsplit=2)[1] not in MAKES:
        return False
    blocked = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
    return bool(int(blocked.split()[1], 16) & 1 << (signal.SIGINT - 1))


def works_in(pid: int, folder: Path) -> bool:
    """Whether a server of ours, which always works inside its own data folder, has this number."""
    if not is_alive(pid):
        return False
    if PROC.joinpath("self").exists():
        try:
            return PROC.joinpath(str(pid), "cwd").resolve(strict=True) == folder.resolve()
        except OSError:
            return False
    return _ps(pid, "comm").rpartition("/")[2] in {"postgres", "valkey-server", "redis-server"}


def stop(pid: int, *, ask_with: signal.Signals, wait_seconds: float) -> None:
    """Ask, wait, and then insist. Returns when the process is gone."""
    for sign, patience in ((ask_with, wait_seconds), (signal.SIGKILL, 10.0)):
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        if wait_until(lambda: not is_alive(pid), seconds=patience):
            return


def kill_group(leader: int) -> None:
    """Kill a process that `launch` started, with all it started in turn."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    wait_until(lambda: not is_alive(leader), seconds=10)


def wait_until(holds: Callable[[], bool], *, seconds: float, pause: float = 0.01) -> bool:
    """Whether `holds` became true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


@atexit.register
def _let_go() -> None:
    """Python warns of what still runs at our end; here it was meant to outlive us."""
    for child in _started:
        child.returncode = child.poll() or 0


def _reap() -> None:
    _started[:] = [child for child in _started if child.poll() is None]


def _state(pid: int) -> str:
    if PROC.joinpath("self").exists():
        fields = _stat(pid)
        return fields[0] if fields else "Z"
    return _ps(pid, "stat")[:1] or "Z"


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when the process is gone."""
    try:
        return PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _ps(pid: int, field: str) -> str:
    answer = subprocess.run(
        ["ps", "-o", f"{field}=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()
