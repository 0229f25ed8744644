"""The pages people look at all day, in a small centre and in one ten times its size."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import loader
from bench.clients import Ask, Browser, Measured, measure
from bench.machine import Groups, cpu_seconds
from bench.product import Product
from bench.tables import Table

AGENT, MANAGER = "agent@centre.example", "manager@centre.example"
SLOW_MS = 60.0
LARGE_TABLE = 5_000  # rows: reading all of a smaller one is as good as an index
STATISTICS_SECONDS = 1.5  # until a quiet connection has told PostgreSQL what it read


@dataclass(frozen=True)
class Page:
    name: str
    who: str
    path: str


def bench(product: Product, sizes: Sequence[int], seconds: float) -> None:
    groups = Groups.of(product)
    table = Table(
        "Pages, one reader",
        ("page", "requests", "p50 ms", "p95 ms", "CPU ms", "of it PostgreSQL", "p95 to empty"),
    )
    slow: list[str] = []
    for size in sizes:
        with product.connect() as owner:
            long_one = loader.fill(owner, size)
        empty = measure(1, seconds / 2, lambda: _asking(Browser(product.port), "/healthz"))
        for page in _pages(long_one):
            browser = Browser(product.port).sign_in(page.who, product.password)
            browser.get(page.path)  # the first one reads what every later one finds in memory
            read = _rows_read_whole(product)
            web, postgres = cpu_seconds(groups.web), cpu_seconds(groups.postgres)
            got = measure(1, seconds, lambda: _asking(browser, page.path))  # noqa: B023  # at once
            many = max(1, len(got.took)) / 1000
            in_postgres = (cpu_seconds(groups.postgres) - postgres) / many
            cpu = (cpu_seconds(groups.web) - web) / many + in_postgres
            ratio = got.percentile(95) / empty.percentile(95)
            p50, p95 = got.percentile(50), got.percentile(95)
            table.row(page.name, size, p50, p95, cpu, in_postgres, ratio)
            slow += _whole_tables(product, page, size, read, got)
    table.print("target: p95 at most 60 ms, and the same at both sizes", *slow)


def _pages(long_one: str) -> list[Page]:
    return [
        Page("inbox", AGENT, "/tickets"),
        Page(f"ticket, {loader.LONG_THREAD} messages", AGENT, f"/tickets/{long_one}"),
        Page("search by reference", AGENT, f"/tickets?q={long_one}"),
        Page("search by words", AGENT, f"/tickets?q=dossier+{int(long_one[5:]) // 2}"),
        Page("board", MANAGER, "/board"),
    ]


def _asking(browser: Browser, path: str) -> Ask:
    return lambda: _ask(browser, path)


def _ask(browser: Browser, path: str) -> None:
    browser.get(path)


def _whole_tables(
    product: Product, page: Page, size: int, before: dict[str, int], got: Measured
) -> list[str]:
    """Large tables that the page reads without an index, if it is slow."""
    if got.percentile(95) <= SLOW_MS:
        return []
    after = _rows_read_whole(product)
    each = {
        table: round((rows - before.get(table, 0)) / max(1, len(got.took)))
        for table, rows in after.items()
    }
    read = [f"{table} ({rows} rows)" for table, rows in each.items() if rows > LARGE_TABLE]
    return [
        f"{page.name} at {size}: p95 above {SLOW_MS:.0f} ms;"
        f" reads whole: {', '.join(read) or 'no large table, every statement uses an index'}"
    ]


def _rows_read_whole(product: Product) -> dict[str, int]:
    """Rows of large tables that were read by going through all of them, ever."""
    time.sleep(STATISTICS_SECONDS)
    with product.connect() as owner:
        return dict(
            owner.execute(
                "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE n_live_tup > %s",
                [LARGE_TABLE],
            ).fetchall()
        )
