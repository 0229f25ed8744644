"""Two browsers: what one person does, the other sees within two seconds, and keeps typing."""

import pytest
from playwright.sync_api import Page, expect

from config import Settings
from contactcenter.connections import LazyRedis
from contactcenter.tickets import actions as tickets
from tests.browser.site import SOON, listening, open_page
from tests.desk.stage import change, heard, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def agent(world, browse) -> Page:
    return browse(world.agent).page


@pytest.fixture
def second(world, browse) -> Page:
    return browse(world.second_agent).page


@pytest.fixture
def referent(world, browse) -> Page:
    return browse(world.referent).page


def test_who_comes_in_at_one_counter_is_seen_at_the_other(agent, second, world, sign_in):
    sign_in(world.agent).post("/counter/place", data={"counter": world.counter_id})
    sign_in(world.second_agent).post("/counter/place", data={"counter": world.second_counter_id})
    listening(second, "/counter")
    second.get_by_label("Motif").fill("je tape")
    open_page(agent, "/counter")
    agent.get_by_label("Motif").fill("avis")
    agent.keyboard.press("Enter")
    expect(agent.locator(".given .number")).to_be_visible()
    expect(second.get_by_role("button", name="Appeler")).to_contain_text("A001", timeout=SOON)
    expect(second.get_by_label("Motif")).to_have_value("je tape")
    expect(second.get_by_label("Motif")).to_be_focused()


def test_an_open_board_says_when_live_updates_are_interrupted(app, browse, world, monkeypatch):
    board = browse(world.manager).page
    listening(board, "/board")
    notice = board.locator("#stale")
    expect(notice).to_be_hidden()
    with monkeypatch.context() as away:
        away.setitem(app.extensions, "redis", LazyRedis(Settings(redis_url="redis://127.0.0.1:1")))
        expect(notice).to_contain_text("mises à jour en direct sont interrompues")
    expect(notice).to_be_hidden()


def test_two_agents_who_call_at_once_get_two_people(agent, second, world, sign_in):
    browser = sign_in(world.agent)
    browser.post("/counter/place", data={"counter": world.counter_id})
    sign_in(world.second_agent).post("/counter/place", data={"counter": world.second_counter_id})
    open_page(agent, "/counter")
    for _each in range(2):
        agent.get_by_label("Motif").fill("avis")
        agent.keyboard.press("Enter")
        expect(agent.get_by_label("Motif")).to_have_value("")
    open_page(second, "/counter")
    agent.get_by_role("button", name="Appeler").click(no_wait_after=True)
    second.get_by_role("button", name="Appeler").click(no_wait_after=True)
    called = [page.locator("#main .number").first.inner_text() for page in (agent, second)]
    assert sorted(called) == ["A001", "A002"]


def test_a_message_appears_while_the_answer_is_being_typed(agent, app, world):
    ticket = opened(app, world, text="Bonjour")
    listening(agent, f"/tickets/{ticket.reference}")
    agent.locator("#text").fill("Ma réponse en cours")
    heard(app, ticket, "J’ai retrouvé le papier")
    expect(agent.locator(".thread")).to_contain_text("retrouvé le papier", timeout=SOON)
    expect(agent.locator("#text")).to_have_value("Ma réponse en cours")
    expect(agent.locator("#text")).to_be_focused()


def test_a_new_request_is_announced_and_never_jumps_in(agent, app, world, worker):
    opened(app, world, subject="Déjà là")
    listening(agent, "/tickets")
    opened(app, world, subject="Toute neuve")
    worker.run_all()
    expect(agent.locator("body")).to_contain_text("Une nouvelle demande", timeout=SOON)
    expect(agent.locator("[data-rows]")).not_to_contain_text("Toute neuve")
    agent.get_by_text("Une nouvelle demande").click()
    expect(agent.locator("[data-rows]")).to_contain_text("Toute neuve")


def test_a_row_of_a_list_changes_in_its_place(agent, app, world):
    taken, other = opened(app, world, subject="Prise"), opened(app, world, subject="Autre")
    listening(agent, "/tickets")
    agent.locator("[data-pick]").nth(1).check()
    agent.locator("[data-rows] a").nth(0).focus()
    change(app, taken, lambda t: tickets.assign(t, world.second_agent, by=world.second_agent))
    row = agent.locator(f"#row-{taken.reference}")
    expect(row).to_contain_text(world.second_agent.name, timeout=SOON)
    expect(row).to_contain_text("N’est plus dans cette liste")
    expect(agent.locator("[data-rows] li")).to_have_count(2)
    expect(row.locator("a")).to_be_focused()
    expect(agent.locator(f"#row-{other.reference} [data-pick]")).to_be_checked()


def test_a_question_with_papers_is_asked_answered_and_seen_live(
    agent, second, referent, scene, worker, world
):
    listening(referent, "/referrals")
    listening(second, "/tickets?view=all")
    row = second.locator(f"#row-{scene.mail_reference}")
    open_page(agent, f"/tickets/{scene.mail_reference}/referrals/new")
    _ask(agent, scene)
    worker.run_all()
    expect(referent.locator("body")).to_contain_text("Que doit-elle payer", timeout=SOON)
    expect(row).to_contain_text("Chez un expert", timeout=SOON)
    listening(agent, f"/tickets/{scene.mail_reference}")
    agent.locator("#text").fill("Je vous écris")
    referent.get_by_role("link", name="Que doit-elle payer").first.click()
    referent.wait_for_url("**/referrals/*")
    listening(referent, referent.url)
    referent.get_by_role("button", name="Prendre la question").click()
    worker.run_all()
    expect(agent.locator("#experts")).to_contain_text("Referent Essai", timeout=SOON)
    referent.locator('[name="text"]').fill("Rien : elle est exonérée.")
    referent.get_by_role("button", name="Répondre à l’agent").click()
    worker.run_all()
    expect(agent.locator("#experts")).to_contain_text("elle est exonérée", timeout=SOON)
    expect(row).not_to_contain_text("Chez un expert", timeout=SOON)
    expect(agent.locator("#text")).to_have_value("Je vous écris")
    expect(agent.locator("#text")).to_be_focused()


def test_who_reads_a_question_sees_it_no_more_once_the_permission_is_taken_back(
    browse, scene, sign_in, world
):
    window = browse(world.referent)
    referent = window.page
    listening(referent, f"/referrals/{scene.referral_id}")
    expect(referent.locator("main.question h1, main.question h2").first).to_be_visible()
    taken_back = f"/tickets/{scene.reference}/mandates/{scene.mandate_id}/revocation"
    assert sign_in(world.agent).post(taken_back, data={"text": ""}).status_code == 303
    expect(referent.locator("main.question")).to_be_empty(timeout=SOON)
    expect(referent.locator("#stale")).to_contain_text("n’est plus à jour")
    window.complaints.clear()  # the browser notes the 404 it was given


def _ask(page: Page, scene) -> None:
    page.locator(f"#team-{scene.world.team_id}").check()
    page.locator('[name="question"]').fill("Que doit-elle payer ?")
    page.locator('[name="mandate"][value="oral"]').check()
    page.locator('[name="witness"]').fill("Agent Essai")
    page.locator('[name="files"]').set_input_files(
        {"name": "avis.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 essai"}
    )
    page.get_by_role("button", name="Demander à l’expert").click()
    page.wait_for_url(f"**/tickets/{scene.mail_reference}")


@pytest.fixture
def time_passes(clock):
    """The board is computed once a second at most."""
    with clock.running():
        yield


@pytest.mark.usefixtures("time_passes")
def test_the_board_follows_who_comes_and_goes(agent, browse, world, sign_in):
    sign_in(world.agent).post("/counter/place", data={"counter": world.counter_id})
    manager = listening(browse(world.manager).page, "/board")
    card = manager.locator(".queue", has_text="Guichet")
    expect(card.locator(".waiting")).to_contain_text("0")
    open_page(agent, "/counter")
    agent.get_by_label("Motif").fill("avis")
    agent.keyboard.press("Enter")
    expect(agent.locator(".given .number")).to_be_visible()
    expect(card.locator(".waiting")).to_contain_text("1", timeout=SOON)


@pytest.mark.usefixtures("time_passes")
def test_what_a_manager_unfolded_stays_open_while_the_board_changes(agent, browse, world, sign_in):
    sign_in(world.agent).post("/counter/place", data={"counter": world.counter_id})
    manager = listening(browse(world.manager).page, "/board")
    manager.get_by_text("Chez les partenaires").first.click()
    theirs = manager.locator(f"#queue-{world.referral_queue_id}")
    expect(theirs).to_be_visible()
    open_page(agent, "/counter")
    agent.get_by_label("Motif").fill("avis")
    agent.keyboard.press("Enter")
    expect(agent.locator(".given .number")).to_be_visible()
    own = manager.locator(f"#queue-{world.counter_queue_id} .waiting")
    expect(own).to_contain_text("1", timeout=SOON)
    expect(theirs).to_be_visible()


@pytest.mark.usefixtures("time_passes")
def test_a_page_that_lives_as_a_whole_is_seen_again(browse, world, sign_in):
    why = listening(
        browse(world.manager).page, f"/board/queues/{world.counter_queue_id}/saturation"
    )
    expect(why.locator("main")).to_contain_text("Personne n’attend")
    browser = sign_in(world.agent)
    browser.post("/counter/place", data={"counter": world.counter_id})
    browser.post("/counter/visits", data={"key": "k" * 16, "topic": "avis"})
    expect(why.locator("main")).not_to_contain_text("Personne n’attend", timeout=SOON)


def test_who_is_cut_off_is_told_at_once_and_catches_up_once_back(browse, app, world):
    ticket = opened(app, world, text="Bonjour")
    window = browse(world.agent)
    page = listening(window.page, f"/tickets/{ticket.reference}")
    expect(page.get_by_text("Rien de semblable")).to_be_visible()
    page.locator("#text").fill("Ma réponse")
    window.context.set_offline(True)
    expect(page.locator("#stale")).to_contain_text("Hors ligne", timeout=SOON)
    heard(app, ticket, "Écrit pendant la coupure")
    window.context.set_offline(False)
    expect(page.locator(".thread")).to_contain_text("Écrit pendant la coupure", timeout=2 * SOON)
    expect(page.locator(".thread .voice")).to_have_count(2)
    expect(page.get_by_text("Rien de semblable")).to_be_visible()
    expect(page.locator("#stale")).to_be_hidden()
    expect(page.locator("#text")).to_have_value("Ma réponse")
    expect(page.locator("#text")).to_be_focused()
    window.complaints.clear()  # the browser notes each request that could not leave
