"""Choosing rows, going anywhere, own keys and working a list off, with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import axe, open_page, press
from tests.desk.stage import opened

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(app, world, browse) -> Page:
    """An agent before a list of three requests."""
    for subject in ("Première question", "Deuxième question", "Troisième question"):
        opened(app, world, subject=subject)
    page = browse(world.agent).page
    open_page(page, "/tickets")
    return page


def ticked(page: Page) -> int:
    return page.locator("[data-pick]:checked").count()


def test_rows_are_ticked_one_by_one_and_by_stretches(desk):
    press(desk, "x")
    expect(desk.locator("[data-picked]")).to_have_text("1 demande choisie")
    desk.keyboard.press("Shift+J")
    desk.keyboard.press("Shift+J")
    expect(desk.locator("[data-picked]")).to_have_text("3 demandes choisies")
    desk.get_by_role("button", name="Agir sur les demandes choisies").click()
    expect(desk.locator("#main")).to_contain_text("3 demandes choisies")
    assert axe(desk) == []


def test_shift_and_a_click_tick_all_between(desk):
    boxes = desk.locator("[data-pick]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert ticked(desk) == 3


def test_many_are_finished_without_scripts(app, world, browse, worker):
    opened(app, world)
    page = browse(world.agent, java_script_enabled=False).page
    page.goto("/tickets")
    page.locator("[data-pick]").first.check()
    page.get_by_role("button", name="Agir sur les demandes choisies").click()
    page.locator("#reason").press("Enter")
    page.get_by_role("button", name="Terminer les demandes").click()
    worker.run_all()
    page.get_by_role("link", name="Regarder où cela en est").click()
    expect(page.locator("#main")).to_contain_text("Une demande changée")
    expect(page.locator("h1")).to_have_text("Terminer")  # Enter in a field had chosen no act


def test_the_palette_does_what_the_page_can_and_goes_where_one_says(desk):
    press(desk, "Control+k")
    field = desk.get_by_role("combobox", name=re.compile("Une action, une vue"))
    expect(field).to_be_focused()
    desk.keyboard.type("retard")
    expect(desk.get_by_role("option", name=re.compile("En retard"))).to_have_attribute(
        "aria-selected", "true"
    )
    assert axe(desk) == []
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/tickets?view=late")


def test_the_palette_opens_by_a_click_too_and_escape_closes_it(desk):
    desk.get_by_role("link", name=re.compile("Aller à")).click()
    expect(desk.get_by_role("option", name="Toutes Liste de demandes")).to_be_visible()
    desk.keyboard.type("Tout")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_a_chosen_key_acts_and_the_usual_one_no_longer(desk, sign_in, world):
    sign_in(world.agent).post("/account/keys", data={"next": "d"})
    open_page(desk, "/tickets")
    first = desk.locator("[data-rows] a").first.get_attribute("href") or ""
    press(desk, "j")
    expect(desk.locator("[data-rows] a:focus")).to_have_count(0)
    press(desk, "d")
    desk.wait_for_url(re.compile(r"/tickets/\d"))
    expect(desk.locator("[data-rows] [aria-current]")).to_have_attribute("href", first)


def test_a_list_is_worked_off_from_the_keyboard(desk):
    desk.get_by_role("link", name="Enchaîner").click()
    for turn in ("1 sur 3", "2 sur 3", "3 sur 3"):
        expect(desk.locator(".play")).to_contain_text(turn)
        press(desk, "c")
    expect(desk.locator("#toasts")).to_contain_text("C’était la dernière")


def test_a_key_that_opens_a_menu_leads_into_it_and_escape_leads_back(desk):
    press(desk, "f")
    expect(desk.locator("#f-queue")).to_be_focused()
    press(desk, "Escape")
    expect(desk.locator("summary", has_text="Filtrer, trier")).to_be_focused()
    expect(desk.locator("#f-queue")).to_be_hidden()
    press(desk, "j")
    expect(desk.locator("#write")).to_be_visible()
    press(desk, "z")
    expect(desk.get_by_role("button", name="À la prochaine ouverture")).to_be_focused()
    press(desk, "Escape")
    expect(desk.locator("summary", has_text="Remettre à plus tard")).to_be_focused()


def test_escape_leaves_a_field_so_that_letters_are_keys_again(desk):
    press(desk, "j")
    expect(desk.locator("#write")).to_be_visible()
    press(desk, "r")
    expect(desk.locator("#text")).to_be_focused()
    desk.keyboard.type("Bonjour")
    press(desk, "Escape")
    press(desk, "j")
    expect(desk.locator("#main h1")).to_have_text("Deuxième question")
    press(desk, "k")
    expect(desk.locator("#text")).to_have_value("Bonjour")


def test_a_long_answer_leaves_the_question_and_the_button_in_sight(desk):
    desk.set_viewport_size({"width": 1366, "height": 768})
    press(desk, "j")
    desk.locator("#text").fill("Une ligne de plus.\n" * 40)
    assert desk.locator(".talk").bounding_box()["height"] > 100
    expect(desk.locator("#write button.main")).to_be_in_viewport(ratio=1)


def test_the_list_of_keys_says_what_each_does_once(desk):
    press(desk, "j")
    expect(desk.locator("#write")).to_be_visible()
    press(desk, "?")
    named = desk.locator("#keys dd").all_inner_texts()
    assert "Demander à un expert" in named


def test_what_is_refused_in_place_is_said_and_what_was_typed_stays(app, world, browse):
    window, ticket = browse(world.agent), opened(app, world)
    open_page(window.page, f"/tickets/{ticket.reference}")
    window.page.locator("#other").fill("n’importe")
    press(window.page, "Enter")
    expect(window.page.locator("#problem")).to_contain_text("Écrivez la référence d’une autre")
    expect(window.page.locator("#other")).to_have_value("n’importe")
    window.complaints.clear()  # the browser notes the 422 it was given
