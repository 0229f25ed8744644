"""Which account the private servers run as.

PostgreSQL refuses to run as root. Then an account that exists already is used, and none is made.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.errors import LaunchRefused


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, program: Path) -> bool:
        return self._manages([str(program), "--version"])

    def can_write_in(self, folder: Path) -> bool:
        return self._manages(["/bin/sh", "-c", 'test -w "$1" && test -x "$1"', "sh", str(folder)])

    def _manages(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command, cwd="/", capture_output=True, check=False, **self.popen_options()
            )
        except OSError:
            return False
        return done.returncode == 0


def server_account() -> Account | None:
    """The unprivileged account to drop to when this is root; None when it is somebody already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LaunchRefused(
        "This is root, PostgreSQL refuses to run as root, and there is neither an account"
        " 'postgres' nor 'nobody'. Run as an ordinary user."
    )


def give(account: Account | None, *paths: Path) -> None:
    """Make over what this program has just created, unless it drops to no other account."""
    if account is not None:
        for path in paths:
            os.chown(path, account.uid, account.gid)
