"""Load the product once and run several of its commands in processes forked from it.

`python -m servers.preload "worker urgent" sweeper` costs far less memory than the same commands as
programs of their own: what the product consists of is shared. A command that ends is started again.
When this process dies, however it dies, its commands end too.

`--once demo --outcome FILE` runs one command first and writes its exit status into the file.
"""

import argparse
import gc
import multiprocessing
import os
import shlex
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from pathlib import Path

from flask import Flask
from flask.cli import ScriptInfo
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers

from servers.backoff import Backoff
from servers.home import Home

STOP_SECONDS = 8.0
forking = multiprocessing.get_context("fork")


@dataclass
class Command:
    """One `flask` command and the process that runs it."""

    words: list[str]
    log: Path
    process: ForkProcess | None = None
    backoff: Backoff = field(default_factory=Backoff)

    @property
    def name(self) -> str:
        return "-".join(self.words)

    def start(self, app: Flask) -> None:
        self.process = forking.Process(target=_run, args=(app, self), name=self.name)
        self.process.start()
        self.backoff.started()

    def look_after(self, app: Flask) -> None:
        """Start it, or start it again, when the time has come."""
        if self.process is not None and self.process.exitcode is not None:
            print(f"{self.name} ended ({self.process.exitcode})", flush=True)
            self.process = None
            self.backoff.died()
        if self.process is None and self.backoff.is_due():
            self.start(app)


def main() -> None:
    chosen = _options()
    app = ScriptInfo(app_import_path="wsgi").load_app()
    log = Home.of_environment().log
    _warm_up(app)
    if chosen.once:
        _run_once(app, _command(chosen.once, log), Path(chosen.outcome))
    _keep_running(app, [_command(text, log) for text in chosen.commands])


def _warm_up(app: Flask) -> None:
    """Do once what each process would do in memory of its own, and keep the collector off it."""
    configure_mappers()
    with app.app_context():
        extension: SQLAlchemy | None = app.extensions.get("sqlalchemy")
        for engine in extension.engines.values() if extension else ():
            with suppress(SQLAlchemyError), engine.connect():
                pass
            engine.dispose()
    gc.collect()
    gc.freeze()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m servers.preload")
    parser.add_argument("--once", metavar="COMMAND")
    parser.add_argument("--outcome", metavar="FILE")
    parser.add_argument("commands", nargs="*", metavar="COMMAND")
    return parser.parse_args()


def _run_once(app: Flask, command: Command, outcome: Path) -> None:
    command.start(app)
    assert command.process is not None
    command.process.join()
    fresh = outcome.with_suffix(".fresh")
    fresh.write_text(str(command.process.exitcode))
    fresh.replace(outcome)


def _keep_running(app: Flask, table: list[Command]) -> None:
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: stopping.append(number))
    while not stopping:
        for command in table:
            command.look_after(app)
        connection.wait([c.process.sentinel for c in table if c.process], timeout=0.5)
    _stop([command.process for command in table if command.process])


def _command(text: str, log: Path) -> Command:
    words = shlex.split(text)
    return Command(words, log / f"{'-'.join(words)}.log")


def _stop(processes: list[ForkProcess]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.exitcode is None:
            process.kill()
            process.join()


def _run(app: Flask, command: Command) -> None:
    """Be the command. Runs in a process of its own."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(
            number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        )
    with command.log.open("ab") as log:
        for descriptor in (1, 2):
            os.dup2(log.fileno(), descriptor)
    _name_process(command.name)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Not through FlaskGroup: it would load the commands of every installed package, each time.
    with app.app_context():
        app.cli.main(args=command.words, prog_name="flask", obj=ScriptInfo(create_app=lambda: app))


def _name_process(name: str) -> None:
    """What `top` and `ps -e` show; 15 letters, and only where the system has such a thing."""
    if (own := Path("/proc/self/comm")).exists():
        own.write_text(name[:15])


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
