"""Writing a reply in a real browser: kept by the second, seen by others, called back."""

import pytest
from playwright.sync_api import Page, Route, expect

from contactcenter.accounts.models import Person
from contactcenter.citizens import actions as citizens
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from tests.browser.site import SOON, axe, listening, open_page, press, too_wide
from tests.desk.stage import opened

pytestmark = pytest.mark.browser

SHORT_LINES = "Une ligne.\n" * 500_000


@pytest.fixture
def agent(world, browse) -> Page:
    return browse(world.agent).page


@pytest.fixture
def second(world, browse) -> Page:
    return browse(world.second_agent).page


@pytest.fixture
def ticket(app, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        citizen = citizens.create(name="Camille Essai", email="camille@citoyens.example")
        db.session.flush()
        person = db.session.get_one(Person, (world.centre_id, world.agent.id))
        person.preferences = {"undo": "20"}
        citizen_id = citizen.id
    return opened(app, world, "Dois-je payer deux fois ?", citizen_id=citizen_id)


@pytest.fixture
def path(ticket) -> str:
    return f"/tickets/{ticket.reference}"


def test_what_is_typed_survives_the_loss_of_the_browser(agent, world, browse, path):
    sent: list[str] = []
    agent.on("request", lambda asked: sent.append(asked.url))
    open_page(agent, path)
    agent.locator("#text").press_sequentially("Bonjour, je regarde", delay=90)
    assert any(each.endswith("/drafts") for each in sent)  # before any pause
    expect(agent.locator("[data-kept]")).to_have_text("Brouillon gardé")
    elsewhere = browse(world.agent).page
    open_page(elsewhere, path)
    expect(elsewhere.locator("#text")).to_have_value("Bonjour, je regarde")


def test_who_writes_is_seen_by_who_looks_and_no_longer_once_gone(agent, second, path):
    listening(second, path)
    open_page(agent, path)
    expect(second.locator("#looking")).to_contain_text("regarde aussi", timeout=SOON)
    agent.locator("#text").fill("Bonjour")
    expect(second.locator("#looking")).to_contain_text("Agent Essai écrit", timeout=SOON)
    expect(second.locator("#looking")).to_contain_text("Brouillon\u00a0: Agent Essai", timeout=SOON)
    open_page(agent, "/account")
    expect(second.locator("#looking")).not_to_contain_text("Agent Essai écrit", timeout=SOON)


def test_a_colleague_is_named_in_a_note_by_a_few_letters(agent, path):
    open_page(agent, f"{path}?write=note")
    agent.locator("#text").press_sequentially("Vu avec @se")
    expect(agent.locator(".names > li")).to_have_text(["Second Essai"])
    assert axe(agent) == []
    agent.keyboard.press("Enter")
    expect(agent.locator("#text")).to_have_value("Vu avec @Second ")
    expect(agent.get_by_role("listbox", name="Collègues")).to_have_count(0)


def test_whose_draft_is_taken_over_is_told_and_loses_nothing(agent, second, path):
    open_page(agent, path)
    agent.locator("#text").fill("Bonjour")
    expect(agent.locator("[data-kept]")).to_have_text("Brouillon gardé")
    open_page(second, path)
    second.get_by_text("Brouillon\u00a0: Agent Essai").click()
    second.get_by_role("button", name="Reprendre ce brouillon").click()
    expect(second.locator("#text")).to_have_value("Bonjour")


def test_a_reply_is_called_back_by_the_keyboard(agent, path):
    open_page(agent, path)
    agent.locator("#text").fill("Trop vite")
    agent.locator("#other").press("Control+Enter")  # of a form that is not the reply
    expect(agent.locator("#text")).to_have_value("Trop vite")
    agent.locator("#text").press("Control+Enter")
    expect(agent.locator("#toasts")).to_contain_text("La réponse part dans 20 secondes.")
    expect(agent.locator(".leaving")).to_contain_text("Trop vite")
    expect(agent.locator("#text")).to_have_value("")
    agent.locator("#other").press_sequentially("12")
    agent.keyboard.press("Control+z")  # about these letters
    expect(agent.locator(".leaving")).to_contain_text("Trop vite")
    agent.locator(".toast").get_by_role("button", name="Annuler l’envoi").press("Enter")
    expect(agent.locator("#text")).to_have_value("Trop vite")
    expect(agent.locator(".leaving")).to_have_count(0)
    agent.keyboard.type(" !")
    expect(agent.locator("#text")).to_have_value("Trop vite !")


def test_two_people_answering_see_each_other_before_the_second_sends(agent, browse, world, path):
    window = browse(world.second_agent)
    second = window.page
    open_page(second, path)
    second.locator("#text").fill("Ma réponse")
    open_page(agent, path)
    agent.locator("#text").fill("La première réponse")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".leaving")).to_be_visible()
    with second.expect_response(lambda answer: answer.status == 409):
        second.locator("#text").press("Control+Enter")
    expect(second.locator(".meanwhile")).to_contain_text("La première réponse")
    expect(second.locator("#text")).to_have_value("Ma réponse")
    expect(second.get_by_role("button", name="Envoyer quand même")).to_be_visible()
    window.complaints.clear()  # the browser notes each answer of 409
    assert axe(second) == []
    second.set_viewport_size({"width": 320, "height": 640})
    assert too_wide(second) == []


def test_enter_in_the_field_of_ready_made_replies_inserts_and_never_sends(
    agent, sign_in, world, path
):
    sign_in(world.manager).post(
        "/macros",
        data={"name": "Dossier reçu", "key": "recu", "text_fr": "Reçu, {nom}.", "is_shared": "y"},
    )
    open_page(agent, path)
    agent.locator("#text").fill("Bonjour,")
    agent.locator("#macro").fill("recu")
    agent.locator("#macro").press("Enter")
    expect(agent.locator("#text")).to_have_value("Bonjour,\n\nReçu, Camille Essai.")
    expect(agent.locator(".leaving")).to_have_count(0)


def test_a_paste_of_five_megabytes_is_no_text_but_a_file_ready_to_be_joined(agent, path):
    open_page(agent, path)
    agent.locator("#text").fill("Bonjour,")
    expect(agent.locator("#write [data-kept]")).to_have_text("Brouillon gardé")
    paste(agent, SHORT_LINES)
    expect(agent.locator("#write [data-kept]")).to_contain_text("prêt à être joint")
    expect(agent.locator("#text")).to_have_value("Bonjour,")
    agent.get_by_role("button", name="Joindre ces pièces").click()
    expect(agent.locator(".files a").first).to_contain_text("texte collé.txt")
    expect(agent.locator("#text")).to_have_value("Bonjour,")


def test_what_is_typed_until_the_note_stands_there_is_in_it_and_presses_no_key(agent, path):
    open_page(agent, path)
    held: list[Route] = []
    agent.route("**write=note*", lambda route: held.append(route))
    with agent.expect_request("**write=note*"):
        press(agent, "n")
    agent.keyboard.type("ce")
    held[0].continue_()
    expect(agent.get_by_role("form", name="Écrire une note interne")).to_be_visible()
    expect(agent.locator("#text")).to_have_value("ce")
    assert agent.url.endswith("write=note#text")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(pasted) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", pasted);
            const paste = { clipboardData, bubbles: true, cancelable: true };
            document.getElementById("text").dispatchEvent(new ClipboardEvent("paste", paste));
        }""",
        text,
    )


def test_what_is_sent_without_a_connection_stays_and_leaves_once_there_is_one(browse, world, path):
    window = browse(world.agent)
    page = window.page
    page.goto(path)
    page.locator("#text").fill("Bonjour, votre dossier est complet.")
    window.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#problem")).to_contain_text("Rien de ce que vous avez écrit n’est perdu")
    expect(page.locator("#text")).to_have_value("Bonjour, votre dossier est complet.")
    window.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".leaving")).to_have_count(1)
    window.complaints.clear()  # the browser notes what it could not fetch
