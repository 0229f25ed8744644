"""The commands of the product that a rehearsal runs, as a person at a terminal would."""

import subprocess
import sys
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
PATIENCE_SECONDS = 120
LASTS_MINUTES = 10  # the mark, unless it is renewed: a player that was killed renews nothing
RENEWS_EVERY_SECONDS = 180.0
SCOPES = ("tickets:read", "tickets:write", "referrals:write")


_making = threading.Lock()  # of two who need a token at once, one waits for the other


class CommandFailed(Exception):
    pass


def begin(centre: str) -> None:
    """Mark what comes in from now on. Without it nothing may be played."""
    _run("rehearsal", "begin", "--centre", centre, "--minutes", str(LASTS_MINUTES))


def keep_marked(centre: str, stopped: threading.Event) -> None:
    """Renew the mark until `stopped`; if it cannot be renewed in time, stop the play ourselves."""
    renewed = time.monotonic()
    while not stopped.wait(RENEWS_EVERY_SECONDS):
        try:
            begin(centre)
            renewed = time.monotonic()
        except (CommandFailed, subprocess.TimeoutExpired):
            if time.monotonic() - renewed > LASTS_MINUTES * 60 - 2 * RENEWS_EVERY_SECONDS:
                stopped.set()


def end(centre: str) -> None:
    _run("rehearsal", "end", "--centre", centre)


def token(email: str, kept: Path) -> str:
    """A token of the API for this person, made on first use and kept in a file of ours alone."""
    with _making:
        if not kept.exists():
            scopes = [word for scope in SCOPES for word in ("--scope", scope)]
            made = _run("token", email, *scopes).split()[-1]
            kept.touch(mode=0o600)
            kept.write_text(made)
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
