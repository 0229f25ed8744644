"""Requests that open beside their list: no page is loaded, and nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import SOON, axe, open_page, press
from tests.desk.stage import heard, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def requests(app, world):
    """Two requests, in the order of the list."""
    first = opened(app, world, subject="Première question", text="Les mots de la première")
    return first, opened(app, world, subject="Deuxième question", text="Les mots de la deuxième")


@pytest.fixture
def desk(requests, world, browse) -> Page:
    """The list, in a window that remembers whether another page was loaded."""
    page = browse(world.agent).page
    open_page(page, "/tickets")
    page.evaluate("window.isSamePage = true")
    return page


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("window.isSamePage === true"))


def shows(page: Page, subject: str) -> None:
    expect(page.locator("main h1")).to_have_text(subject)


def test_a_request_opens_in_its_place_and_back_and_forward_lead_there_again(desk, requests):
    first, second = requests
    desk.locator("[data-pick]").first.check()
    for key, request in (("j", first), ("j", second), ("k", first)):
        press(desk, key)
        shows(desk, request.subject)
    expect(desk.locator("main h1")).to_be_focused()
    expect(desk).to_have_title(first.reference)
    expect(desk.locator("[data-rows] [aria-current]")).to_contain_text(first.subject)
    desk.go_back()
    shows(desk, second.subject)
    for _ in range(2):
        desk.go_back()
    expect(desk.locator("main.list")).to_be_visible()
    expect(desk.get_by_text("Aucune demande ouverte")).to_be_visible()
    expect(desk.locator("[data-pick]").first).to_be_checked()
    desk.go_forward()
    shows(desk, first.subject)
    assert is_same_page(desk)
    assert axe(desk) == []
    desk.emulate_media(forced_colors="active")
    edges = desk.locator("[data-rows] a").evaluate_all(
        "rows => rows.map((row) => getComputedStyle(row).borderInlineStartColor)"
    )
    assert edges[0] != edges[1]


def test_working_a_list_off_goes_on_in_its_place_and_back(desk, requests):
    press(desk, "s")
    shows(desk, requests[0].subject)
    desk.evaluate("window.isSamePage = true")
    press(desk, "s")
    shows(desk, requests[1].subject)
    expect(desk.get_by_text("2 sur 2")).to_be_visible()
    expect(desk.locator("[data-rows] [aria-current]")).to_contain_text(requests[1].subject)
    desk.go_back()
    shows(desk, requests[0].subject)
    assert is_same_page(desk)
    press(desk, "s")
    shows(desk, requests[1].subject)
    press(desk, "s")
    expect(desk.get_by_text("C’était la dernière")).to_be_visible()


def test_an_experts_question_opens_beside_the_others(scene, world, browse):
    page = browse(world.referent).page
    open_page(page, "/referrals")
    page.evaluate("window.isSamePage = true")
    press(page, "j")
    expect(page.locator("main h1")).to_be_focused()
    expect(page.locator("[data-rows] [aria-current]")).to_be_visible()
    page.get_by_role("link", name="Demander une précision").click()
    expect(page.locator("#text")).to_be_focused()
    page.locator("#text").press_sequentially("Quelle année")
    page.get_by_role("link", name="Répondre").first.click()
    expect(page.locator("#text")).to_have_value("")
    page.get_by_role("link", name="Demander une précision").click()
    expect(page.locator("#text")).to_have_value("Quelle année")
    for _ in range(4):
        page.go_back()
    expect(page.get_by_text("Choisissez-en une dans la liste")).to_be_visible()
    assert is_same_page(page)
    assert axe(page) == []


def test_what_was_just_typed_is_there_when_one_comes_back(desk, requests, browse, world):
    press(desk, "j")
    shows(desk, requests[0].subject)
    desk.locator("#text").press_sequentially("À moitié")
    desk.locator("[data-rows] a").nth(1).click()
    shows(desk, requests[1].subject)
    expect(desk.locator("#text")).to_have_value("")
    desk.go_back()
    shows(desk, requests[0].subject)
    expect(desk.locator("#text")).to_have_value("À moitié")
    assert is_same_page(desk)
    elsewhere = browse(world.agent).page
    open_page(elsewhere, f"/tickets/{requests[0].reference}")
    expect(elsewhere.locator("#text")).to_have_value("À moitié")


def test_a_request_that_was_opened_this_way_is_followed(desk, requests, app):
    for _ in range(2):
        press(desk, "j")
    shows(desk, requests[1].subject)
    heard(app, requests[1], "Et encore ceci")
    expect(desk.locator(".thread")).to_contain_text("Et encore ceci", timeout=SOON)
    assert is_same_page(desk)


def test_who_opens_the_next_request_is_no_longer_seen_at_the_last(desk, requests, browse, world):
    second = browse(world.second_agent).page
    press(desk, "j")
    shows(desk, requests[0].subject)
    open_page(second, f"/tickets/{requests[0].reference}")
    expect(second.locator("#looking")).to_contain_text("Agent Essai", timeout=SOON)
    press(desk, "j")
    shows(desk, requests[1].subject)
    expect(second.locator("#looking")).not_to_contain_text("Agent Essai", timeout=SOON)
