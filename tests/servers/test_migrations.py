"""The database goes back to its first shape and forth again, with rows in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from servers.testing import Cluster

PROJECT = Path(__file__).parents[2]
FIRST = "0002"  # behind it lies an empty database


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_every_migration_can_be_taken_back_and_made_again(cluster: Cluster, tmp_path):
    template = cluster.template("empty", lambda _urls: None)
    urls = cluster.database("round_trip", template=template, redis_number=14)
    known = {"CONTACTCENTER_HOME": str(tmp_path), "DEMO_PASSWORD": "only for this test"}
    for words in (
        ["db", "upgrade"],
        ["demo", "--no-past"],
        ["db", "downgrade", FIRST],
        ["db", "upgrade"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=PROJECT,
            env={**os.environ, **urls.environment(), **known},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stderr[-2000:]}"
