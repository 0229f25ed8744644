import re
from datetime import timedelta

import pytest

from contactcenter import live
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.queues.load import Load, loads
from contactcenter.queues.measures import load_now, midnight
from contactcenter.queues.models import (
    ChosenStatus,
    Queue,
    SaturationLevel,
    Source,
    Visit,
    VisitState,
)
from contactcenter.queues.outcomes import LOST, Outcome
from contactcenter.queues.presence import choose, write_up
from contactcenter.reports import board_routes


@pytest.fixture(autouse=True)
def no_kept_boards(monkeypatch):
    """Each test has centres of its own; what another showed is not theirs."""
    monkeypatch.setattr(board_routes, "fragments", board_routes.Fragments())


@pytest.fixture
def load(app, world, clock):
    """How the phone queue stands."""

    def look(**more) -> Load:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            ids = [world.phone_queue_id, world.counter_queue_id]
            day = midnight(clock.time, "Europe/Paris")
            return loads(world.centre_id, ids, clock.time, day, **more)[ids[0]]

    return look


def test_who_waits_is_counted_and_the_oldest_is_known(load, visit, clock):
    visit(ago=7)
    visit(ago=3)
    assert (load().waiting, load().longest_seconds(clock.time)) == (2, 420)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome in LOST])
def test_each_way_of_being_lost_is_counted(load, visit, outcome):
    visit(outcome)
    assert (load().hour.lost, load().hour.answered) == (1, 0)


def test_an_answer_within_the_target_is_on_time(load, visit):
    visit(Outcome.ANSWERED, wait=10)
    visit(Outcome.ANSWERED, wait=11, ago=30)
    assert (load().today.on_time, load().today.owed) == (1, 2)


def test_who_waits_beyond_the_target_lowers_the_service_level(load, visit):
    visit(Outcome.ANSWERED)
    assert load().today.service_level == 1
    visit(ago=11)
    assert load().today.service_level == 0.5


def test_a_figure_changes_when_the_row_behind_it_changes(app, world, load, visit):
    visit_id = visit(ago=2)
    assert (load().waiting, load().hour.gave_up) == (1, 0)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        row = db.session.get_one(Visit, (world.centre_id, visit_id))
        row.outcome, row.state = Outcome.ABANDONED, VisitState.OVER
        row.left_at = row.entered_at + timedelta(minutes=2)
    assert (load().waiting, load().hour.gave_up) == (0, 1)


def test_the_hour_and_the_day_are_told_apart(load, visit):
    visit(Outcome.ANSWERED, ago=59)
    visit(Outcome.ANSWERED, ago=61)
    visit(Outcome.ANSWERED, ago=60 * 11)  # yesterday evening
    assert (load().hour.offered, load().today.offered) == (1, 2)


def test_arrivals_are_shown_by_five_minutes_oldest_first(load, visit):
    visit(ago=58)
    visit(ago=1)
    visit(ago=2)
    assert load().arrivals == (1, *[0] * 10, 2)


def test_who_calls_again_is_one_person(load, visit):
    visit(Outcome.ABANDONED, caller_key="k")
    visit(caller_key="k")
    assert (load().hour.offered, load().hour.people) == (2, 1)


def test_who_was_set_aside_and_came_back_arrived_once_and_is_served_once(load, visit):
    first = visit(Outcome.ANSWERED, ago=20)
    visit(Outcome.ANSWERED, ago=4, source=Source.RETURN, previous_id=first)
    today = load().today
    assert (today.arrived, today.returned, today.served) == (1, 1, 1)
    assert (today.offered, today.answered) == (2, 2)
    assert sum(load().arrivals) == 1


def test_who_writes_again_arrives_again(load, visit):
    visit(Outcome.ANSWERED, ago=20)
    visit(Outcome.ANSWERED, ago=4, source=Source.RETURN)
    assert (load().today.arrived, load().today.returned) == (2, 0)


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


def test_an_agent_is_ready_then_busy_then_away(app, world, load, visit, sign_in):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    assert (load().ready, load().busy) == (1, 0)
    visit(Outcome.ANSWERED, service=None, answered_by=world.agent.id)
    assert (load().ready, load().busy) == (0, 1)


def test_who_writes_up_a_call_is_not_ready(app, world, load, sign_in, clock):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
        write_up(world.centre_id, world.agent.id, clock.time + timedelta(seconds=90))
    assert (load().ready, load().busy, load().wrap_up, load().agents) == (0, 0, 1, 1)
    clock.advance(seconds=90)
    assert (load().ready, load().wrap_up) == (1, 0)


def test_who_is_on_a_break_is_said_and_serves_nobody(app, world, load, sign_in):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.BREAK)
    assert (load().ready, load().on_break, load().agents) == (0, 1, 0)


def test_the_board_says_who_writes_up_a_call(app, world, sign_in, clock):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
        write_up(world.centre_id, world.agent.id, clock.time + timedelta(seconds=90))
    assert "1 note son appel" in sign_in(world.manager).get("/board").text.replace("\u00a0", " ")


def test_a_page_that_gave_no_sign_of_life_is_nobody(app, world, load, clock, sign_in):
    sign_in(world.agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    clock.advance(minutes=31)
    assert load().agents == 0


def test_what_is_played_counts_only_in_a_rehearsal(load, visit):
    visit(is_rehearsal=True)
    assert (load().waiting, load(include_rehearsal=True).waiting) == (0, 1)


def test_what_an_earlier_system_left_waiting_is_not_waiting_now(app, world, load, visit):
    visit(Outcome.ANSWERED, source_log="visits-csv")
    assert load().hour.offered == 0


def test_the_load_for_other_programs_says_its_reason(app, world, visit):
    visit(ago=3)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        told = load_now(queue)
    assert (told["waiting"], told["level"], told["reason"]) == (1, "blocked", "nobody_serves")


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


def test_who_pauses_and_who_cannot_be_reached_is_said(app, world, load, clock, sign_in):
    sign_in(world.agent)
    sign_in(world.second_agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)
    clock.advance(minutes=31)
    sign_in(world.second_agent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.second_agent, ChosenStatus.BREAK)
    assert (load().agents, load().on_break, load().unreachable) == (0, 1, 1)
    assert "1 en pause, <span" in sign_in(world.manager).get("/board").text
    clock.advance(hours=9)
    assert load().unreachable == 0


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


def test_a_level_gets_worse_after_two_minutes_and_better_after_five(
    app, world, visit, clock, sign_in
):
    assert _swept(app, world) == "fluid"
    visit(ago=0)
    levels = []
    for _ in range(3):
        clock.advance(minutes=1)
        levels.append(_swept(app, world))
    assert levels == ["fluid", "fluid", "blocked"]
    sign_in(world.agent)
    levels = []
    for _ in range(6):
        clock.advance(minutes=1)
        _serve(app, world)
        levels.append(_swept(app, world))
    assert levels == ["blocked"] * 5 + ["fluid"]


def _serve(app, world) -> None:
    """An agent who signed in is there."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)


def _blocked(app, world, visit, clock) -> None:
    visit(ago=0)
    for _ in range(4):
        clock.advance(minutes=1)
        level = _swept(app, world)
    assert level == "blocked"


def test_a_queue_in_which_nobody_waits_is_not_blocked(app, world, visit, clock, sign_in):
    _swept(app, world)
    _blocked(app, world, visit, clock)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        row = db.session.scalars(db.select(Visit)).one()
        row.outcome, row.state, row.left_at = Outcome.ABANDONED, VisitState.OVER, clock.time
    clock.advance(seconds=1)  # also before it is swept again
    page = sign_in(world.manager).get("/board").text
    assert "Bloquée" not in page
    clock.advance(minutes=1)
    assert _swept(app, world) == "fluid"


def test_a_level_that_is_held_says_why_and_until_when(app, world, visit, clock, sign_in):
    _swept(app, world)
    _blocked(app, world, visit, clock)
    sign_in(world.agent)
    _serve(app, world)
    clock.advance(seconds=30)
    _swept(app, world)
    page = sign_in(world.manager).get("/board").text
    card = page.split(f'id="queue-{world.phone_queue_id}"')[1].split("</article>")[0]
    text = re.sub(r"\s", " ", card)
    assert "Bloquée" in text
    assert "Reste bloquée jusqu’à 10 h 09 : il n’y avait personne pour recevoir." in text
    assert "Rien à faire" not in text
    assert "Se calme" not in text


def test_a_long_line_is_not_called_fluid_and_says_what_it_supposes(
    app, world, visit, clock, sign_in
):
    sign_in(world.agent)
    _serve(app, world)
    for _ in range(11):
        visit(ago=0.1)
    page = sign_in(world.manager).get("/board").text
    card = page.split(f'id="queue-{world.phone_queue_id}"')[1].split("</article>")[0]
    assert "Fluide" not in card
    assert "Rien à faire" not in card
    assert "11 personnes attendent pour 1" in card
    assert "Temps de service supposé" in card


def test_boards_look_again_when_a_level_changed(app, world, visit, clock):
    _swept(app, world)
    clock.advance(seconds=16)
    before = _touches(app)
    _swept(app, world)
    assert _touches(app) == before
    clock.advance(minutes=1)
    _swept(app, world)
    assert _touches(app) == before + 1


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


def _swept(app, world) -> str:
    with app.app_context():
        run_sweeps(world.centre_id)
        with within(Scope(world.centre_id)), transaction():
            return db.session.scalars(
                db.select(SaturationLevel.level).where(
                    SaturationLevel.queue_id == world.phone_queue_id
                )
            ).one()


def _touches(app) -> int:
    with app.app_context(), transaction():
        changes = db.session.scalars(db.select(live.LiveChange.topics)).all()
    return sum("board" in topics for topics in changes)
