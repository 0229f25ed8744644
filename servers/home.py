"""The folder of one installation: its secrets, its notes about itself, its logs.

secrets.json    passwords, made once, readable by the owner only
instance.json   which programs run and where the data are
log/            what the servers and processes said
servers/        data of PostgreSQL and Valkey, owned by the account they run as
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.errors import LaunchRefused

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    folder: Path

    @classmethod
    def of_environment(cls) -> "Home":
        return cls((PROJECT / os.environ.get("CONTACTCENTER_HOME", "var")).resolve())

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def lock(self) -> Path:
        """Held while servers are being started or stopped."""
        return self.folder / "servers.lock"

    @property
    def users(self) -> Path:
        """Shared by every process that uses the private servers."""
        return self.folder / "users.lock"

    def make(self) -> None:
        """Create what is missing. Folders that exist keep their mode and owner."""
        try:
            for folder in (self.folder, self.log):
                if not folder.exists():
                    folder.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        except PermissionError as refusal:
            raise LaunchRefused(f"Cannot create {refusal.filename}: permission denied.") from None
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise LaunchRefused(
                f"{self.folder} belongs to another account. Run as that account, or set"
                " CONTACTCENTER_HOME to a folder of your own."
            )

    def secret(self, name: str, *, size: int = 24) -> str:
        """A password that is made on first use, of `size` random bytes, and stays the same."""
        kept = self._read("secrets.json")
        if name not in kept:
            kept[name] = secrets.token_urlsafe(size)
            self._write("secrets.json", kept)
        return str(kept[name])

    def note(self, name: str) -> Any:
        return self._read("instance.json").get(name)

    def take_note(self, **notes: Any) -> None:
        kept = self._read("instance.json")
        if {**kept, **notes} != kept:
            self._write("instance.json", {**kept, **notes})

    def _read(self, name: str) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads((self.folder / name).read_text())
        except FileNotFoundError:
            return {}
        return kept

    def _write(self, name: str, kept: dict[str, Any]) -> None:
        """Whole or not at all, whenever the power goes."""
        fresh = self.folder / f"{name}.{os.getpid()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(kept, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self.folder / name)
