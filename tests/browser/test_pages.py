"""Every page: nothing for axe to find, nothing in the console, nothing outside a small window."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from contactcenter.accounts.permissions import Role
from contactcenter.administration.entries import KINDS
from tests.addresses import Address, addresses
from tests.browser.site import Window, axe, open_page, too_wide
from tests.readers import reader

pytestmark = pytest.mark.browser

URLS = (Path(__file__).parents[1] / "urls.txt").read_text().splitlines()

# Addresses that answer with something else than a page.
NO_PAGES = {
    "/",  # leads on
    "/api/v1/metrics/queues",
    "/articles/figures.csv",
    "/api/v1/openapi.json",
    "/api/v1/queues",
    "/api/v1/queues/<int:queue_id>/load",
    "/api/v1/referrals/<int:referral_id>",
    "/api/v1/teams",
    "/referrals/most-pressing",  # leads on
    "/api/v1/tickets",
    "/api/v1/tickets/<reference>",
    "/api/v1/tickets/<reference>/messages",
    "/ask/<code>/receipt",  # only for who has just asked
    "/ask/<code>/topic",
    "/board/cards",
    "/board/queues/<int:queue_id>/day.csv",
    "/board/queues/<int:queue_id>/day.parquet",
    "/board/wall/cards",
    "/counter/live",
    "/coverage.csv",
    "/referrals/appointments.csv",
    "/referrals/held.csv",
    "/tickets/<reference>/held.csv",
    "/follow-up/messages",
    "/follow-up/place",
    "/healthz",
    "/live",
    "/metrics",
    "/phone/live",
    "/planning/queues/<int:queue_id>/day.csv",
    "/quality/<code>/table.csv",
    "/readyz",
    "/reports/open.csv",
    "/reports/table.csv",
    "/reports/table.parquet",
    "/reports/table.xlsx",
    "/reports/visits.csv",
    "/reports/visits.parquet",
    "/referrals/figures.csv",
    "/referrals/topics.csv",
    "/referrals/<int:referral_id>/papers/<int:attachment_id>",
    "/static/<path:filename>",
    "/static/v.<version>/<path:filename>",
    "/tickets/<reference>/attachments/<int:attachment_id>",
    "/tickets/<reference>/presence",
    "/tickets/found",
    "/tickets/news",
    "/tickets/next",  # leads on
    "/tickets/rows",
    "/tickets/views",
    "/views/counts",
}
PAGES = [
    rule.replace("<kind>", kind)
    for rule in (line.removeprefix("GET ") for line in URLS if line.startswith("GET "))
    if rule not in NO_PAGES
    for kind in (list(KINDS) if "<kind>" in rule else [""])
]
OTHER_LANGUAGES = ["nl", "en", "de"]
WORKED_ON_ALL_DAY = [
    "/counter", "/tickets", "/tickets/<reference>", "/referrals", "/board", "/follow-up",
    "/ask/<code>", "/accessibility",
]  # fmt: skip

# Forms that were sent empty: one of each way in which a page shows what is to correct.
SENT_EMPTY = [
    "/ask/<code>", "/tickets/<reference>/replies", "/tickets/<reference>/referrals", "/letters",
    "/referrals/<int:referral_id>/answers", "/rules", "/directory/topics", "/people",
]  # fmt: skip


@pytest.fixture
def by_name(app) -> dict[str, Address]:
    return {
        address.name.removeprefix("GET "): address
        for address in addresses(app)
        if address.method == "GET"
    }


@pytest.fixture
def walk(scene, by_name, browse, sign_in):
    """Open an example of each page as who works with it; `look` says what is wrong there."""
    sign_in(scene.world.agent).post("/counter/place", data={"counter": scene.world.counter_id})
    windows: dict[object, Window] = {}

    def walk_through(names, look, language="fr") -> dict[str, list[str]]:
        found = {}
        for name in names:
            address = by_name[name]
            person = reader(address, scene.world)
            if person not in windows:
                windows[person] = browse(person)
            windows[person].speak(language)
            page = windows[person].page
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(color_scheme="light")
            open_page(page, address.path(scene))
            found[f"{name} {language}"] = look(page)
        return {name: each for name, each in found.items() if each}

    return walk_through


def _on_any_screen(page: Page) -> list[str]:
    found = axe(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += axe(page, "color-contrast")
    page.set_viewport_size({"width": 320, "height": 640})
    return found + too_wide(page)


def _narrow(page: Page) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 640})
    return axe(page) + too_wide(page)


def _narrow_in_other_words(page: Page) -> list[str]:
    """The colours are those that were looked at in French."""
    page.set_viewport_size({"width": 320, "height": 640})
    return axe(page, without=["color-contrast"]) + too_wide(page)


@pytest.mark.timeout(900)  # the longest walk has some fifty pages
@pytest.mark.parametrize("role", [*Role, None])
def test_pages_are_for_everyone_in_light_and_dark_wide_and_narrow(role, walk, by_name, world):
    person = getattr(world, role.value) if role else None
    names = [name for name in PAGES if reader(by_name[name], world) == person]
    assert names
    assert walk(names, _on_any_screen) == {}


@pytest.mark.timeout(900)
def test_the_screens_of_the_day_are_for_everyone_on_a_phone_in_every_language(walk):
    assert walk(WORKED_ON_ALL_DAY, _narrow) == {}
    found = [walk(WORKED_ON_ALL_DAY, _narrow_in_other_words, each) for each in OTHER_LANGUAGES]
    assert found == [{}] * len(OTHER_LANGUAGES)


def test_a_page_that_says_what_is_to_correct_is_for_everyone(
    app, site, scene, sign_in, browse, world
):
    posted = {each.name: each for each in addresses(app) if each.method == "POST"}
    windows, found = {}, {}
    for name in SENT_EMPTY:
        address = posted[f"POST {name}"]
        person = reader(address, world) or world.agent
        answer = sign_in(person).post(address.path(scene))
        assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True), name
        if person not in windows:
            windows[person] = browse(person)
        open_page(windows[person].page, site.hold(answer.text))
        found[name] = _narrow(windows[person].page)
        windows[person].complaints.clear()  # it was given to another session
    assert {name: each for name, each in found.items() if each} == {}
