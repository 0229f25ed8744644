"""People with browsers in front of the served application."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from contactcenter.accounts.models import Person
from contactcenter.edge import ContactCenter
from tests.browser.site import Site, Window
from tests.conftest import MovableClock, SignIn
from tests.factories import World
from tests.scene import Scene
from tests.scenery import Scenery

Open = Callable[..., Window]


@pytest.fixture(scope="session")
def site(app: ContactCenter) -> Iterator[Site]:
    site = Site(app)
    yield site
    site.close()


@pytest.fixture
def scene(scenery: Scenery, clock: MovableClock) -> Scene:
    return scenery.scene()


@pytest.fixture
def world(request: pytest.FixtureRequest, scenery: Scenery, clock: MovableClock) -> World:
    """Of the scene, where there is one."""
    if "scene" in request.fixturenames:
        scene: Scene = request.getfixturevalue("scene")
        return scene.world
    return scenery.world("orme", "Centre d’essai", "fr")


@pytest.fixture
def browse(site: Site, chromium: Browser, sign_in: SignIn, clean: None) -> Iterator[Open]:
    """Open a browser in which this person has signed in; None is a stranger."""
    opened: list[Window] = []

    def open_for(person: Person | None = None, *, language: str = "fr", **options: Any) -> Window:
        settings = {"locale": "fr-FR", "viewport": {"width": 1280, "height": 900}} | options
        context = chromium.new_context(base_url=site.address, **settings)
        if person is not None:
            cookie = sign_in(person).get_cookie("s")
            assert cookie is not None
            context.add_cookies([{"name": "s", "value": cookie.value, "url": site.address}])
        opened.append(Window(context, site.address))
        opened[-1].speak(language)
        return opened[-1]

    yield open_for
    for window in opened:
        window.context.close()
    site.settle()
    complaints = [complaint for window in opened for complaint in window.complaints]
    assert complaints == []
