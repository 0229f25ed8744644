"""The keys of the desk, chosen by each person."""

import pytest

from contactcenter.accounts.keymap import USUAL, WORDS
from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


def chosen(app, world):
    with app.app_context(), within(Scope(world.centre_id)):
        person = db.session.get_one(Person, (world.centre_id, world.agent.id))
        return person.preferences.get("keymap")


def test_every_key_has_words_and_no_two_are_the_same():
    assert set(USUAL) == set(WORDS)
    assert len(set(USUAL.values())) == len(USUAL)


def test_another_key_is_kept_and_shown_where_it_acts(agent, app, world):
    assert agent.post("/account/keys", data={"next": "d"}).status_code == 303
    assert chosen(app, world) == {"next": "d"}
    assert 'name="next" value="d"' in agent.get("/account").text


def test_two_keys_may_change_places(agent, app, world):
    agent.post("/account/keys", data={"next": "k", "previous": "j"})
    assert chosen(app, world) == {"next": "k", "previous": "j"}


def test_a_key_that_serves_already_is_refused_and_the_other_named(agent, app, world):
    answer = agent.post("/account/keys", data={"note": "r"})
    assert answer.status_code == 422
    assert "«\xa0r\xa0» sert déjà à «\xa0Répondre\xa0»" in answer.text
    assert chosen(app, world) is None


@pytest.mark.parametrize("key", ["4", "jj", "?"])
def test_a_key_that_not_every_keyboard_has_is_refused(agent, key):
    assert agent.post("/account/keys", data={"note": key}).status_code == 422


def test_an_empty_field_takes_the_usual_key_again(agent, app, world):
    agent.post("/account/keys", data={"next": "d"})
    agent.post("/account/keys", data={"next": ""})
    assert chosen(app, world) == {}
