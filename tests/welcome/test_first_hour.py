"""A newcomer's first acts: ticked by what was really done, put away and brought back."""

import pytest

from contactcenter.accounts.permissions import Role
from contactcenter.reactions import REACTIONS
from contactcenter.welcome.steps import FIRST_HOUR
from tests.desk.stage import opened

STEPS = [(role, step) for role, steps in FIRST_HOUR.items() for step in steps]


@pytest.mark.parametrize("role", Role)
def test_a_newcomer_finds_their_first_acts_at_home(role, world, sign_in):
    page = sign_in(getattr(world, role.value)).get("/", follow_redirects=True).text
    assert "Votre première heure" in page
    for step in FIRST_HOUR[role]:
        assert f'<a href="{step.path}">{step.words}</a>' in page


@pytest.mark.parametrize(("role", "step"), STEPS)
def test_each_act_leads_to_a_page_its_role_may_open(role, step, world, sign_in):
    answer = sign_in(getattr(world, role.value)).get(step.path, follow_redirects=True)
    assert answer.status_code == 200


def test_each_act_is_known_by_events_that_exist():
    known = {event.__name__ for event in REACTIONS}
    assert {kind for _role, step in STEPS for kind in step.events} <= known


def test_an_act_is_ticked_once_it_was_done_and_its_tip_is_gone(world, sign_in):
    agent = sign_in(world.agent)
    agent.post("/counter/place", data={"counter": world.counter_id})
    tip = "le numéro est donné"
    assert tip in agent.get("/counter").text
    agent.post("/counter/visits", data={"topic": "avis"})
    assert tip not in agent.get("/counter").text
    assert "1 sur 6" in agent.get("/account").text


def test_a_request_that_waits_again_is_no_number_given(app, world, sign_in):
    agent, ticket = sign_in(world.agent), opened(app, world)
    for act in ("resolution", "reopening"):
        agent.post(f"/tickets/{ticket.reference}/{act}")
    assert "0 sur 6" in agent.get("/account").text


def test_another_s_act_ticks_nothing(world, sign_in):
    agent = sign_in(world.agent)
    agent.post("/counter/place", data={"counter": world.counter_id})
    agent.post("/counter/visits", data={"topic": "avis"})
    assert "0 sur 6" in sign_in(world.second_agent).get("/account").text


def test_who_puts_the_list_away_sees_neither_list_nor_tips(world, sign_in):
    agent = sign_in(world.agent)
    agent.post("/counter/place", data={"counter": world.counter_id})
    agent.post("/first-hour/hiding")
    assert 'id="first-hour"' not in agent.get("/tickets").text
    assert "le numéro est donné" not in agent.get("/counter").text


def test_the_list_comes_back_from_the_account(world, sign_in):
    agent = sign_in(world.agent)
    agent.post("/first-hour/hiding")
    assert "/first-hour/showing" in agent.get("/account").text
    agent.post("/first-hour/showing")
    assert 'id="first-hour"' in agent.get("/tickets").text


def test_a_choice_of_look_leaves_the_list_away(world, sign_in):
    agent = sign_in(world.agent)
    agent.post("/first-hour/hiding")
    agent.post("/account", data={"language": "fr", "theme": "dark"})
    assert 'id="first-hour"' not in agent.get("/tickets").text


def test_each_word_has_its_place_on_the_page_of_words(world, sign_in):
    page = sign_in(world.referent).get("/words").text
    for code in ("saturation", "abandon", "service_level", "referent"):
        assert f'id="{code}"' in page


def test_the_words_of_a_screen_are_explained_on_it(world, sign_in):
    page = sign_in(world.manager).get("/board").text
    assert "<dt>Saturation</dt>" in page
