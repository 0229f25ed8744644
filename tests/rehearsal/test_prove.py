"""Whatever is killed, and whenever: each accepted request is there exactly once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contactcenter.rehearsal.postbox import Postbox
from tests.rehearsal.books import Books
from tests.rehearsal.faults import Killer
from tests.rehearsal.product import Product, soon

DRAINED_WITHIN = 150  # a killed worker's lease lasts a minute, a failed job waits a little
FINISHED_WITHIN = 120  # after the last arrival: what failed is tried again until it is taken


SPEED = 20  # so that staff act often; arrivals are counted in the time of the play


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
    with postbox(product):
        assert soon(books.is_drained, seconds=DRAINED_WITHIN), books.jobs_left()
    assert books.not_once(ledger) == {}
    assert books.twice() == {}
    assert books.unread() == []
    assert books.lost_behind_a_receipt() == []
    assert books.half_left() == []


@contextmanager
def postbox(product: Product) -> Iterator[None]:
    """What was still on its way when the rehearsal closed its own postbox arrives here."""
    opened = Postbox(int(product.environment["SMTP_PORT"]), lambda _address, _mail: None)
    opened.open()
    yield
    opened.close()


def accepted(ledger: Path) -> set[str]:
    return {json.loads(line)["door"] for line in ledger.read_text().splitlines()}


def test_half_a_minute_of_faults_loses_and_doubles_nothing(product, tmp_path):
    ledger = tmp_path / "ledger"
    play(product, ledger, seconds=25, arrivals=12, seed=11)
    assert accepted(ledger) >= {"counter", "mail"}, product.said("rehearsal")
    check(product, ledger)


@pytest.mark.prove
@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_long_day_of_faults_loses_and_doubles_nothing(product, tmp_path, seed):
    ledger = tmp_path / "ledger"
    play(product, ledger, seconds=240, arrivals=30, seed=seed)
    assert accepted(ledger) >= {"counter", "mail", "api"}
    check(product, ledger)
