"""What the board and the wall show, and how often they are computed."""

import re
from datetime import timedelta

import pytest

from contactcenter import live
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.models import ChosenStatus, Queue, Source
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.presence import choose, write_up
from contactcenter.reports import board_routes


@pytest.fixture(autouse=True)
def no_kept_boards(monkeypatch):
    """Each test has centres of its own; what another showed is not theirs."""
    monkeypatch.setattr(board_routes, "fragments", board_routes.Fragments())


def test_the_board_tells_returns_apart(world, visit, sign_in):
    first = visit(Outcome.ANSWERED, ago=20)
    visit(Outcome.ANSWERED, ago=4, source=Source.RETURN, previous_id=first)
    page = sign_in(world.manager).get("/board").text
    cells = {
        name: re.findall(rf'figure={name}"?[^>]*>(\d+)</a>', page)
        for name in ("arrived", "returned", "served")
    }
    found = {name: set(each) - {"0"} for name, each in cells.items()}
    assert found == {name: {"1"} for name in cells}


def test_the_board_says_who_writes_up_a_call(app, world, sign_in, clock):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
        write_up(world.centre_id, world.agent.id, clock.time + timedelta(seconds=90))
    assert "1 note son appel" in sign_in(world.manager).get("/board").text.replace("\u00a0", " ")


def test_the_board_says_the_level_in_a_word_a_reason_and_one_advice(world, visit, sign_in):
    visit(ago=3)
    page = sign_in(world.manager).get("/board").text
    assert "Bloquée" in page
    assert "1 personne attend et personne ne sert." in page
    assert "Faire répondre un agent" in page
    assert "données de 10:00:00" in page


def test_the_board_is_looked_at_again_when_a_visit_changed(app, world, visit, sign_in, clock):
    browser = sign_in(world.manager)
    visit(ago=3)
    assert _waiting(browser.get("/board/cards").text, world) == "1"
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        live.touch("board")
    visit(ago=2)
    clock.advance(seconds=1)
    assert _waiting(browser.get("/board/cards").text, world) == "2"


def test_two_hundred_boards_cost_one_computation(app, world, visit, sign_in):
    browsers = [sign_in(world.manager), sign_in(world.agent)]
    for number in range(200):
        browsers[number % 2].get(("/board/cards", "/board/wall/cards")[number // 2 % 2])
    assert board_routes.fragments.computed == 1


def test_a_storm_of_changes_costs_one_computation_a_second(app, world, sign_in, clock):
    browser = sign_in(world.manager)
    answers = []
    for _second in range(3):
        for _change in range(5):
            with app.app_context(), within(Scope(world.centre_id)), transaction():
                live.touch("board")
            answers.append(browser.get("/board/cards"))
        clock.advance(seconds=1)
    assert board_routes.fragments.computed == 3
    # Who looked too early is told to look again, so that the last change is seen.
    assert answers[-1].headers["HX-Trigger-After-Settle"] == "look-again"
    assert "HX-Trigger-After-Settle" not in browser.get("/board/cards").headers


def test_a_site_shows_its_queues_in_its_order(world, sign_in):
    browser = sign_in(world.manager)
    first, second = world.phone_queue_id, world.counter_queue_id
    told = browser.post(
        f"/board/layouts/{world.site_id}", data={f"place-{first}": "1", f"place-{second}": "2"}
    )
    assert told.status_code == 303
    wall = browser.get(f"/board/wall?site={world.site_id}").text
    assert re.findall(r'<article class="queue[^"]*" id="queue-(\d+)"', wall) == [
        str(first),
        str(second),
    ]
    assert browser.get("/board/wall").text.count("<article") == 6


def test_a_site_without_numbers_shows_all_again(world, sign_in):
    browser = sign_in(world.manager)
    browser.post(f"/board/layouts/{world.site_id}", data={f"place-{world.phone_queue_id}": "1"})
    browser.post(f"/board/layouts/{world.site_id}", data={})
    assert browser.get(f"/board/wall?site={world.site_id}").text.count("<article") == 6


def test_an_agent_arranges_no_board_and_a_site_elsewhere_is_unknown(world, other_world, sign_in):
    assert sign_in(world.agent).get(f"/board/layouts/{world.site_id}").status_code == 403
    browser = sign_in(world.manager)
    assert browser.get(f"/board/layouts/{other_world.site_id}").status_code == 404
    assert browser.get(f"/board/wall?site={other_world.site_id}").status_code == 404


def test_a_chart_can_be_read_as_a_table(world, visit, sign_in):
    visit(ago=3)
    page = sign_in(world.manager).get("/board").text
    table = page.split("Téléphone, arrivées par 5 minutes")[1].split("</table>")[0]
    assert table.count("<tr>") == 13
    assert '<th scope="row">10\xa0h\xa000</th><td>1</td>' in table


def test_a_board_nothing_happened_on_is_computed_once(world, visit, sign_in, clock):
    browser = sign_in(world.manager)
    browser.get("/board/cards")
    visit(ago=3)  # a row nobody announced
    assert _waiting(browser.get("/board/cards").text, world) == "0"
    clock.advance(seconds=2)
    assert _waiting(browser.get("/board/cards").text, world) == "1"


def test_another_centre_sees_nothing_of_it(world, other_world, visit, sign_in):
    visit(ago=3)
    page = sign_in(other_world.manager).get("/board").text
    assert _waiting(page, other_world) == "0"
    page = sign_in(other_world.manager).get(f"/board/queues/{world.phone_queue_id}")
    assert page.status_code == 404


@pytest.mark.parametrize("address", ["/board", "/board/cards", "/board/wall", "/board/wall/cards"])
def test_a_referent_sees_no_board(world, sign_in, address):
    assert sign_in(world.referent).get(address).status_code == 403


def test_a_wall_shows_six_queues_a_screen(app, world, sign_in):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.add(Queue(name="Zone 7", kind="phone"))
    browser = sign_in(world.manager)
    first, second = (browser.get(f"/board/wall?screen={n}").text for n in (1, 2))
    assert (first.count("<article"), second.count("<article")) == (6, 1)


def test_the_board_is_followed_by_who_may_see_it(app, world):
    with app.app_context(), within(Scope(world.centre_id)):
        assert live.may_follow(world.agent, "board")
        assert not live.may_follow(world.referent, "board")


def test_letters_are_judged_by_the_oldest_and_not_by_who_is_there(world, visit, sign_in):
    visit(ago=11, queue_id=world.written_queue_id, channel="email")
    page = sign_in(world.manager).get("/board").text
    assert "Prendre les plus anciennes d’abord" in page
    assert "Bloquée" not in page


def test_the_queues_of_partners_are_folded_behind_our_own(world, sign_in):
    page = sign_in(world.manager).get("/board").text
    own, partners = page.split('<details class="partners"')
    assert own.count('<article class="queue') == 3
    assert partners.count('<article class="queue') == 3
    assert "Chez les partenaires (3)" in partners
    assert "rien n’attend" in partners


def test_the_fold_says_how_many_questions_wait_and_shows_those_first(world, visit, sign_in):
    visit(ago=2, queue_id=world.referral_queue_id, channel="email")
    visit(ago=12, queue_id=world.referral_queue_id, channel="email")
    page = sign_in(world.manager).get("/board").text
    partners = page.split('<details class="partners"')[1]
    summary, cards = partners.split("<summary>")[1].split("</summary>", 1)
    assert "2 questions attendent" in summary
    assert "1 en retard" in summary
    assert cards.index(f'id="queue-{world.referral_queue_id}"') < cards.index(
        f'id="queue-{world.consult_queue_id}"'
    )


def test_a_centre_that_rehearses_shows_what_is_played(app, world, visit, sign_in):
    visit(ago=3, is_rehearsal=True)
    with app.app_context(), transaction():
        db.session.get_one(Centre, world.centre_id).rehearsing = True
    assert _waiting(sign_in(world.manager).get("/board").text, world) == "1"


def _waiting(page: str, world) -> str:
    own = page.split(f'id="queue-{world.phone_queue_id}"')[1]
    found = re.search(r'class="waiting">\s*<a[^>]*>(\d+)</a>', own)
    assert found
    return found[1]
