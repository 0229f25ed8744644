"""A real browser in which somebody has signed in to the product."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, sync_playwright

from bench.clients import Browser
from bench.product import Product

# The same engine without a window of its own, which nobody sees: a third of the work for a page.
SHELL = shutil.which("chromium-headless-shell")
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), SHELL)


def is_there() -> bool:
    return CHROMIUM is not None


@contextmanager
def signed_in(product: Product, email: str, program: str | None = None) -> Iterator[BrowserContext]:
    """In `program`, or in the browser as people have it."""
    reader = Browser(product.port).sign_in(email, product.password)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program or CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        context = chromium.new_context(
            base_url=product.address, locale="fr-FR", viewport={"width": 1366, "height": 768}
        )
        context.add_cookies(
            [
                {"name": name, "value": value, "url": product.address}
                for name, value in reader.cookies.items()
            ]
        )
        yield context
        chromium.close()
