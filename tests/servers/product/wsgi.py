"""A stand-in for the product, as the launcher sees it: pages, commands, processes that last."""

import os
import threading
from pathlib import Path

import click
import psycopg
from flask import Flask

app = Flask(__name__)
HOME = Path(os.environ.get("CONTACTCENTER_HOME", "var"))


def connect() -> "psycopg.Connection[tuple[int]]":
    return psycopg.connect(os.environ["MIGRATOR_DATABASE_URL"].replace("+psycopg", ""))


@app.get("/readyz")
def show_readiness() -> str:
    return "ready"


@app.get("/runs")
def show_runs() -> str:
    with connect() as connection:
        return str(connection.execute("SELECT count(*) FROM runs").fetchone())


@app.cli.command()
def demo() -> None:
    with connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS runs (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO runs DEFAULT VALUES")


def stay(name: str) -> None:
    HOME.joinpath(f"{name}.pid").write_text(str(os.getpid()))
    threading.Event().wait()


@app.cli.command()
@click.argument("lane")
def worker(lane: str) -> None:
    stay(lane)


@app.cli.command()
def sweeper() -> None:
    stay("sweeper")


@app.cli.command()
def lmtp() -> None:
    stay("lmtp")
