"""From a key to the frame that shows what it does, in a real browser before a full list."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from bench import chromium, loader
from bench.product import Product
from bench.tables import Table

AGENT = "agent@centre.example"
LIST = "/tickets"  # of what is to be done: a finished request has no place to write in
ENOUGH = 1000  # requests: one in twenty is to be done
WARM_UP = 3

# Notes when a key went down, when the frame after it had been painted, and the one that shows
# another request or another form. The moment of the key outlives its page, so that the first paint
# of the next page can be set against it.
WATCH = """addEventListener("keydown", (event) => {
  sessionStorage.setItem("keyAt", performance.timeOrigin + event.timeStamp);
  const painted = (name) => requestAnimationFrame(() => setTimeout(() => {
    window[name] = performance.timeOrigin + performance.now();
  }));
  const shown = () => document.title + document.getElementById("write")?.action;
  const before = shown();
  window.paintedAt = window.openedAt = 0;
  painted("paintedAt");
  new MutationObserver((_, watch) => {
    if (shown() === before) return;
    watch.disconnect();
    painted("openedAt");
  }).observe(document, { childList: true, subtree: true, characterData: true });
}, true)"""
PAINTED_HERE = """() => window.paintedAt > 0
  && window.paintedAt - Number(sessionStorage.getItem("keyAt"))"""
OPENED = """() => window.openedAt > 0
  && window.openedAt - Number(sessionStorage.getItem("keyAt"))"""
PAINTED_NEXT = """() => {
  const keyAt = Number(sessionStorage.getItem("keyAt"));
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return performance.timeOrigin > keyAt && paint
    && performance.timeOrigin + paint.startTime - keyAt;
}"""
LEAD_TO_EMPTY = """addEventListener("keydown", (event) => {
  if (event.key === "%") location.assign("/healthz");
})"""

PAINTED = {"j": OPENED, "n": OPENED, "%": PAINTED_NEXT}  # what to wait for, if more than a frame
READING_MS = 600


@dataclass(frozen=True)
class Key:
    """`before` are pressed first, where the list was just opened.

    With `reads` somebody looks at the page for a moment before the key.
    """

    name: str
    key: str
    before: tuple[str, ...] = ()
    reads: bool = True


KEYS = (
    Key("move to the next row", "ArrowDown", before=("x",)),
    Key("tick a row", "x"),
    Key("palette", "Control+k"),
    Key("a letter in the palette", "a", before=("Control+k",)),
    Key("search box", "/"),
    Key("a letter in the search box", "a", before=("/",)),
    Key("list of keys", "?"),
    Key("open a request of a list that has just come", "j", reads=False),
    Key("open a request of the list", "j"),
    Key("open the next request", "j", before=("j",)),
    Key("write a note", "n", before=("j",)),
)
LIMITS = (Key("nothing at all", "$"), Key("an empty page", "%"))


def bench(
    product: Product,
    times: int,
    *,
    chosen: Sequence[Key] = KEYS,
    warm_up: int = WARM_UP,
    program: str | None = None,
) -> None:
    if not chromium.is_there():
        print("\nKey to paint: skipped, there is no chromium")
        return
    with product.connect() as owner:
        loader.fill(owner, ENOUGH)  # an empty list has no row to move to
    table = Table("From key to paint", ("key", "times", "p50 ms", "p95 ms"))
    with chromium.signed_in(product, AGENT, program) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.add_init_script(LEAD_TO_EMPTY)
        for key in (*chosen, *LIMITS):
            for _ in range(warm_up):
                _milliseconds(page, key)
            table.row(key.name, times, *_percentiles(page, key, times))
    table.print("target: p95 at most 100 ms; the last two are what the browser itself needs")


def _percentiles(page: Page, key: Key, times: int) -> tuple[float, float]:
    took = sorted(_milliseconds(page, key) for _ in range(times))
    return took[times // 2], took[min(times - 1, times * 95 // 100)]


def _milliseconds(page: Page, key: Key) -> float:
    page.goto(LIST, wait_until="load")
    for each in key.before:
        _press(page, each)
    if key.reads:
        page.wait_for_timeout(READING_MS)
    return _press(page, key.key)


def _press(page: Page, key: str) -> float:
    """Press a key and wait until what it does has been painted: so many milliseconds later."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)
    painted = page.wait_for_function(PAINTED.get(key, PAINTED_HERE))
    took: float = painted.json_value()
    return took
