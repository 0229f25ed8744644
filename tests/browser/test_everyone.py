"""What axe cannot see: forced colours, still pages, targets, zoom, focus and live regions."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.site import Window, axe, open_page, too_wide

pytestmark = pytest.mark.browser

Look = Callable[[Page], list]

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
def screens(scene, browse, sign_in):
    """Open these screens, each as who works with it; `look` says what is wrong there."""
    sign_in(scene.world.agent).post("/counter/place", data={"counter": scene.world.counter_id})

    def look_through(names: Iterable[str], look: Look, **options) -> dict[str, list]:
        windows: dict[str, Window] = {}
        found = {}
        for name in names:
            who, path = SCREENS[name]
            if who not in windows:
                windows[who] = browse(getattr(scene.world, who), **options)
            page = windows[who].page
            open_page(page, path.format(reference=scene.reference, referral_id=scene.referral_id))
            found[name] = look(page)
        return {name: each for name, each in found.items() if each}

    return look_through


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


def _lost_in_forced_colours(page: Page) -> list:
    ringless = [stand["said"] for stand in _walk(page, 12) if not stand["ring"]]
    return [*page.evaluate(WITHOUT_EDGE), *page.evaluate(LOST_ICONS), *ringless, *axe(page)]


def test_forced_colours_keep_edges_icons_and_the_ring(screens):
    names = ["counter", "ticket", "question", "board"]
    assert screens(names, _lost_in_forced_colours, forced_colors="active") == {}


def test_nothing_moves_for_who_asked_for_stillness(screens):
    names = ["counter", "ticket", "board"]
    assert screens(names, lambda page: page.evaluate(MOVING), reduced_motion="reduce") == {}


def test_controls_are_large_enough_for_a_finger(screens):
    def small(page: Page) -> list:
        return [
            *page.evaluate(SMALL, [CONTROLS, 24]),
            *page.evaluate(SMALL, [".button.main", 44]),
        ]

    phone = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
    assert screens(SCREENS, small, **phone) == {}


def test_a_page_of_double_size_stays_in_the_window(screens):
    """Zoom of 200 % in a window of 1280 by 900 points leaves the page half of each."""
    zoomed = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
    assert screens(SCREENS, too_wide, **zoomed) == {}


def _astray(page: Page) -> list:
    """Where the keyboard goes back, is not seen, or does not begin with the way to the content."""
    stands = _walk(page, 40)
    wrong = [each["said"] for each in stands if not (each["ring"] and each["inside"])]
    wrong += [
        after["said"] for before, after in pairwise(stands) if after["place"] < before["place"]
    ]
    return wrong if "#main" in stands[0]["said"] else [*wrong, stands[0]["said"]]


def test_the_keyboard_walks_as_one_reads_and_is_always_seen(screens):
    assert screens(["counter", "ticket", "question", "board"], _astray) == {}


def _said_rudely(page: Page) -> list:
    loud = page.locator('[role="alert"], [aria-live="assertive"]')
    names = [loud.nth(number).get_attribute("id") for number in range(loud.count())]
    role = page.locator("#announcer").get_attribute("role")
    return [] if (names, role) == (["problem"], "status") else [names, role]


def test_news_is_said_politely(screens):
    assert screens(SCREENS, _said_rudely) == {}


def test_help_leads_to_the_words_and_to_the_statement_without_script(screens):
    def hidden(page: Page) -> list:
        page.locator(".topbar .help summary").click()
        links = [f'.topbar .help a[href="{path}"]' for path in ("/words", "/accessibility")]
        return [link for link in links if not page.locator(link).is_visible()]

    names = ["counter", "list", "questions", "board"]
    assert screens(names, hidden, java_script_enabled=False) == {}
