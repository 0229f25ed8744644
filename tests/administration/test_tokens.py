"""Tokens for other programs: shown once, used, seen and taken back."""

import re

import pytest

from tests.factories import PASSWORD


def made(browser, **values):
    data = {"name": "Panneau", "scopes": ["queues:read"], "days": "365", "password": PASSWORD}
    data |= values
    return browser.post("/tokens", data=data)


def value_in(page):
    return re.search(r'id="token" readonly value="([^"]+)"', page)[1]


def asked(client, token):
    return client.get("/api/v1/queues", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


def test_a_token_is_shown_once_and_opens_what_it_says(agent, client):
    answer = made(agent)
    token = value_in(answer.text)
    assert answer.status_code == 201
    assert token not in agent.get("/tokens").text
    assert asked(client, token).status_code == 200


def test_the_list_says_whether_a_token_serves(agent, client):
    token = value_in(made(agent).text)
    assert "jamais" in agent.get("/tokens").text
    asked(client, token)
    assert "jamais" not in agent.get("/tokens").text


def test_a_token_taken_back_opens_nothing(agent, client):
    token = value_in(made(agent).text)
    address = re.search(r"/tokens/\d+/revocation", agent.get("/tokens").text)[0]
    assert agent.post(address).status_code == 303
    assert asked(client, token).status_code == 401
    assert "Panneau" not in agent.get("/tokens").text


def test_an_administrator_sees_and_takes_back_everybodys(agent, client, sign_in, world):
    token = value_in(made(agent).text)
    admin = sign_in(world.administrator)
    page = admin.get("/tokens").text
    assert "Agent Essai" in page
    admin.post(re.search(r"/tokens/\d+/revocation", page)[0])
    assert asked(client, token).status_code == 401


def test_a_colleague_neither_sees_nor_takes_back(agent, sign_in, world):
    made(agent)
    address = re.search(r"/tokens/\d+/revocation", agent.get("/tokens").text)[0]
    colleague = sign_in(world.second_agent)
    assert "Panneau" not in colleague.get("/tokens").text
    assert colleague.post(address).status_code == 404


def test_an_open_session_alone_makes_no_token(agent):
    answer = made(agent, password="autre chose")
    assert (answer.status_code, "mot de passe actuel" in answer.text) == (422, True)
    assert "Panneau" not in agent.get("/tokens").text


def test_a_token_ends_after_the_time_that_was_chosen(agent, client, clock):
    token = value_in(made(agent, days="30").text)
    clock.advance(days=29)
    assert asked(client, token).status_code == 200
    clock.advance(days=2)
    assert asked(client, token).status_code == 401


@pytest.mark.parametrize(("ticked", "status"), [({"tokens": "y"}, 401), ({}, 200)])
@pytest.mark.parametrize("way", ["account/password", "sign-out-everywhere"])
def test_tokens_end_with_a_password_or_all_sessions_unless_unticked(
    agent, client, way, ticked, status
):
    token = value_in(made(agent).text)
    assert 'name="tokens"' in agent.get("/account").text
    sent = {"old": PASSWORD, "password": "trois mots sans rapport"} | ticked
    assert agent.post(f"/{way}", data=sent).status_code == 303
    assert asked(client, token).status_code == status


@pytest.mark.parametrize("values", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}])
def test_a_token_without_name_or_right_is_not_made(agent, values):
    assert made(agent, **values).status_code == 422


def test_nobody_lets_a_program_do_more_than_they_may(sign_in, world):
    referent = sign_in(world.referent)
    assert "Lire les chiffres" not in referent.get("/tokens/new").text
    assert made(referent, scopes=["metrics:read"]).status_code == 422
