"""Nonsense in every form: an answer that says what to do, never a crash."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from contactcenter.slices import EXEMPT_FROM_CSRF
from tests.addresses import Address, addresses
from tests.factories import World
from tests.readers import reader
from tests.scene import Scene

ROOT = Path(__file__).parent.parent
SIGNED = {blueprint.name for blueprint in EXEMPT_FROM_CSRF}
LEAVING = {"/sign-out", "/sign-out-everywhere", "/switch"}  # they take no field
NONSENSE = {
    "nothing": "",
    "nul": "a\x00b",
    "markup": "<script>'\"--",
    "minus": "-1",
    "huge number": "9" * 30,
    "unknown id": "999999999",
    "long": "é" * 2_001,
    "not a day": "2026-13-45",
    "not a number": "nan",
    "right to left": "\u202e\U0001f600\ud7ff",
}


def field_names() -> list[str]:
    """Every name that a form of the product may send."""
    written = (path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    in_pages = {name for text in written for name in re.findall(r'\bname="(\w+)"', text)}
    sources = (path.read_text() for path in (ROOT / "contactcenter").rglob("*forms.py"))
    in_forms = {
        name for text in sources for name in re.findall(r"^    (\w+)(?:: \w+)? = \w+\(", text, re.M)
    }
    return sorted(in_pages | in_forms - {"csrf_token"})


def question_names() -> list[str]:
    """Every name that an address of the product may ask with."""
    sources = (path.read_text() for path in (ROOT / "contactcenter").rglob("*.py"))
    asked = r'request\.(?:args|values)\.get(?:list)?\(\s*"(\w+)"'
    return sorted(
        {"page", "queue"} | {name for text in sources for name in re.findall(asked, text)}
    )


@pytest.fixture
def scene(scenery, clock) -> Scene:
    return scenery.scene()


@pytest.fixture
def world(scene) -> World:
    return scene.world


@pytest.fixture
def forms(app) -> list[Address]:
    return [
        each
        for each in addresses(app)
        if each.method == "POST" and each.blueprint not in SIGNED and each.rule.rule not in LEAVING
    ]


Browser = Callable[[Address], FlaskClient]


@pytest.fixture
def browser_of(app, scene, sign_in) -> Browser:
    """The browser of who sends this form; a stranger's carries a good token too."""
    known: dict[object, FlaskClient] = {}

    def browser(address: Address) -> FlaskClient:
        person = reader(address, scene.world)
        if person not in known:
            known[person] = sign_in(person) if person else _stranger(app)
            known[person].post("/counter/place", data={"counter": scene.world.counter_id})
        return known[person]

    return browser


def _stranger(app) -> FlaskClient:
    browser = app.test_client()
    page = browser.get("/sign-in").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    browser.environ_base["HTTP_X_CSRFTOKEN"] = token
    return browser


@pytest.fixture
def asked(app) -> list[Address]:
    return [each for each in addresses(app) if each.method == "GET"]


@pytest.mark.parametrize("kind", NONSENSE)
def test_no_form_crashes_on_nonsense(kind, forms, scene, browser_of):
    data = urlencode(dict.fromkeys(field_names(), NONSENSE[kind]), errors="surrogatepass")
    data = data.replace("%C3%A9", "é")  # two megabytes of escapes take a server long to read
    answers = {
        form.name: browser_of(form)
        .post(form.path(scene), data=data, content_type="application/x-www-form-urlencoded")
        .status_code
        for form in forms
    }
    assert {name: status for name, status in answers.items() if status >= 500} == {}


def test_no_address_crashes_on_nonsense_behind_its_question_mark(asked, scene, browser_of):
    wrong = {}
    for kind in ("nul", "huge number", "not a day"):
        query = urlencode(dict.fromkeys(question_names(), NONSENSE[kind]))
        for each in asked:
            answer = browser_of(each).get(f"{each.path(scene)}?{query}")
            if answer.status_code >= 500:
                wrong[f"{each.name}, {kind}"] = answer.status_code
            answer.close()
    assert wrong == {}


def test_no_form_takes_five_megabytes(forms, scene, browser_of):
    data = b"text=" + b"x" * 5 * 2**20
    for form in forms:
        browser_of(form).environ_base.pop("HTTP_X_CSRFTOKEN", None)  # the token is in the form
    answers = {
        form.name: browser_of(form)
        .post(form.path(scene), data=data, content_type="application/x-www-form-urlencoded")
        .status_code
        for form in forms
    }
    assert set(answers.values()) == {413}, answers


def test_an_id_nobody_has_is_not_found(forms, scene, browser_of):
    wrong = {}
    for form in forms:
        if form.names_a_record:
            path = re.sub(r"\d{4}-\d{6}|(?<=/)\d+", _nobody_s, form.path(scene))
            for token in (scene.token, scene.solved_token):
                path = path.replace(token, "x" * len(token))
            path = path.replace("/ask/orme", "/ask/personne")
            answer = browser_of(form).post(path, data={"outcome": "reached"})
            wrong[f"{form.method} {path}"] = answer.status_code
    assert {name: status for name, status in wrong.items() if status != 404} == {
        "POST /counter/visits/999999999/calls": 409  # this agent receives somebody
    }


def _nobody_s(found: re.Match[str]) -> str:
    return "2099-999999" if "-" in found[0] else "999999999"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/letters", "subject"),
        ("/people", "name"),
        ("/directory/sites", "name"),
        ("/tickets/{reference}/referrals", "question"),
    ],
)
def test_what_was_typed_is_shown_again(path, field, forms, scene, browser_of):
    path = path.format(reference=scene.reference)
    form = next(each for each in forms if each.path(scene) == path)
    answer = browser_of(form).post(path, data={field: "ce que j’ai tapé"})
    assert (answer.status_code, "ce que j’ai tapé" in answer.text) == (422, True)
