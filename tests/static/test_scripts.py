"""What the scripts add to pages that work without them, seen in a real browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_region_is_fetched_again_when_its_topic_is_said(page, stage):
    stage.say("queue:1")
    expect(page.locator("#count")).to_have_text("vue 1")


def test_a_topic_nobody_shows_fetches_nothing(page, stage):
    stage.say("queue:2")
    stage.say("queue:1")
    expect(page.locator("#count")).to_have_text("vue 1")


def test_many_topics_in_a_moment_make_two_fetches_not_many(page, stage):
    stage.say("queue:1")
    expect(page.locator("#count")).to_have_text("vue 1")
    for _ in range(5):
        stage.say("queue:1")
    expect(page.locator("#count")).to_have_text("vue 2")
    assert stage.seen == 2


def test_a_reset_fetches_every_region(page, stage):
    stage.say("", event="reset")
    expect(page.locator("#count")).to_have_text("vue 1")


def test_typed_text_focus_and_opened_details_survive_a_refresh(page, stage):
    page.fill("#note", "à moi")
    page.click("#more summary")
    page.focus("#act")
    stage.say("queue:1")
    expect(page.locator("#count")).to_have_text("vue 1")
    expect(page.locator("#note")).to_have_value("à moi")
    expect(page.locator("#act")).to_be_focused()
    expect(page.locator("#more")).to_have_attribute("open", "")


def test_the_keyboard_stays_in_the_region_when_what_it_was_on_is_gone(page, stage):
    page.focus("#act")
    stage.seen = 98
    stage.say("queue:1")
    expect(page.locator("#act")).to_have_count(0)
    expect(page.locator("#region")).to_be_focused()


def test_a_region_that_may_not_be_seen_any_more_says_so_and_stops(page, stage):
    stage.region_status = 404
    stage.say("queue:1")
    expect(page.locator("#stale")).to_be_visible()
    expect(page.locator("#region")).to_have_attribute("data-live-gone", "")


def test_a_cut_stream_comes_back_by_itself(page, stage):
    with page.expect_response("**/live?*"):
        stage.hang_up()
    stage.say("queue:1")
    expect(page.locator("#count")).to_have_text("vue 1")


def test_silence_shows_the_hour_of_the_data(chromium, stage):
    context = chromium.new_context(base_url=stage.address)
    page = context.new_page()
    page.clock.install()
    page.goto("/")
    page.clock.run_for(40_000)
    expect(page.locator("#stale")).to_contain_text("Données de")
    context.close()


def test_a_letter_presses_what_carries_it(page):
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("#asked$"))


def test_a_digit_needs_no_shift_on_a_french_keyboard(page):
    page.evaluate(
        "() => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: '&', code: 'Digit1', bubbles: true}))"
    )
    expect(page).to_have_url(re.compile("#topic$"))


def test_a_letter_is_only_a_letter_in_a_field(page):
    page.focus("#answer")
    page.keyboard.press("e")
    expect(page.locator("#answer")).to_have_value("e")
    assert not page.url.endswith("#asked")


def test_letters_are_silent_for_who_switched_them_off(page):
    page.goto("/?keys=off")
    page.keyboard.press("e")
    assert not page.url.endswith("#asked")


def test_the_question_mark_lists_the_keys_of_the_page(page):
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Demander à un expert")


def test_j_opens_the_next_row_of_a_list(page):
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile("#two$"))


def test_escape_closes_a_menu_and_gives_the_keyboard_back(page):
    page.click("details[data-menu] summary")
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    expect(page.locator("details[data-menu] summary")).to_be_focused()


def test_printing_is_offered_where_it_works(page):
    expect(page.get_by_role("button", name="Imprimer cette page")).to_be_visible()


def test_a_kiosk_warns_before_it_goes_back_and_a_touch_stays(chromium, stage):
    context = chromium.new_context(base_url=stage.address)
    page = context.new_page()
    page.clock.install()
    page.goto("/?idle=1")
    page.clock.run_for(35_000)
    expect(page.locator("#stale")).to_contain_text("Touchez l’écran pour rester")
    page.keyboard.press("Shift")
    expect(page.locator("#stale")).to_be_hidden()
    page.clock.run_for(46_000)
    expect(page).to_have_url(re.compile("/#first$"))
    context.close()


def test_a_draft_survives_a_reload_and_goes_once_it_is_sent(page):
    page.fill("#answer", "Bonjour")
    expect(page.locator("form [data-kept]")).not_to_be_empty()
    page.reload()
    expect(page.locator("#answer")).to_have_value("Bonjour")
    page.focus("#answer")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#main")).to_have_text("Envoyée")
    page.goto("/")
    expect(page.locator("#answer")).to_have_value("")


def test_a_refusal_is_said_above_the_page_and_replaces_nothing(page):
    page.click("#clash")
    expect(page.locator("#problem")).to_contain_text("Quelqu’un a agi avant vous")
    expect(page.locator("#clash")).to_be_visible()


def test_an_ended_session_keeps_the_page_and_its_text(page):
    page.fill("#answer", "Bonjour")
    page.click("#away")
    expect(page.locator("#problem")).to_contain_text("Votre session est finie")
    expect(page.locator("#answer")).to_have_value("Bonjour")


def test_a_fragment_can_say_what_was_done_and_offer_the_way_back(page):
    page.click("#undoable")
    expect(page.locator("#toasts")).to_contain_text("Demande terminée")
    page.keyboard.press("Control+z")
    expect(page.locator("#main")).to_have_text("Envoyée")


def test_an_offered_call_changes_the_title_until_it_is_gone(page, stage):
    before = page.title()
    stage.ring = True
    stage.say("queue:1")
    expect(page).to_have_title("Appel entrant")
    stage.ring = False
    stage.say("queue:1")
    expect(page).to_have_title(before)


def test_the_policy_of_the_product_blocks_nothing_of_ours(chromium, stage):
    context = chromium.new_context(base_url=stage.address)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/")
    page.click("#undoable")
    expect(page.locator("#toasts .toast")).to_be_visible()
    context.close()
    assert said == []
