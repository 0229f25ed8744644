"""The page of a request: on a phone, and by the keys that lead to its parts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.site import axe, open_page, press, too_wide
from tests.desk.stage import opened

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def top_of(page, words):
    box = page.get_by_text(words).first.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_first_message_stands_on_the_first_screen(app, world, browse, scheme):
    reference = opened(app, world, text="Mes premiers mots", topic_id=world.topic_id).reference
    page = browse(world.agent, color_scheme=scheme, **PHONE).page
    open_page(page, f"/tickets/{reference}")
    assert top_of(page, "Mes premiers mots") < 844 / 2
    row = page.locator(".ticket > header .button:visible:not(.back)")
    tops = {round(each.bounding_box()["y"]) for each in row.all()}
    assert len(tops) == 1
    assert axe(page) == []
    page.get_by_text("Plus", exact=True).click()
    expect(page.get_by_role("button", name="Attendre l’usager")).to_be_visible()
    assert too_wide(page) == []


def test_on_a_phone_every_act_works_without_scripts(app, world, browse):
    reference = opened(app, world).reference
    page = browse(world.agent, java_script_enabled=False, **PHONE).page
    open_page(page, f"/tickets/{reference}")
    page.get_by_text("Plus", exact=True).click()
    page.get_by_role("button", name="Prendre à mon nom").click()
    expect(page.locator("#toasts")).to_contain_text("À votre nom")


def test_a_key_leads_to_whom_the_request_is_handed(app, world, browse):
    page = browse(world.agent).page
    open_page(page, f"/tickets/{opened(app, world).reference}")
    press(page, "a")
    expect(page.get_by_role("combobox", name=re.compile("Confier à quelqu’un"))).to_be_focused()
