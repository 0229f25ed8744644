"""The look holds in both themes, in old browsers and under the content policy."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAPER = {"slip.css", "letter.css"}  # what is printed is black on white in every theme


def tokens() -> dict[str, tuple[str, str]]:
    """Every colour by name, in the light and in the dark theme."""
    text = (CSS / "tokens.css").read_text("utf-8")
    pairs = re.findall(r"(--[\w-]+):\s*light-dark\((#\w+), (#\w+)\);", text)
    return {name: (light, dark) for name, light, dark in pairs}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2: 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_each_colour_has_the_same_light_value_for_browsers_without_light_dark():
    text = (CSS / "tokens.css").read_text("utf-8")
    plain = dict(re.findall(r"^  (--[\w-]+):\s*(#\w{6});", text, re.MULTILINE))
    assert plain == {name: light for name, (light, _dark) in tokens().items()}


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("--text", "--surface", 7),
        ("--text", "--canvas", 7),
        ("--text", "--us-tint", 7),
        ("--text-soft", "--surface", 4.5),
        ("--text-soft", "--canvas", 4.5),
        ("--text-soft", "--us-tint", 4.5),
        ("--text-soft", "--sunken", 4.5),
        ("--us", "--surface", 4.5),
        ("--us", "--canvas", 4.5),
        ("--us", "--us-tint", 4.5),
        ("--on-us", "--us", 4.5),
        ("--partner", "--surface", 4.5),
        ("--partner", "--partner-tint", 4.5),
        ("--citizen", "--citizen-tint", 4.5),
        ("--kraft-text", "--kraft", 7),
        ("--fluid", "--surface", 4.5),
        ("--busy", "--busy-tint", 4.5),
        ("--full", "--full-tint", 4.5),
        ("--full", "--surface", 4.5),
        ("--full", "--canvas", 4.5),
        ("--on-blocked", "--blocked", 4.5),
        ("--line-strong", "--surface", 3),
        ("--focus", "--canvas", 3),
        ("--focus", "--surface", 3),
    ],
)
def test_words_stand_out_from_their_ground_in_both_themes(text, ground, least):
    colours = tokens()
    for theme in (0, 1):
        assert contrast(colours[text][theme], colours[ground][theme]) >= least


def test_screens_name_meanings_and_no_raw_colour():
    raw = re.compile(r":[^;{}]*(#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\()")
    allowed = re.compile(r"#0000|#000\b")  # shapes cut by a mask, and black ink of a printer
    found = [
        (path.name, line.strip())
        for path in CSS.glob("*.css")
        if path.name not in PAPER | {"tokens.css"}
        for line in path.read_text("utf-8").splitlines()
        if raw.search(allowed.sub("", line))
    ]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_carries_style_or_script_inline(path):
    text = path.read_text("utf-8")
    assert re.search(r"\sstyle=|<style\b|\son\w+=\"|\bhx-on\b|javascript:", text) is None
    assert re.search(r"<script(?![^>]*\bsrc=)", text) is None
