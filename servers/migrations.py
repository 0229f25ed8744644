"""Bring a database to the newest shape, through the product's own command."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

import psycopg

from servers.errors import LaunchRefused
from servers.home import PROJECT, Home

VERSIONS = PROJECT / "migrations" / "versions"


def upgrade_private(
    home: Home, addresses: Mapping[str, str], *, report: Callable[[str], None]
) -> None:
    """Upgrade the private database unless it is known to be at the newest shape already.

    Asking Alembic costs a second Python and a second; every command would pay for it.
    """
    newest = _fingerprint()
    url = addresses["MIGRATOR_DATABASE_URL"]
    if newest is None or home.note("migrated") == [newest, _revision(url)]:
        return
    report("Bringing the database up to date")
    upgrade(addresses)
    home.take_note(migrated=[newest, _revision(url)])


def upgrade(addresses: Mapping[str, str]) -> None:
    """Run the migrations of the product. Raises LaunchRefused with what they said."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
        cwd=PROJECT,
        env={**os.environ, **addresses},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # a Ctrl-C waits for it, so that nothing is half done
    )
    if done.returncode:
        raise LaunchRefused(f"The database cannot be brought up to date:\n{done.stderr.strip()}")


def _fingerprint() -> str | None:
    """A digest of all migrations; None when the product has none yet."""
    scripts = sorted(VERSIONS.glob("*.py"))
    if not scripts:
        return None
    digest = hashlib.sha256()
    for script in scripts:
        digest.update(script.name.encode() + b"\0" + script.read_bytes())
    return digest.hexdigest()


def _revision(url: str) -> str | None:
    """What the database itself says it is at; None when it was never migrated."""
    with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return str(row[0]) if row else None
