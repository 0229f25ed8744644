"""What axe cannot see: forced colours, still pages, targets, zoom, focus and live regions."""

import pytest
from playwright.sync_api import Page

from tests.browser.site import axe, open_page, too_wide

pytestmark = pytest.mark.browser

SCREENS = {
    "counter": ("agent", "/counter"),
    "list": ("agent", "/tickets"),
    "ticket": ("agent", "/tickets/{reference}"),
    "ask": ("agent", "/tickets/{reference}/referrals/new"),
    "questions": ("referent", "/referrals"),
    "question": ("referent", "/referrals/{referral_id}"),
    "board": ("manager", "/board"),
    "account": ("agent", "/account"),
    "words": ("referent", "/words"),
}
CONTROLS = "a[href], button, summary, select, textarea, input:not([type=hidden])"

# Shapes that carry a meaning must keep an edge when the system takes the grounds away.
WITHOUT_EDGE = """() => [...document.querySelectorAll(".level, .badge, .number, .chip, .button")]
  .filter((each) => each.checkVisibility() && !each.matches(".quiet"))
  .filter((each) => parseFloat(getComputedStyle(each).borderTopWidth) < 1)
  .map((each) => each.outerHTML.slice(0, 120))"""
LOST_ICONS = """() => [...document.querySelectorAll("svg.icon")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const style = getComputedStyle(each);
    const drawn = style.stroke === "none" ? style.fill : style.stroke;
    for (let at = each.parentElement; at; at = at.parentElement) {
      const ground = getComputedStyle(at).backgroundColor;
      if (ground !== "rgba(0, 0, 0, 0)") return ground === drawn;
    }
    return false;
  }).map((each) => each.parentElement.outerHTML.slice(0, 120))"""
MOVING = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const style = getComputedStyle(each);
  const longest = (said) => Math.max(...said.split(",").map(parseFloat));
  return longest(style.transitionDuration) > 0.001
    || (style.animationName !== "none" && longest(style.animationDuration) > 0.001);
}).map((each) => each.outerHTML.slice(0, 120))"""
# A link within a sentence may be as low as its line, and a box as its label is high.
SMALL = """([controls, least]) => [...document.querySelectorAll(controls)]
  .filter((each) => each.checkVisibility() && !each.closest(".unseen, .skip"))
  .filter((each) => !(each.matches("a") && getComputedStyle(each).display === "inline"))
  .map((each) => (each.matches("[type=checkbox], [type=radio]") && each.closest("label")) || each)
  .filter((each) => {
    const {width, height} = each.getBoundingClientRect();
    return width && (width < least - 0.5 || height < least - 0.5);
  }).map((each) => each.outerHTML.slice(0, 140))"""
FOCUSED = """() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    place: [...document.querySelectorAll("*")].indexOf(at),
    said: at.outerHTML.slice(0, 120),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside,
  };
}"""


@pytest.fixture
def opened(scene, browse, sign_in):
    """The screen of this name, as who works with it."""
    sign_in(scene.world.agent).post("/counter/place", data={"counter": scene.world.counter_id})

    def open_screen(name: str, **options) -> Page:
        who, path = SCREENS[name]
        page = browse(getattr(scene.world, who), **options).page
        open_page(page, path.format(reference=scene.reference, referral_id=scene.referral_id))
        return page

    return open_screen


def _walk(page: Page, steps: int) -> list[dict]:
    """Where the keyboard stands after each Tab, until it leaves the page."""
    stands = []
    for _step in range(steps):
        page.keyboard.press("Tab")
        stand = page.evaluate(FOCUSED)
        if stand is None:
            break
        stands.append(stand)
    return stands


@pytest.mark.parametrize("name", ["counter", "ticket", "question", "board"])
def test_forced_colours_keep_edges_icons_and_the_ring(name, opened):
    page = opened(name, forced_colors="active")
    assert page.evaluate(WITHOUT_EDGE) == []
    assert page.evaluate(LOST_ICONS) == []
    assert [stand["said"] for stand in _walk(page, 12) if not stand["ring"]] == []
    assert axe(page) == []


@pytest.mark.parametrize("name", ["counter", "ticket", "board"])
def test_nothing_moves_for_who_asked_for_stillness(name, opened):
    assert opened(name, reduced_motion="reduce").evaluate(MOVING) == []


@pytest.mark.parametrize("name", SCREENS)
def test_controls_are_large_enough_for_a_finger(name, opened):
    page = opened(name, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    assert page.evaluate(SMALL, [CONTROLS, 24]) == []
    assert page.evaluate(SMALL, [".button.main", 44]) == []


@pytest.mark.parametrize("name", SCREENS)
def test_a_page_of_double_size_stays_in_the_window(name, opened):
    """Zoom of 200 % in a window of 1280 by 900 points leaves the page half of each."""
    page = opened(name, viewport={"width": 640, "height": 450}, device_scale_factor=2)
    assert too_wide(page) == []


@pytest.mark.parametrize("name", ["counter", "ticket", "question", "board"])
def test_the_keyboard_walks_as_one_reads_and_is_always_seen(name, opened):
    page = opened(name)
    stands = _walk(page, 40)
    places = [stand["place"] for stand in stands]
    assert "#main" in stands[0]["said"]
    assert places == sorted(places)
    assert [each["said"] for each in stands if not (each["ring"] and each["inside"])] == []


@pytest.mark.parametrize("name", SCREENS)
def test_news_is_said_politely(name, opened):
    page = opened(name)
    loud = page.locator('[role="alert"], [aria-live="assertive"]')
    assert [loud.nth(number).get_attribute("id") for number in range(loud.count())] == ["problem"]
    assert page.locator("#announcer").get_attribute("role") == "status"


@pytest.mark.parametrize("name", ["counter", "list", "questions", "board"])
def test_help_leads_to_the_words_and_to_the_statement_without_script(name, opened):
    page = opened(name, java_script_enabled=False)
    page.locator(".topbar .help summary").click()
    assert page.locator('.topbar .help a[href="/words"]').is_visible()
    assert page.locator('.topbar .help a[href="/accessibility"]').is_visible()
