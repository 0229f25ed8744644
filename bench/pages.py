"""The pages people look at all day, in a small centre and in far larger ones."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import loader
from bench.clients import Ask, Browser, Measured, measure
from bench.machine import Groups, cpu_seconds
from bench.product import Product
from bench.tables import Table

AGENT, MANAGER = "agent@centre.example", "manager@centre.example"
SLOW_MS = 60.0
PAGE_KB, FRAGMENT_KB = 100, 15
WARM_UP = 40  # requests until each worker’s connections know their plans
LARGE_TABLE = 5_000  # rows: reading all of a smaller one is as good as an index
STATISTICS_SECONDS = 1.5  # until a quiet connection has told PostgreSQL what it read


@dataclass(frozen=True)
class Page:
    name: str
    who: str
    path: str
    is_fragment: bool = False


def bench(
    product: Product, sizes: Sequence[int], seconds: float, *, warm_up: int = WARM_UP
) -> None:
    groups = Groups.of(product)
    table = Table(
        "Pages, one reader",
        ("page", "requests", "p50 ms", "p95 ms", "CPU ms", "of it PostgreSQL", "p95 to empty"),
    )
    slow: list[str] = []
    known = _signed_in(product)
    for size in sizes:
        with product.connect() as owner:
            long_one = loader.fill(owner, size)
        empty = measure(1, seconds / 2, lambda: _asking(Browser(product.port), "/healthz"))
        for page in _pages(long_one):
            browser = Browser(product.port, known[page.who])
            for _ in range(warm_up):
                browser.weigh(page.path)
            read = _rows_read_whole(product, size)
            web, postgres = cpu_seconds(groups.web), cpu_seconds(groups.postgres)
            got = measure(1, seconds, lambda: _asking(browser, page.path))  # noqa: B023  # at once
            many = max(1, len(got.took)) / 1000
            in_postgres = (cpu_seconds(groups.postgres) - postgres) / many
            cpu = (cpu_seconds(groups.web) - web) / many + in_postgres
            ratio = got.percentile(95) / empty.percentile(95)
            p50, p95 = got.percentile(50), got.percentile(95)
            table.row(page.name, size, p50, p95, cpu, in_postgres, ratio)
            slow += _whole_tables(product, page, size, read, got)
    table.print(f"target: p95 at most {SLOW_MS:.0f} ms, and the same at all sizes", *slow)
    _weigh(product, _pages(long_one), known)


def _signed_in(product: Product) -> dict[str, dict[str, str]]:
    """By person, the header that says so."""
    readers = {
        who: Browser(product.port).sign_in(who, product.password) for who in (AGENT, MANAGER)
    }
    return {who: {"Cookie": reader.cookie} for who, reader in readers.items()}


def _pages(long_one: str) -> list[Page]:
    return [
        Page("inbox", AGENT, "/tickets"),
        Page("inbox, filtered", AGENT, "/tickets?view=late&channel=letter&status=open"),
        Page("finished, filtered", AGENT, "/tickets?view=resolved&channel=web&status=closed"),
        Page("counts of all views", AGENT, "/tickets/views", is_fragment=True),
        Page(f"ticket, {loader.LONG_THREAD} messages", AGENT, f"/tickets/{long_one}"),
        Page("search by reference", AGENT, f"/tickets?q={long_one}"),
        Page("search by rare words", AGENT, f"/tickets?q=dossier+{int(long_one[5:]) // 2}"),
        Page("search by a common word", AGENT, "/tickets?q=demande"),
        Page("board", MANAGER, "/board"),
        Page("cards of the board", MANAGER, "/board/cards", is_fragment=True),
    ]


def _weigh(product: Product, pages: Sequence[Page], known: Mapping[str, Mapping[str, str]]) -> None:
    table = Table(
        "What comes over the line, compressed", ("page", "kB", "with its files kB", "files")
    )
    for page in pages:
        browser = Browser(product.port, known[page.who])
        files = set() if page.is_fragment else _files(browser, browser.get(page.path))
        alone = browser.weigh(page.path)
        first = alone + sum(browser.weigh(file) for file in files)
        table.row(page.name, alone / 1000, first / 1000, len(files))
    table.print(f"target: {PAGE_KB} kB for a first page, {FRAGMENT_KB} kB for a part of one")


def _files(browser: Browser, page: str) -> set[str]:
    """The addresses of the files a page asks for, and of the scripts these name."""
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    for script in sorted(name for name in named if "/js/" in name):
        folder = script.rpartition("/")[0]
        named |= {
            f"{folder}/{each}" for each in re.findall(r'from "./([^"]+)"', browser.get(script))
        }
    return named


def _asking(browser: Browser, path: str) -> Ask:
    return lambda: _ask(browser, path)


def _ask(browser: Browser, path: str) -> None:
    browser.weigh(path)


def _whole_tables(
    product: Product, page: Page, size: int, before: dict[str, int], got: Measured
) -> list[str]:
    """Large tables that the page reads without an index, if it is slow."""
    if got.percentile(95) <= SLOW_MS:
        return []
    after = _rows_read_whole(product, size)
    each = {
        table: round((rows - before.get(table, 0)) / max(1, len(got.took)))
        for table, rows in after.items()
    }
    read = [f"{table} ({rows} rows)" for table, rows in each.items() if rows > LARGE_TABLE]
    return [
        f"{page.name} at {size}: p95 above {SLOW_MS:.0f} ms;"
        f" reads whole: {', '.join(read) or 'no large table, every statement uses an index'}"
    ]


def _rows_read_whole(product: Product, size: int) -> dict[str, int]:
    """Rows of large tables that were read by going through all of them, ever."""
    if size <= LARGE_TABLE:
        return {}
    time.sleep(STATISTICS_SECONDS)
    with product.connect() as owner:
        return dict(
            owner.execute(
                "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE n_live_tup > %s",
                [LARGE_TABLE],
            ).fetchall()
        )
