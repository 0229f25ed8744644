"""`python -m contactcenter.rehearsal` on a first morning, until it is stopped."""

import signal

from tests.rehearsal.books import Books
from tests.rehearsal.product import Product, soon

ALIVE_WITHIN = 120
DOORS = {"counter", "mail", "phone", "api"}
MARKED = ("tickets", "visits", "citizens", "interactions", "receipts", "referrals", "notices")


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


def test_a_first_morning_fills_every_screen_marked_and_is_wiped(product: Product):
    books = Books(product.private.urls().migrator_database_url)
    child = product.launch(
        "rehearsal",
        "contactcenter.rehearsal",
        *("--seed", "4", "--speed", "4", "--arrivals-per-minute", "40"),
    )
    assert soon(lambda: is_alive(books), seconds=ALIVE_WITHIN), books.fates()
    assert books.count("SELECT count(*) FROM centres WHERE rehearsing") == 1

    child.send_signal(signal.SIGTERM)
    product.wait_for("rehearsal", seconds=30)
    assert books.count("SELECT count(*) FROM centres WHERE rehearsing") == 0
    for table in MARKED:
        assert books.count(f"SELECT count(*) FROM {table} WHERE NOT is_rehearsal") == 0, table

    product.flask("rehearsal", "wipe", "--centre", "val-dorme")
    for table in (*MARKED, "messages", "phone_calls"):
        assert books.count(f"SELECT count(*) FROM {table}") == 0, table
