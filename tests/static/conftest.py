from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.static.stage import Stage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(str(ROOT))
    yield stage
    stage.close()


@pytest.fixture
def page(chromium: Browser, stage: Stage) -> Iterator[Page]:
    """The stage, open in a browser and listening."""
    context = chromium.new_context(base_url=stage.address, locale="fr-FR")
    context.set_default_timeout(20_000)
    page = context.new_page()
    with page.expect_response("**/live?*"):
        page.goto("/")
    yield page
    context.close()
