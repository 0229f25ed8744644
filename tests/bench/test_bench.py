"""The benchmarks work; how fast anything is, no test says."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent


def test_the_short_form_measures_everything_and_leaves_nothing_running():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    for title in (
        "Idle, without traffic",
        "From commit to repaint of the board",
        "Open a request through the API",
        "Pages, one reader",
    ):
        assert title in done.stdout
