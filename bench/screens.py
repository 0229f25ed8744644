"""From an event to the board: one real browser among many pages that follow it."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from bench import chromium
from bench.clients import Browser
from bench.product import Product
from bench.tables import Table
from servers.home import PROJECT

BOARD = "/board"
STREAMS_A_PERSON = 10  # a person may have twelve pages open at a worker
# A page fetches at once after two seconds without any fetch; sweeps touch the board as well.
IS_QUIET = """() => {
  const ended = performance.getEntriesByType("resource").map((each) => each.responseEnd);
  return performance.now() - Math.max(0, ...ended) > 2200;
}"""

# Notes when what a change of the board looks like has been painted.
WATCH = """() => {
  window.paintedAt = 0;
  const look = new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
    window.paintedAt ||= performance.timeOrigin + performance.now();
  })));
  look.observe(document.body, { childList: true, characterData: true, subtree: true });
}"""
FETCH = """async () => {
  const began = performance.now();
  await (await fetch("/healthz")).text();
  return performance.now() - began;
}"""

PEOPLE = """
INSERT INTO persons (centre_id, organisation_id, email, name, role, language, password_hash,
    password_changed_at, preferences)
SELECT centre_id, organisation_id, 'bench-' || n || '@centre.example', 'Essai ' || n, role,
       language, password_hash, password_changed_at, preferences
FROM persons CROSS JOIN generate_series(1, %s) AS n WHERE email = 'manager@centre.example'
"""


def bench(product: Product, times: int, followers: int, program: str | None = None) -> None:
    if not chromium.is_there():
        print("\nEvent to board: skipped, there is no chromium")
        return
    line = Browser(product.port, {"Authorization": f"Bearer {_token(product)}"})
    with _followed(product, followers), _watched(product, program) as page:
        took, limits = [], []
        _event_to_paint(product, line, page)  # the first one warms what every later one finds
        for _ in range(times):
            took.append(_event_to_paint(product, line, page))
            limits.append(page.evaluate(FETCH))
    took.sort()
    p95 = took[min(len(took) - 1, len(took) * 95 // 100)]
    empty = statistics.median(limits)
    table = Table(
        f"From commit to repaint of the board, {followers + 1} pages open",
        ("events", "p50 ms", "p95 ms", "empty fetch of the browser ms", "p50 to empty"),
    )
    middle = statistics.median(took)
    table.row(times, middle, p95, empty, middle / empty if empty else 0.0)
    table.print("target: p95 at most 300 ms")


def _token(product: Product) -> str:
    return product.token("agent@centre.example", "queues:write")


def _event_to_paint(product: Product, line: Browser, page: Page) -> float:
    """Milliseconds from the commit of one visit to the repaint that shows it."""
    page.wait_for_function(IS_QUIET, timeout=60_000, polling=100)
    page.evaluate(WATCH)
    line.post_json(f"/api/v1/queues/{_counter_queue(product)}/visits", {})
    page.wait_for_function("() => window.paintedAt > 0", timeout=30_000, polling=50)
    painted_at: float = page.evaluate("() => window.paintedAt")
    with product.connect() as owner:
        row = owner.execute(
            "SELECT extract(epoch FROM max(touched_at)) * 1000 FROM live_changes"
            " WHERE 'board' = ANY (topics) AND touched_at <= to_timestamp(%s)",
            [painted_at / 1000],
        ).fetchone()
    assert row is not None
    return painted_at - float(row[0])


def _counter_queue(product: Product) -> int:
    with product.connect() as owner:
        row = owner.execute(
            "SELECT q.id FROM queues q JOIN centres c ON c.id = q.centre_id"
            " WHERE q.kind = 'counter' ORDER BY q.id LIMIT 1"
        ).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def _watched(product: Product, program: str | None) -> Iterator[Page]:
    """The board in a real browser."""
    with chromium.signed_in(product, "manager@centre.example", program) as context:
        page = context.new_page()
        page.goto(BOARD)
        yield page


@contextmanager
def _followed(product: Product, pages: int) -> Iterator[None]:
    """So many pages that follow the board, in a process of their own."""
    people = -(-pages // STREAMS_A_PERSON)
    with product.connect() as owner:
        owner.execute(PEOPLE, [people])
    readers = [_signed_in(product, f"bench-{n}@centre.example") for n in range(1, people + 1)]
    cookies = [reader.cookie for reader in readers]
    mine = [cookies[n % people] for n in range(pages)]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.followers", str(product.port), BOARD],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n".join(mine) + "\n\n")
    process.stdin.flush()
    try:
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("The pages that follow the board could not be opened.")
        yield
        if process.poll() is not None:
            raise RuntimeError("The pages that follow the board lost their streams.")
    finally:
        process.stdin.close()
        process.wait(30)


def _signed_in(product: Product, email: str) -> Browser:
    return Browser(product.port).sign_in(email, product.password)
