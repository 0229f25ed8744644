"""Where programs, data and sockets of one installation lie.

In the installation's own folder. Only when this is root and the unprivileged account of the servers
cannot reach that folder, under /var/lib/contactcenter: the modes of other people's folders stay.
"""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from servers import binaries
from servers.accounts import Account, give, server_account
from servers.binaries import Programs
from servers.errors import LaunchRefused
from servers.home import Home

ELSEWHERE = Path("/var/lib/contactcenter")
LONGEST_SOCKET_FOLDER = 80
"""Bytes. The kernel allows 107 (103 on macOS) for the folder and the name of the socket."""


@dataclass(frozen=True)
class Places:
    account: Account | None
    data: Path
    run: Path
    postgres: Programs
    valkey: Programs


def find(home: Home) -> Places:
    """Choose once, note the choice, and keep to it."""
    account = server_account()
    data = _data_folder(home, account)
    places = Places(
        account=account,
        data=data,
        run=_run_folder(home, data, account),
        postgres=within_reach(binaries.postgres(major=data_major(data / "postgres")), account),
        valkey=within_reach(binaries.valkey(), account),
    )
    home.take_note(
        data=os.path.relpath(data, home.folder) if data.is_relative_to(home.folder) else str(data),
        run=str(places.run),
        account=account.name if account else None,
        postgres=f"{places.postgres}, {places.postgres.folder}",
        valkey=f"{places.valkey}, {places.valkey.folder}",
    )
    return places


def data_major(folder: Path) -> int | None:
    """The PostgreSQL release a data folder belongs to; None where there is none yet."""
    try:
        return int((folder / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None


def _data_folder(home: Home, account: Account | None) -> Path:
    noted = home.note("data")
    if noted and (kept := home.folder / str(noted)).exists():
        if account and not account.can_write_in(kept):
            raise LaunchRefused(
                f"The data are in {kept}, and the account {account.name!r}, which runs the servers,"
                " cannot write there. If the project was moved, move it back, or make that folder"
                " reachable for the account."
            )
        return kept
    near = home.folder / "servers"
    _make(near, account)
    if account is None or account.can_write_in(near):
        return near
    near.rmdir()
    # Never a name that could come again: it may hold what a deleted installation left.
    far = ELSEWHERE / f"{home.folder.parent.name}-{secrets.token_hex(4)}"
    _make_public(ELSEWHERE)
    _make(far, account)
    return far


def _run_folder(home: Home, data: Path, account: Account | None) -> Path:
    """A folder with a path short enough for sockets, closed to other accounts."""
    near = data / "run"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
        _make(near, account)
        return near
    noted = home.note("run")
    owner = account.uid if account else os.geteuid()
    if noted and Path(noted).is_dir() and Path(noted).stat().st_uid == owner:
        return Path(noted)
    made = Path(tempfile.mkdtemp(prefix="contactcenter-"))
    give(account, made)
    return made


def _make(folder: Path, account: Account | None) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700)
        give(account, folder)


def _make_public(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def within_reach(programs: Programs, account: Account | None) -> Programs:
    """The same programs where the account can run them: there, or in a copy of the wheel."""
    if account is None or account.can_run(programs.path):
        return programs
    if programs.root is None:
        raise LaunchRefused(
            f"The account {account.name!r} cannot run {programs.path}. Install the servers where"
            " every account can reach them, or run as an ordinary user."
        )
    copy = ELSEWHERE / "programs" / programs.source.replace(" ", "-")
    if not copy.exists():
        _copy_wheel(programs, copy)
    moved = replace(programs, folder=copy / programs.folder.relative_to(programs.root), root=copy)
    if not account.can_run(moved.path):
        raise LaunchRefused(f"The account {account.name!r} cannot run {moved.path}.")
    return moved


def _copy_wheel(programs: Programs, copy: Path) -> None:
    """Copy a package and its libraries; it appears whole or not at all."""
    assert programs.root is not None
    package = programs.folder.relative_to(programs.root).parts[0]
    for folder in (ELSEWHERE, copy.parent):
        _make_public(folder)
    fresh = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
    for part in (package, f"{package}.libs"):
        if (programs.root / part).exists():
            shutil.copytree(programs.root / part, fresh / part, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        fresh.rename(copy)
    except OSError:  # another installation of this machine was faster
        shutil.rmtree(fresh)
