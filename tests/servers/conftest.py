"""Homes of their own for servers of their own, gone after the test whatever happened in it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from servers.accounts import server_account
from servers.home import PROJECT, Home
from servers.places import ELSEWHERE
from servers.private import Private
from servers.testing import Cluster, copy_home

# Only root has an account to drop to: for anybody else there is nothing in there to test.
collect_ignore = [] if os.geteuid() == 0 else ["test_accounts.py"]


def remove(home: Home) -> None:
    """Stop the servers of a home and delete all it has, elsewhere too."""
    private = Private(home)
    private.stop()
    if server := private.postgres():
        shutil.rmtree(server.run, ignore_errors=True)
        shutil.rmtree(server.data.parent, ignore_errors=True)
    shutil.rmtree(home.folder, ignore_errors=True)


@contextmanager
def reachable_home() -> Iterator[Home]:
    """A home that every account can reach; pytest's own folders are closed to others."""
    around = Path(tempfile.mkdtemp(prefix="contactcenter-home-"))
    around.chmod(0o755)
    home = Home(around / "var")
    yield home
    remove(home)
    shutil.rmtree(around)


@contextmanager
def as_an_ordinary_user() -> Iterator[None]:
    """Without root's rights for a while, as root may write anywhere; others stay who they are."""
    account = server_account()
    if account is None:
        yield
        return
    os.setresgid(account.gid, account.gid, 0)
    os.setresuid(account.uid, account.uid, 0)  # the third is the way back
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """The home of this test, named in an environment that names no servers."""
    for name in ("DATABASE_URL", "MIGRATOR_DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    with reachable_home() as home:
        monkeypatch.setenv("CONTACTCENTER_HOME", str(home.folder))
        yield home


@pytest.fixture(scope="session")
def once_used() -> Iterator[Home]:
    """The home of servers that have run and rest: to copy it costs a tenth of making one."""
    with reachable_home() as home:
        private = Private(home, durable=False)
        private.join()
        private.leave()
        yield home


@pytest.fixture
def used_home(home: Home, once_used: Home) -> Home:
    """The home of this test, in which servers have run before."""
    copy_home(once_used, home)
    return home


@pytest.fixture
def migrated_home(home: Home, cluster: Cluster) -> Home:
    """The home of this test, which the product's own tables are in."""
    copy_home(cluster.migrated, home)
    return home


@pytest.fixture
def private(used_home: Home) -> Private:
    """Private servers that do not run; they skip flushing, not anything else."""
    return Private(used_home, durable=False)


@pytest.fixture(scope="module")
def untouched(once_used: Home) -> Iterator[Private]:
    """Private servers that run, for tests that only look at them."""
    with reachable_home() as home:
        copy_home(once_used, home)
        private = Private(home, durable=False)
        private.join()
        yield private


@pytest.fixture
def closed_home(tmp_path: Path) -> Iterator[Home]:
    """A home inside a folder that only its owner may enter."""
    tmp_path.chmod(0o700)
    home = Home(tmp_path / "var")
    before = set(ELSEWHERE.glob("*"))
    yield home
    remove(home)
    assert set(ELSEWHERE.glob("*")) - before <= {ELSEWHERE / "programs"}


def a_command_that_uses(home: Home) -> "subprocess.Popen[str]":
    """Another process that uses the private servers until it is killed or its input ends."""
    program = (
        "import sys; from servers.private import Private; from servers.home import Home;"
        " from pathlib import Path; p = Private(Home(Path(sys.argv[1])), durable=False);"
        " p.join(); print('in', flush=True); sys.stdin.read(); p.leave()"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", program, str(home.folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "in\n"
    return user
