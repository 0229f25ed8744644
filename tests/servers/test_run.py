"""`make run`, seen from its terminal, with a stand-in for the product."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from servers import processes
from servers.home import PROJECT, Home
from servers.private import Private
from servers.records import Records

PATIENCE_SECONDS = 180  # of a machine that has much else to do


class Terminal:
    """One run: what it prints, what it answers, what processes it has."""

    def __init__(self, project: Path, home: Home, *, traffic: str = "0", port: int = 0) -> None:
        self.home = home
        self.port = port or free_port()
        self.said: list[str] = []
        self.run = subprocess.Popen(
            [shutil.which("make") or "make", "--no-print-directory", "run"],
            cwd=project,
            env={
                **os.environ,
                "CONTACTCENTER_HOME": str(home.folder),
                "PORT": str(self.port),
                "LMTP_LISTEN": f"127.0.0.1:{free_port()}",
                "TRAFFIC": traffic,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # Whoever starts the tests in the background lets them ignore it; a terminal does not.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def wait_for(self, words: str) -> str:
        """The line with these words. The run ends without them: an error that shows all it said."""
        assert self.run.stdout is not None
        for line in self.run.stdout:
            self.said.append(line.rstrip())
            if words in line:
                return line
        raise AssertionError("\n".join(self.said))

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> None:
        """What a terminal does at Ctrl-C: the signal goes to everything in its foreground."""
        os.killpg(self.run.pid, number)

    def rest(self) -> str:
        said, _ = self.run.communicate(timeout=PATIENCE_SECONDS)
        return "\n".join(self.said) + said

    def ask(self, path: str) -> str:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_SECONDS
        ) as answer:
            return str(answer.read().decode())

    def pid(self, name: str) -> int:
        """What the process wrote of itself; who reads while it writes finds nothing yet."""
        file = self.home.folder / f"{name}.pid"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (said := file.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return int(said)

    def recorded(self, name: str) -> int:
        records = Records(self.home.folder / "processes.json").read()
        return next(record.pid for record in records if record.name == name)

    def all_pids(self) -> list[int]:
        private = Private(self.home)
        servers = [private.postgres().pid(), private.valkey().pid()]
        jobs = [self.pid(name) for name in ("urgent", "bulk", "letters", "sweeper", "lmtp")]
        return [
            *(pid for pid in servers if pid),
            *jobs,
            self.recorded("web"),
            self.recorded("jobs"),
        ]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def someone_new(terminal: Terminal, name: str, old: int) -> bool:
    return processes.wait_until(
        lambda: terminal.pid(name) != old and processes.is_alive(terminal.pid(name)),
        seconds=PATIENCE_SECONDS,
    )


def all_gone(pids: list[int]) -> bool:
    return processes.wait_until(
        lambda: not any(processes.is_alive(pid) for pid in pids), seconds=PATIENCE_SECONDS
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The launcher beside a product that starts in no time."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(Path(__file__).parent / "product", folder, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "servers", folder / "servers")
    shutil.copy(PROJECT / "gunicorn.conf.py", folder)
    (folder / "Makefile").write_text(f"run:\n\t@{sys.executable} -m servers run\n")
    return folder


@pytest.fixture
def started(project: Path, home: Home) -> Iterator[list[Terminal]]:
    """The runs of a test, killed at its end if they still run."""
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        if terminal.run.poll() is None:
            terminal.interrupt(signal.SIGKILL)
        terminal.run.communicate()
    Records(home.folder / "processes.json").clear_up()


@pytest.fixture
def start(project, used_home, started):
    def start(**options) -> Terminal:
        started.append(Terminal(project, used_home, **options))
        return started[-1]

    return start


def test_a_first_run_tells_its_address_and_sign_ins_and_ends_at_ctrl_c(project, home, started):
    terminal = Terminal(project, home, traffic="1")
    started.append(terminal)
    address = terminal.wait_for("The contact centre runs")
    terminal.wait_for("Stop: Ctrl-C")
    assert f"http://127.0.0.1:{terminal.port}/" in address
    assert home.secret("demo_password") in "\n".join(terminal.said)
    assert "referent@dgfip.example" in "\n".join(terminal.said)
    pids = [*terminal.all_pids(), terminal.pid("rehearsal")]
    assert all(processes.is_alive(pid) for pid in pids)
    terminal.interrupt()
    assert terminal.rest().endswith("Stopped\n")
    assert not [pid for pid in pids if processes.is_alive(pid)]


def test_a_second_run_finds_the_data_of_the_first(start):
    for runs in (1, 2):
        terminal = start()
        terminal.wait_for("The contact centre runs")
        assert terminal.ask("/runs") == f"({runs},)"
        terminal.interrupt()
        terminal.rest()


def test_a_second_run_beside_the_first_is_told_where_that_is(start):
    first = start()
    first.wait_for("The contact centre runs")
    second = start()
    told = second.rest()
    assert second.run.returncode
    assert f"already runs: http://127.0.0.1:{first.port}" in told
    assert first.ask("/readyz") == "ready"


def test_an_interrupt_that_reaches_make_alone_stops_everything(start):
    terminal = start()
    terminal.wait_for("The contact centre runs")
    pids = terminal.all_pids()
    terminal.run.send_signal(signal.SIGINT)
    assert "Stopped" in terminal.rest()
    assert not [pid for pid in pids if processes.is_alive(pid)]


def test_a_run_whose_make_was_killed_makes_room_for_the_next(start):
    first = start()
    first.wait_for("The contact centre runs")
    pids = first.all_pids()
    first.run.kill()
    second = start()
    second.wait_for("The contact centre runs")
    assert second.ask("/runs") == "(2,)"
    assert all_gone(pids)


def test_killed_processes_are_started_again(start):
    terminal = start()
    terminal.wait_for("The contact centre runs")
    worker, jobs, web = terminal.pid("urgent"), terminal.recorded("jobs"), terminal.recorded("web")
    os.kill(worker, signal.SIGKILL)
    assert someone_new(terminal, "urgent", worker)
    bulk = terminal.pid("bulk")
    os.kill(jobs, signal.SIGKILL)
    os.kill(web, signal.SIGKILL)
    assert someone_new(terminal, "bulk", bulk)
    assert all_gone([worker, jobs, web, bulk])
    terminal.wait_for("web ended (signal 9); starting it again")


def test_killed_servers_are_started_again_with_their_data(start, home):
    terminal = start()
    terminal.wait_for("The contact centre runs")
    private = Private(home)
    killed = [private.postgres().pid(), private.valkey().pid()]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    terminal.wait_for("Starting PostgreSQL")
    terminal.wait_for("Starting valkey-server")
    assert processes.wait_until(private.valkey().answers, seconds=PATIENCE_SECONDS)
    assert terminal.ask("/runs") == "(1,)"


def test_after_a_kill_of_everything_that_supervises_the_next_run_clears_up(start):
    first = start()
    first.wait_for("The contact centre runs")
    pids = first.all_pids()
    first.interrupt(signal.SIGKILL)
    first.rest()
    second = start()
    second.wait_for("Cleared up after a run that was killed: web, jobs")
    second.wait_for("The contact centre runs")
    assert second.ask("/runs") == "(2,)"
    assert all_gone(pids[2:])
    second.interrupt()
    assert "Stopped" in second.rest()
    assert all_gone(pids)


def test_a_taken_port_is_named(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        terminal = start(port=port)
        assert f"127.0.0.1:{port} is in use by another program" in terminal.rest()
