"""As root, the servers run as an account that exists; nobody's folders are opened for it."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from servers import accounts, binaries, places
from servers.errors import LaunchRefused
from servers.home import Home
from servers.private import Private


def owner_of(pid: int | None) -> int:
    return Path("/proc", str(pid)).stat().st_uid


def test_the_servers_do_not_run_as_root(untouched):
    account = accounts.server_account()
    assert owner_of(untouched.postgres().pid()) == account.uid
    assert owner_of(untouched.valkey().pid()) == account.uid


def test_the_data_lie_in_the_home_when_the_account_can_reach_it(untouched):
    assert untouched.postgres().data.is_relative_to(untouched.home.folder)


def test_data_move_out_of_a_closed_home_and_its_mode_stays(closed_home):
    private = Private(closed_home, durable=False)
    before = stat.S_IMODE(closed_home.folder.parent.stat().st_mode)
    private.join()
    assert private.postgres().data.is_relative_to("/var/lib/contactcenter")
    assert stat.S_IMODE(closed_home.folder.parent.stat().st_mode) == before == 0o700
    private.leave()
    again = Private(Home(closed_home.folder), durable=False)
    again.join()
    assert again.postgres().data == private.postgres().data
    again.leave()


@pytest.fixture
def closed_programs(tmp_path):
    """Servers as a wheel brings them, in a folder that only root may enter."""
    tmp_path.chmod(0o700)
    folder = tmp_path / "wheel" / "bin"
    folder.mkdir(parents=True)
    (tmp_path / "wheel.libs").mkdir()
    for name in ("postgres", "initdb"):
        (folder / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 18.0'\n")
        (folder / name).chmod(0o700)
    return binaries.Programs(folder, "postgres", (18, 0), "wheel 18.0", tmp_path)


def test_programs_out_of_reach_are_copied(closed_programs, monkeypatch):
    monkeypatch.setattr(places, "ELSEWHERE", Path("/var/lib/contactcenter-test"))
    try:
        moved = places.within_reach(closed_programs, accounts.server_account())
        assert moved.folder.is_relative_to("/var/lib/contactcenter-test")
        assert accounts.server_account().can_run(moved.folder / "initdb")
    finally:
        shutil.rmtree("/var/lib/contactcenter-test", ignore_errors=True)


def test_data_that_the_account_can_no_longer_reach_are_named(private):
    private.join()
    private.stop()
    around = private.home.folder.parent
    os.chmod(around, 0o700)
    try:
        with pytest.raises(LaunchRefused, match="cannot write there"):
            private.join()
    finally:
        os.chmod(around, 0o755)
