"""A whole product at work: a first morning, and faults at any time, on one product for both.

Whatever is killed, and whenever: each accepted request is there exactly once.
"""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contactcenter.rehearsal.postbox import Postbox
from contactcenter.rehearsal.twilio.network import Network
from contactcenter.rehearsal.twilio.server import Server
from contactcenter.rehearsal.twilio.wire import Options
from tests.rehearsal.books import Books
from tests.rehearsal.faults import Killer
from tests.rehearsal.product import Product, soon

ALIVE_WITHIN = 240  # of a machine that has much else to do
DOORS = {"counter", "mail", "phone", "api"}
MARKED = ("tickets", "visits", "citizens", "interactions", "receipts", "referrals", "notices")
DRAINED_WITHIN = 150  # a killed worker's lease lasts a minute, a failed job waits a little
FINISHED_WITHIN = 240  # after the last arrival: what failed is tried again until it is taken
SPEED = 20  # so that staff act often; arrivals are counted in the time of the play


def is_alive(books: Books) -> bool:
    """Requests by every door, somebody received, a question asked, a reply that left."""
    return books.fates().keys() >= DOORS and all(
        books.count(statement)
        for statement in (
            "SELECT count(*) FROM visits WHERE answered_at IS NOT NULL",
            "SELECT count(*) FROM referrals",
            "SELECT count(*) FROM notices WHERE state = 'sent'",
        )
    )


@pytest.mark.timeout(900)
def test_a_first_morning_fills_every_screen_marked_and_is_wiped(product: Product):
    books = Books(product.private.urls().migrator_database_url)
    product.flask("rehearsal", "wipe", "--centre", "val-dorme")  # what the faults have left
    child = product.launch(
        "rehearsal",
        "contactcenter.rehearsal",
        *("--seed", "4", "--speed", "4", "--arrivals-per-minute", "40"),
    )
    assert soon(lambda: is_alive(books), seconds=ALIVE_WITHIN), books.fates()
    assert books.count("SELECT count(*) FROM centres WHERE rehearsing") == 1

    child.send_signal(signal.SIGTERM)
    product.wait_for("rehearsal", seconds=90)
    assert books.count("SELECT count(*) FROM centres WHERE rehearsing") == 0
    for table in MARKED:
        unmarked = books.rows(f"SELECT * FROM {table} WHERE NOT is_rehearsal LIMIT 2")
        assert unmarked == [], table

    product.flask("rehearsal", "wipe", "--centre", "val-dorme")
    for table in (*MARKED, "messages", "phone_calls"):
        assert books.count(f"SELECT count(*) FROM {table}") == 0, table


def play(product: Product, ledger: Path, *, seconds: float, arrivals: float, seed: int) -> None:
    product.launch(
        "rehearsal",
        "contactcenter.rehearsal",
        *("--for", str(seconds), "--arrivals-per-minute", str(arrivals), "--seed", str(seed)),
        *("--speed", str(SPEED), "--hands", "4", "--ledger", str(ledger)),
    )
    with Killer(product, seed=seed) as killer:
        product.wait_for("rehearsal", seconds=seconds + FINISHED_WITHIN)
    assert killer.killed.total() > seconds / 4, "the faults did not happen"


def check(product: Product, ledger: Path) -> None:
    books = Books(product.private.urls().migrator_database_url)
    with outside(product):
        assert soon(books.is_drained, seconds=DRAINED_WITHIN), books.jobs_left()
    assert books.not_once(ledger) == {}
    assert books.twice() == {}
    assert books.unread() == []
    assert books.lost_behind_a_receipt() == []
    assert books.half_left() == []


@contextmanager
def outside(product: Product) -> Iterator[None]:
    """A postbox for what was still on its way when the rehearsal closed its own, and a telephone
    network that no longer knows of any call.
    """
    postbox = Postbox(int(product.environment["SMTP_PORT"]), lambda _address, _mail: None)
    network = idle_network(product)
    serving = threading.Thread(target=network.serve_forever, daemon=True)
    postbox.open()
    serving.start()
    try:
        yield
    finally:
        postbox.close()
        network.shutdown()
        network.server_close()


def idle_network(product: Product) -> Server:
    told = product.environment
    options = Options(
        app=product.web,
        public=product.web,
        account_sid=told["TWILIO_ACCOUNT_SID"],
        auth_token=told["TWILIO_AUTH_TOKEN"],
    )
    port = urlsplit(told["TWILIO_API_BASE"]).port
    assert port is not None
    return Server(Network(options), port)


def accepted(ledger: Path) -> set[str]:
    return {json.loads(line)["door"] for line in ledger.read_text().splitlines()}


@pytest.mark.timeout(900)
def test_some_seconds_of_faults_lose_and_double_nothing(product, tmp_path):
    ledger = tmp_path / "ledger"
    play(product, ledger, seconds=16, arrivals=60, seed=11)
    assert accepted(ledger) >= {"counter", "mail"}, product.said("rehearsal")
    check(product, ledger)


@pytest.mark.prove
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_long_day_of_faults_loses_and_doubles_nothing(product, tmp_path, seed):
    ledger = tmp_path / "ledger"
    play(product, ledger, seconds=240, arrivals=30, seed=seed)
    assert accepted(ledger) >= {"counter", "mail", "api"}
    check(product, ledger)
