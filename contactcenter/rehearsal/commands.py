"""The commands of the product that a rehearsal runs, as a person at a terminal would."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
PATIENCE_SECONDS = 120
SCOPES = ("tickets:read", "tickets:write", "referrals:write")


class CommandFailed(Exception):
    pass


def begin(centre: str) -> None:
    """Mark what comes in from now on. Without it nothing may be played."""
    _run("rehearsal", "begin", "--centre", centre)


def end(centre: str) -> None:
    _run("rehearsal", "end", "--centre", centre)


def token(email: str, kept: Path) -> str:
    """A token of the API for this person, made on first use and kept in a file of ours alone."""
    if not kept.exists():
        kept.touch(mode=0o600)
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        kept.write_text(_run("token", email, *scopes).split()[-1])
    return kept.read_text()


def _run(*words: str) -> str:
    done = subprocess.run(
        [*FLASK, *words],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode:
        raise CommandFailed(f"flask {' '.join(words)}: {done.stderr[-1000:]}")
    return done.stdout
