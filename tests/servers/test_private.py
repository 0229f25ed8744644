"""The private servers start, are found again, survive and end as they should."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from servers import migrations, places, processes
from servers.errors import LaunchRefused
from servers.home import PROJECT, Home
from servers.private import Private, running
from tests.servers.conftest import a_command_that_uses, as_an_ordinary_user, remove


@pytest.fixture
def no_migrations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A product without tables: these tests are about servers."""
    monkeypatch.setattr(migrations, "VERSIONS", tmp_path)


def pids(private: Private) -> tuple[int, int]:
    postgres, valkey = private.postgres(), private.valkey()
    assert postgres is not None
    assert valkey is not None
    found = postgres.pid(), valkey.pid()
    assert found[0]
    assert found[1]
    return found


def keep_something(private: Private) -> None:
    urls = private.urls()
    with psycopg.connect(urls.migrator_database_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'a row' AS what")
    with Redis.from_url(urls.redis_url) as redis:
        redis.set("kept", "a key")


def something_is_kept(private: Private) -> bool:
    urls = private.urls()
    with psycopg.connect(urls.database_url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT what FROM kept").fetchone()
    with Redis.from_url(urls.redis_url) as redis:
        return row == ("a row",) and redis.get("kept") == b"a key"


def test_rows_and_keys_survive_a_restart(home):
    private = Private(home)
    private.join()
    keep_something(private)
    private.leave()
    private.join()
    assert something_is_kept(private)


def test_committed_rows_survive_a_kill_of_both_servers(home):
    private = Private(home)
    private.join()
    keep_something(private)
    redis = Redis.from_url(private.urls().redis_url)
    redis.execute_command("WAITAOF", 1, 0, 2000)
    redis.close()
    for pid in pids(private):
        os.kill(pid, signal.SIGKILL)
    private.join()
    assert something_is_kept(private)


def test_the_last_user_stops_the_servers(private):
    private.join()
    first = pids(private)
    private.leave()
    assert not any(processes.is_alive(pid) for pid in first)


def test_servers_in_use_by_another_stay(private):
    user = a_command_that_uses(private.home)
    private.join()
    assert private.leave() is True
    assert private.all_run()
    user.communicate()
    assert not private.all_run()


def test_a_killed_user_does_not_keep_the_servers_up(private):
    user = a_command_that_uses(private.home)
    user.kill()
    user.communicate()
    private.join()
    assert private.leave() is False
    assert not private.all_run()


def test_running_servers_are_found_again(untouched):
    before = pids(untouched)
    other = Private(untouched.home)
    other.join()
    assert pids(other) == before


def test_servers_asked_to_stay_outlive_their_users(migrated_home):
    told = subprocess.run(
        [sys.executable, "-m", "servers", "shell-env"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [line.removeprefix("export ").split("=")[0] for line in told.stdout.splitlines()]
    assert names == ["DATABASE_URL", "MIGRATOR_DATABASE_URL", "REDIS_URL"]
    assert Private(migrated_home).all_run()
    subprocess.run([sys.executable, "-m", "servers", "stop"], cwd=PROJECT, check=True)
    assert not Private(migrated_home).all_run()


def test_given_addresses_win_and_nothing_is_started(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://user@db.example/centre")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example/0")
    with running() as urls:
        assert urls.database_url == "postgresql://user@db.example/centre"
        assert urls.migrator_database_url == urls.database_url
        assert urls.redis_url == "redis://redis.example/0"
    assert not home.folder.exists()


@pytest.mark.usefixtures("no_migrations")
def test_only_what_is_not_given_is_started(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://user@db.example/centre")
    with running() as urls, Redis.from_url(urls.redis_url) as redis:
        assert redis.ping()
        assert not (home.folder / "servers" / "postgres").exists()


def test_a_database_is_migrated_once(home, monkeypatch):
    upgrades: list[str] = []
    with running(report=upgrades.append):
        pass
    with running(report=upgrades.append):
        pass
    assert upgrades.count("Bringing the database up to date") == 1


def test_a_data_folder_of_another_release_is_refused_and_named(home):
    private = Private(home, durable=False)
    home.make()
    folder = places.find(private.home).data / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("13\n")
    with pytest.raises(LaunchRefused, match=r"written by PostgreSQL 13.*PG_BIN.*dump"):
        private.join()


def test_lost_passwords_are_an_error_that_says_so(private):
    private.join()
    (private.home.folder / "secrets.json").unlink()
    with pytest.raises(LaunchRefused, match=r"secrets\.json that belongs"):
        Private(private.home, durable=False).join()


def test_a_damaged_store_is_set_aside(private):
    private.durable = True
    private.join()
    valkey = private.valkey()
    private.stop()
    for log in valkey.data.glob("appendonlydir/*"):
        log.write_bytes(b"neither this nor that\r\n" * 100)
    private.join()
    assert valkey.answers()
    assert [path.name for path in valkey.data.parent.glob("valkey.*")] == ["valkey.damaged-1"]


def test_a_server_that_hangs_is_replaced(private):
    private.join()
    _, valkey = pids(private)
    os.kill(valkey, signal.SIGSTOP)
    private.patience_seconds = 0.1
    private.join()
    assert pids(private)[1] != valkey
    assert private.valkey().answers()


def test_a_number_that_now_belongs_to_another_process_is_not_mistaken_for_the_server(private):
    private.join()
    postgres, server = private.postgres(), pids(private)[0]
    os.kill(server, signal.SIGKILL)
    assert processes.wait_until(lambda: not processes.is_alive(server), seconds=60)
    owner = places.find(private.home).account
    stranger = processes.launch(
        ["sleep", "60"], log=private.home.log / "x.log", env={}, folder=Path("/"), account=owner
    )
    notes = (postgres.data / "postmaster.pid").read_text().split("\n", 1)[1]
    (postgres.data / "postmaster.pid").write_text(f"{stranger.pid}\n{notes}")
    try:
        private.join()
        assert postgres.answers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_creation_that_was_killed_is_begun_again(home):
    private = Private(home, durable=False)
    home.make()
    left = places.find(private.home).data / "making-1234"
    left.mkdir()
    private.join()
    assert private.postgres().answers()
    assert not left.exists()


def test_a_path_too_long_for_sockets_puts_them_elsewhere(home):
    long = Home(home.folder.parent / ("long" * 30))
    other = Private(long, durable=False)
    try:
        other.join()
        assert other.postgres().answers()
        assert other.valkey().answers()
    finally:
        remove(long)


def test_passwords_are_readable_by_the_owner_only(untouched):
    assert (untouched.home.folder / "secrets.json").stat().st_mode & 0o077 == 0
    assert untouched.postgres().run.stat().st_mode & 0o077 == 0


def test_no_password_is_in_a_command_line(untouched):
    secrets = [untouched.home.secret(name) for name in ("postgres", "migrator", "app", "valkey")]
    lines = "".join(_command_lines())
    assert "postgres" in lines
    assert not [secret for secret in secrets if secret in lines]


def _command_lines() -> Iterator[str]:
    """Of every process of this machine; one that ends meanwhile has none."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield (process / "cmdline").read_text(errors="replace")


def test_no_network_port_is_opened(untouched):
    with untouched.postgres().connect() as superuser:
        assert superuser.execute("SHOW listen_addresses").fetchone() == ("",)
    assert untouched.valkey().ask("CONFIG GET port") == "*2"
    with Redis.from_url(untouched.urls().redis_url) as redis:
        assert redis.config_get("port") == {"port": "0"}


@pytest.mark.parametrize("made", [False, True], ids=["to make", "there"])
def test_a_home_of_another_account_is_refused(home, made):
    around = home.folder.parent
    if made:
        home.make()
        home.folder.chmod(0o555)
    around.chmod(0o555)
    try:
        refused = r"another account" if made else r"permission denied"
        with as_an_ordinary_user(), pytest.raises(LaunchRefused, match=refused):
            Private(home).join()
    finally:
        around.chmod(0o755)
        if made:  # whoever is not root stops its servers through it
            home.folder.chmod(0o755)
