"""The benchmarks work; how fast anything is, no test says."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
WITHIN_SECONDS = 400


@pytest.mark.timeout(WITHIN_SECONDS + 100)
def test_the_short_form_measures_everything_and_leaves_nothing_running(cluster, tmp_path):
    printed = tmp_path / "printed"
    with printed.open("w") as out:
        bench = subprocess.Popen(
            [sys.executable, "-m", "bench", "--quick", "--copy", cluster.migrated.folder],
            cwd=PROJECT,
            stdout=out,
            stderr=out,
        )
    try:
        code = bench.wait(WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        bench.terminate()  # it stops its product on the way out
        code = bench.wait(60)
    told = printed.read_text()
    assert code == 0, told
    for title in (
        "1,920 staffing solves, three goals",
        "Idle, without traffic",
        "From commit to repaint of the board",
        "Giving out work",
        "Open a request through the API",
        "An expert’s list",
        "Sweep of 40 questions due at once",
        "Pages, one reader",
        "From key to paint",
    ):
        assert title in told
