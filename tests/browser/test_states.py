"""Pages in states one seldom looks at: empty, wrong, with a list of keys, opened by a code."""

import pytest
from playwright.sync_api import expect

from tests.browser.site import axe, open_page, too_wide

pytestmark = pytest.mark.browser

EMPTY = ["/counter", "/tickets", "/phone", "/board", "/unserved"]
FORMS = [
    ("/letters/new", "/letters"),
    ("/account", "/account/password"),
    ("/tickets/{reference}/referrals/new", "/tickets/{reference}/referrals"),
]


def test_empty_screens_are_for_everyone(world, browse, sign_in):
    sign_in(world.manager).post("/counter/place", data={"counter": world.counter_id})
    page = browse(world.manager, viewport={"width": 320, "height": 640}).page
    found = {}
    for path in EMPTY:
        open_page(page, path)
        found[path] = axe(page) + too_wide(page)
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(("path", "action"), FORMS)
def test_a_form_to_correct_leads_to_what_is_wrong(path, action, scene, browse):
    window = browse(scene.world.agent)
    page = window.page
    open_page(page, path.format(reference=scene.reference))
    form = page.locator(f'form[action="{action.format(reference=scene.reference)}"]')
    form.evaluate("(form) => { form.noValidate = true; }")
    form.locator("button:not([type=button])").first.click()
    expect(page.locator('[aria-invalid="true"]').first).to_be_visible()
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert too_wide(page) == []
    window.complaints.clear()  # the browser notes the 422 it was given


def test_the_list_of_keys_opens_and_gives_the_keyboard_back(scene, browse):
    page = browse(scene.world.agent).page
    open_page(page, f"/tickets/{scene.reference}")
    page.locator(".back, h1").first.focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


@pytest.mark.parametrize("who", ["agent", "referent", None])
def test_an_address_of_nobody_says_so_and_leads_on(who, world, browse):
    window = browse(getattr(world, who) if who else None)
    page = window.page
    page.goto("/rien-ici")
    expect(page.locator("h1")).to_be_visible()
    assert page.locator('main form[action="/tickets"]').count() == (1 if who == "agent" else 0)
    assert axe(page) == []
    window.complaints.clear()  # the browser notes the 404


def test_a_citizen_follows_their_request_with_the_code_of_the_slip(world, browse, sign_in):
    sign_in(world.agent).post("/counter/place", data={"counter": world.counter_id})
    agent = browse(world.agent).page
    open_page(agent, "/counter")
    agent.get_by_label("Motif").fill("avis")
    agent.keyboard.press("Enter")
    code = agent.locator(".given .code").inner_text()
    page = browse(viewport={"width": 320, "height": 640}).page
    open_page(page, "/follow-up")
    page.locator('[name="code"]').fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("A001")
    assert axe(page) == []
    assert too_wide(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert axe(page, "color-contrast") == []
