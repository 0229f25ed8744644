"""The public form in a real browser: in every language, by keyboard, without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from contactcenter.intake.web import routes
from tests.browser.site import axe, open_page, too_wide

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """The test's clock stands still: nobody could take the time to read."""
    monkeypatch.setattr(routes, "QUICKEST_SECONDS", 0)


def _looks_right(page: Page, language: str) -> list[str]:
    """In other words too; the colours are the same in every language."""
    found = axe(page, without=[] if language == "fr" else ["color-contrast"])
    if language == "fr":
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += axe(page, "color-contrast")
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    found += too_wide(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def _ask(page: Page) -> None:
    page.locator("#text").fill("Je n’ai pas reçu mon avis d’impôt.")
    page.locator('[name="reach"][value="email"]').check()
    page.locator("#email").fill("zoe@courriel.example")
    page.locator("form.ask button.main").click()
    expect(page.locator("#code")).to_be_visible()


@pytest.mark.parametrize("language", ["fr", "nl", "en", "de"])
def test_asking_is_for_everyone_in_every_language(world, browse, language):
    window = browse(language=language)
    page = window.page
    open_page(page, f"/ask/{world.code}")
    page.locator("#topic").select_option(str(world.topic_id))
    expect(page.locator(".leaflet")).to_be_visible()
    found = {"form": _looks_right(page, language)}
    page.locator("form.ask button.main").click()
    expect(page.locator(".summary")).to_be_focused()
    found["to correct"] = _looks_right(page, language)
    _ask(page)
    found["receipt"] = _looks_right(page, language)
    page.locator('main a[href="/follow-up"]').click()
    expect(page.locator(".messages")).to_be_visible()
    found["follow-up"] = _looks_right(page, language)
    assert {where: each for where, each in found.items() if each} == {}
    window.complaints.clear()  # the browser notes the 422 it was given


def test_the_form_is_filled_in_and_sent_by_keyboard(world, browse):
    page = browse().page
    open_page(page, f"/ask/{world.code}")
    page.locator("#topic").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Je n’ai pas reçu mon avis.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator('[name="reach"][value="email"]')).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("zoe@courriel.example")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_visible()


def test_the_form_works_without_javascript(world, browse):
    page = browse(java_script_enabled=False).page
    open_page(page, f"/ask/{world.code}")
    page.locator("#text").fill("Je n’ai pas reçu mon avis.")
    page.locator("#topic").select_option(str(world.topic_id))
    page.locator('button[name="look"]').click()
    expect(page.locator(".leaflet")).to_contain_text("Dernier avis d’impôt")
    expect(page.locator("#text")).to_have_value("Je n’ai pas reçu mon avis.")
    _ask(page)


def test_chosen_files_outlast_what_is_to_correct(world, browse):
    window = browse()
    page = window.page
    open_page(page, f"/ask/{world.code}")
    page.locator("#text").fill("Voici mon avis.")
    paper = {"name": "avis.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 essai"}
    page.locator("#files").set_input_files([paper])
    page.locator("form.ask button.main").click()
    expect(page.locator(".summary")).to_be_focused()
    assert page.locator("#files").evaluate("(each) => each.files.length") == 1
    expect(page.get_by_text("Choisissez de nouveau")).to_have_count(0)
    _ask(page)
    page.locator('main a[href="/follow-up"]').click()
    expect(page.locator(".messages")).to_contain_text("avis.pdf")
    page.locator("#text").fill("Et encore ceci.")
    page.locator("#files").set_input_files([paper])
    page.get_by_role("button", name="Envoyer ce mot").click()
    expect(page.locator("#toasts")).to_contain_text("ajouté")
    window.complaints.clear()  # the browser notes the 422 it was given


def test_what_is_typed_from_right_to_left_is_shown_so(world, browse):
    page = browse().page
    open_page(page, f"/ask/{world.code}")
    page.locator("#text").fill("لم أستلم الإشعار")
    assert page.locator("#text").evaluate("(each) => getComputedStyle(each).direction") == "rtl"


def test_the_next_visitor_of_a_shared_computer_finds_nothing(world, browse):
    page = browse().page
    page.clock.install()
    for leave in (lambda: page.clock.fast_forward(16 * 60_000), _erase(page)):
        open_page(page, f"/ask/{world.code}")
        expect(page.locator("#text")).to_have_value("")
        page.locator("#text").fill("Je suis Zoé.")
        page.clock.fast_forward(400)
        page.reload()
        expect(page.locator("#text")).to_have_value("Je suis Zoé.")
        leave()
    open_page(page, f"/ask/{world.code}")
    expect(page.locator("#text")).to_have_value("")


def _erase(page: Page) -> Callable[[], None]:
    return page.get_by_role("link", name="Effacer ce que j’ai écrit").click
