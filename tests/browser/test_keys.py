"""The work of a day with the keyboard alone, seen where it stands, and without scripts too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import open_page, press
from tests.desk.stage import opened
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def counter(world, browse, sign_in) -> Page:
    """An agent at an empty counter."""
    sign_in(world.agent).post("/counter/place", data={"counter": world.counter_id})
    page = browse(world.agent).page
    open_page(page, "/counter")
    return page


@pytest.fixture
def desk(app, world, browse) -> Page:
    """An agent before a list of two requests."""
    opened(app, world, subject="Première question")
    opened(app, world, subject="Deuxième question")
    page = browse(world.agent).page
    open_page(page, "/tickets")
    return page


def test_a_walk_in_takes_two_keys_and_a_topic(counter):
    press(counter, "c")
    counter.keyboard.type("avis")
    press(counter, "Enter")
    expect(counter.locator(".given .number")).to_have_text("A001")
    expect(counter.locator(".given .code")).to_have_text(re.compile(r"\w"))


def press_when_still(page: Page, key: str) -> None:
    """Once the counter's buttons have stood unchanged for a moment."""
    page.locator("html[data-still]").wait_for()
    press(page, key)


def test_space_calls_and_receives_and_t_finishes(counter):
    press(counter, "c")
    counter.keyboard.type("avis")
    press(counter, "Enter")
    expect(counter.get_by_role("button", name="Appeler")).to_be_enabled()
    press_when_still(counter, "Space")
    expect(counter.get_by_role("button", name="Recevoir")).to_be_visible()
    press_when_still(counter, "Space")
    expect(counter.get_by_role("button", name="Terminer")).to_be_visible()
    press_when_still(counter, "t")
    expect(counter.locator("#main")).to_contain_text("Personne n’est à votre guichet")
    expect(counter.get_by_text("1 personne reçue.")).to_be_visible()


def test_space_never_sees_anybody_off(counter):
    for _ in range(2):
        press(counter, "c")
        counter.keyboard.type("avis")
        press(counter, "Enter")
        expect(counter.locator(".given .number")).to_be_visible()
    for name in ("Recevoir", "Terminer et appeler"):
        press_when_still(counter, "Space")
        expect(counter.get_by_role("button", name=name)).to_be_visible()
    press_when_still(counter, "Space")
    expect(counter.locator(".now .number")).to_have_text("A001")
    press_when_still(counter, "n")
    expect(counter.get_by_role("button", name="Recevoir")).to_contain_text("A002")


def test_a_press_on_a_screen_that_has_just_changed_does_nothing(counter):
    press(counter, "c")
    counter.keyboard.type("avis")
    press(counter, "Enter")
    press_when_still(counter, "Space")
    expect(counter.get_by_role("button", name="Recevoir")).to_be_visible()
    counter.evaluate("delete document.documentElement.dataset.still")
    press(counter, "Space")
    expect(counter.get_by_role("button", name="Recevoir")).to_be_visible()


def test_a_digit_chooses_one_of_the_topics_proposed(world, browse, sign_in):
    sign_in(world.agent).post("/counter/place", data={"counter": world.counter_id})
    window = browse(world.agent)
    counter = window.page
    open_page(counter, "/counter")
    press(counter, "c")
    counter.keyboard.type("aivs")
    press(counter, "Enter")
    expect(counter.get_by_role("group", name="Aucun motif ne commence par")).to_be_visible()
    press_when_still(counter, "1")
    expect(counter.locator(".given .number")).to_have_text("A001")
    window.complaints.clear()  # the browser notes the 422 it was given


def test_j_and_k_walk_through_the_requests(desk):
    rows = desk.locator("[data-rows] a")
    first, second = rows.nth(0).get_attribute("href"), rows.nth(1).get_attribute("href")
    for key, address in (("j", first), ("j", second), ("k", first)):
        press(desk, key)
        desk.wait_for_url(f"**{address}")
        expect(desk.locator("[data-rows] a[aria-current]")).to_have_attribute("href", address)


def test_n_and_r_lead_to_the_note_and_the_reply(desk):
    press(desk, "j")
    for key, name in (("n", "Écrire une note interne"), ("r", "Répondre")):
        expect(desk.locator("#write")).to_be_visible()
        press(desk, key)
        expect(desk.get_by_role("form", name=name)).to_be_visible()
        expect(desk.locator("#text")).to_be_focused()
        press(desk, "Shift+Tab")


def test_enter_opens_the_row_the_keyboard_is_on(desk):
    desk.locator("[data-rows] a").first.focus()
    press(desk, "ArrowDown")
    press(desk, "Enter")
    expect(desk.locator("h1")).to_contain_text("question")


def test_a_letter_typed_in_a_field_is_only_a_letter(desk):
    press(desk, "j")
    desk.locator("#text").focus()
    desk.keyboard.type("jnrk")
    expect(desk.locator("#text")).to_have_value("jnrk")


@pytest.mark.parametrize("path", ["/tickets", "/counter"])
def test_tab_goes_everywhere_is_seen_and_comes_back(path, counter, desk, world):
    page = desk if path == "/tickets" else counter
    open_page(page, path)
    assert _stops(page) == []


def _stops(page: Page) -> list[str]:
    """Walk with Tab until the page is left; what had the focus and showed no ring."""
    unseen, first, steps = [], None, 0
    while steps < 150:
        page.keyboard.press("Tab")
        steps += 1
        at = page.evaluate(AT_FOCUS)
        if at is None:
            return unseen
        if not at["seen"]:
            unseen.append(at["html"])
        first = first or at["html"]
    return [*unseen, "the keyboard never leaves the page"]


AT_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = at.getBoundingClientRect();
  const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return {html: at.outerHTML.slice(0, 140), seen: ringed && inView};
}"""


def test_a_day_at_the_counter_works_without_scripts(world, browse, sign_in):
    sign_in(world.agent).post("/counter/place", data={"counter": world.counter_id})
    page = browse(world.agent, java_script_enabled=False).page
    page.goto("/counter")
    page.get_by_label("Motif").fill("avis")
    page.get_by_role("button", name="Donner un numéro").click()
    expect(page.locator(".given .number")).to_have_text("A001")
    page.get_by_role("button", name="Appeler").click()
    page.get_by_role("button", name="Recevoir").click()
    page.get_by_label("Ce qui a été fait").fill("Expliqué")
    page.get_by_role("button", name="Terminer").click()
    expect(page.locator("#main")).to_contain_text("Personne n’est à votre guichet")


def test_a_request_is_answered_and_finished_without_scripts(app, world, browse):
    ticket = opened(app, world, subject="Sans script")
    page = browse(world.agent, java_script_enabled=False).page
    page.goto(f"/tickets/{ticket.reference}")
    page.locator("#text").fill("Voici la réponse")
    page.locator('.reply button[name="then"][value="resolve"]').click()
    expect(page.locator(".thread")).to_contain_text("Voici la réponse")
    expect(page.get_by_role("button", name="Rouvrir la demande")).to_be_visible()


def test_signing_in_and_out_works_without_scripts(world, browse):
    page = browse(java_script_enabled=False).page
    page.goto("/tickets")
    page.locator('[name="email"]').fill(world.agent.email)
    page.locator('[name="password"]').fill(PASSWORD)
    page.locator("main form button.main").click()
    page.wait_for_url("**/tickets")
    page.goto("/account")
    page.get_by_role("button", name="Sortir").first.click()
    page.wait_for_url("**/sign-in*")
