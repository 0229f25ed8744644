"""The way in and out, tried from outside as somebody with bad intentions would."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from contactcenter.accounts import actions, passwords, tries
from contactcenter.accounts.models import Person, SignedInSession, SignInAttempt
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from tests.factories import PASSWORD


def token_of(page: str) -> str:
    return page.split('name="csrf-token" content="')[1].split('"')[0]


def try_to_enter(browser, email, password, **more):
    """Fill in the sign-in page as a browser does."""
    token = token_of(browser.get("/sign-in").text)
    data = {"email": email, "password": password, "csrf_token": token, **more}
    return browser.post("/sign-in", data=data)


def session_cookie(browser) -> str:
    return browser.get_cookie("s").value


def test_the_right_password_leads_home(client, world):
    answer = try_to_enter(client, world.agent.email, PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/").location == "/tickets"


def test_capitals_in_the_address_do_not_matter(client, world):
    assert try_to_enter(client, world.agent.email.upper(), PASSWORD).status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, world):
    wrong = try_to_enter(client, world.agent.email, "autre chose")
    unknown = try_to_enter(client, "personne@nulle-part.example", "autre chose")
    pages = [re.sub(r'value="[^"]*"|content="[^"]*"', "", page.text) for page in (wrong, unknown)]
    assert wrong.status_code == unknown.status_code == 422
    assert pages[0] == pages[1]


def test_a_hash_is_computed_for_an_unknown_address_too(monkeypatch):
    computed = []

    class Counting(PasswordHasher):
        def verify(self, password_hash: str | bytes, password: str | bytes) -> bool:
            computed.append(password_hash)
            return super().verify(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting(memory_cost=64, time_cost=1))
    assert passwords.matches(None, "autre chose") is False
    assert len(computed) == 1


def test_a_disabled_person_does_not_enter(client, world, in_centre):
    with transaction():
        person = db.session.get_one(Person, (world.centre_id, world.agent.id))
        by = db.session.get_one(Person, (world.centre_id, world.administrator.id))
        actions.disable(person, by=by)
    assert try_to_enter(client, world.agent.email, PASSWORD).status_code == 422


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client, world):
    answer = try_to_enter(client, world.agent.email, PASSWORD)
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        if "Max-Age=0" not in cookie:
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie


def test_over_https_the_cookies_are_secure_and_bound_to_the_host(settings, world):
    from contactcenter import create_app

    secure = create_app(settings.model_copy(update={"public_base_url": "https://centre.example"}))
    answer = secure.test_client().get("/sign-in", base_url="https://centre.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-s=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_the_session_changes_at_sign_in(client, world):
    client.get("/sign-in")
    before = session_cookie(client)
    try_to_enter(client, world.agent.email, PASSWORD)
    assert session_cookie(client) != before
    with client.session_transaction() as kept:
        first = kept["_user_id"]
    try_to_enter(client, world.agent.email, PASSWORD)
    with client.session_transaction() as kept:
        assert kept["_user_id"] != first


def test_a_token_of_the_person_before_does_not_serve_the_next_one(client, sign_in, world):
    browser = sign_in(world.agent)
    old = browser.environ_base.pop("HTTP_X_CSRFTOKEN")
    browser.post("/sign-out", headers={"X-CSRFToken": old})
    try_to_enter(browser, world.second_agent.email, PASSWORD)
    assert browser.post("/sign-out", headers={"X-CSRFToken": old}).status_code == 400


def test_a_form_left_open_still_works_after_the_same_person_entered_again(sign_in, world, clock):
    browser = sign_in(world.agent)
    open_form = browser.environ_base.pop("HTTP_X_CSRFTOKEN")
    clock.advance(hours=13)
    try_to_enter(browser, world.agent.email, PASSWORD)
    data = {"old": PASSWORD, "password": "trois mots sans rapport", "csrf_token": open_form}
    assert browser.post("/account/password", data=data).status_code == 303


def test_a_stolen_cookie_is_dead_after_sign_out(app, sign_in, world):
    browser = sign_in(world.agent)
    thief = app.test_client()
    thief.set_cookie("s", session_cookie(browser))
    assert thief.get("/account").status_code == 200
    browser.post("/sign-out")
    assert thief.get("/account").status_code == 303


@pytest.mark.parametrize("way", ["sign-out", "switch", "sign-out-everywhere"])
def test_signing_out_asks_the_browser_to_forget(sign_in, world, way):
    answer = sign_in(world.agent).post(f"/{way}")
    assert "storage" in answer.headers["Clear-Site-Data"]


def test_drafts_are_kept_under_who_typed_them_and_forgotten_on_leaving(sign_in, world):
    page = sign_in(world.agent).get("/account").text
    assert f'data-owner="{world.agent.id}"' in page
    for way in ("sign-out", "switch", "sign-out-everywhere"):
        assert f'action="/{way}" data-forget' in page


def test_signing_out_everywhere_ends_every_session(sign_in, world):
    here, elsewhere = sign_in(world.agent), sign_in(world.agent)
    here.post("/sign-out-everywhere")
    assert elsewhere.get("/account").status_code == 303


def test_a_session_ends_when_nobody_uses_it(sign_in, world, clock, settings):
    browser = sign_in(world.agent)
    clock.advance(minutes=settings.session_idle_minutes - 1)
    assert browser.get("/account").status_code == 200
    clock.advance(minutes=settings.session_idle_minutes + 1)
    assert browser.get("/account").status_code == 303


def test_what_a_page_asks_by_itself_keeps_no_session_open(sign_in, world, clock, settings):
    browser = sign_in(world.agent)
    for _ in range(2):
        clock.advance(minutes=settings.session_idle_minutes * 0.6)
        browser.get("/phone/live", headers={"X-Live": "1"})
    assert browser.get("/account").status_code == 303


def test_a_session_ends_after_its_day_however_busy(sign_in, world, clock, settings):
    browser = sign_in(world.agent)
    for _hour in range(settings.session_hours):
        assert browser.get("/account").status_code == 200
        clock.advance(hours=1)
    assert browser.get("/account").status_code == 303


def test_only_the_hash_of_a_session_is_kept(sign_in, world, in_centre):
    browser = sign_in(world.agent)
    with browser.session_transaction() as kept:
        token = kept["_user_id"]
    stored = db.session.scalars(select(SignedInSession.token_hash)).all()
    assert token not in stored
    assert passwords.hash_token(token) in stored


def test_a_guesser_is_stopped_and_told_to_wait(client, world):
    for _try in range(tries.MOST_TRIES_HERE):
        assert try_to_enter(client, world.agent.email, "autre chose").status_code == 422
    answer = try_to_enter(client, world.agent.email, PASSWORD)
    assert answer.status_code == 429
    assert "quart d’heure" in answer.text


def test_the_owner_of_a_guessed_account_still_enters_from_elsewhere(app, client, world):
    for _try in range(tries.MOST_TRIES_HERE + 1):
        try_to_enter(client, world.agent.email, "autre chose")
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert try_to_enter(elsewhere, world.agent.email, PASSWORD).status_code == 303


def test_nobody_stays_locked_out(client, world, clock):
    for _try in range(tries.MOST_TRIES_HERE):
        try_to_enter(client, world.agent.email, "autre chose")
    clock.advance(minutes=16)
    assert try_to_enter(client, world.agent.email, PASSWORD).status_code == 303


def test_guesses_in_parallel_are_all_counted(app, world, in_centre):
    def guess(number: int) -> int:
        return try_to_enter(app.test_client(), world.agent.email, f"essai {number}").status_code

    with ThreadPoolExecutor(6) as guessers:
        answers = list(guessers.map(guess, range(24)))
    assert answers.count(422) == tries.MOST_TRIES_HERE
    assert answers.count(429) == 24 - tries.MOST_TRIES_HERE
    tried = db.session.scalars(select(SignInAttempt)).all()
    assert len(tried) == tries.MOST_TRIES_HERE


def _from(app, address):
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


def test_a_stranger_on_the_same_network_keeps_nobody_out_who_entered_here_before(
    app, world, clock, monkeypatch
):
    monkeypatch.setattr(tries, "MOST_TRIES_HERE", 2)
    monkeypatch.setattr(tries, "MOST_TRIES_ADDRESS", 4)
    known, stranger = _from(app, "192.0.2.7"), _from(app, "192.0.2.7")
    assert try_to_enter(known, world.agent.email, PASSWORD).status_code == 303
    known.post("/switch", data={"csrf_token": token_of(known.get("/account").text)})
    for number in range(4):
        email = world.agent.email if number < 2 else f"{number}@nulle-part.example"
        assert try_to_enter(stranger, email, "autre chose").status_code == 422
    assert try_to_enter(stranger, world.manager.email, PASSWORD).status_code == 429
    assert try_to_enter(known, world.agent.email, PASSWORD).status_code == 303


def test_a_cookie_that_is_not_ours_makes_no_browser_known(app, world, monkeypatch):
    monkeypatch.setattr(tries, "MOST_TRIES_HERE", 1)
    stranger = _from(app, "192.0.2.7")
    stranger.set_cookie("opened", "WyJhIl0.aaaaaa.bbbbbb")
    assert try_to_enter(stranger, world.agent.email, "autre chose").status_code == 422
    assert try_to_enter(stranger, world.agent.email, PASSWORD).status_code == 429


def test_one_network_of_ipv6_is_one_source(app, world, monkeypatch):
    monkeypatch.setattr(tries, "MOST_TRIES_HERE", 1)
    one, next_one, other = (
        _from(app, f"2001:db8:0:{net}::{host}") for net, host in ((1, 1), (1, 2), (2, 1))
    )
    assert try_to_enter(one, world.agent.email, "autre chose").status_code == 422
    assert try_to_enter(next_one, world.agent.email, PASSWORD).status_code == 429
    assert try_to_enter(other, world.agent.email, PASSWORD).status_code == 303


def test_an_account_tried_from_everywhere_is_slowed_and_never_closed(
    app, world, clock, monkeypatch
):
    monkeypatch.setattr(tries, "FREE_TRIES", 1)
    assert try_to_enter(_from(app, "192.0.2.1"), world.agent.email, "faux").status_code == 422
    elsewhere = _from(app, "192.0.2.2")
    assert try_to_enter(elsewhere, world.agent.email, PASSWORD).status_code == 429
    clock.advance(minutes=1)
    assert try_to_enter(elsewhere, world.agent.email, PASSWORD).status_code == 303


@pytest.mark.parametrize(("wrong", "seconds"), [(0, 0), (19, 0), (20, 1), (30, 4), (10**6, 60)])
def test_the_wait_grows_to_a_minute_and_no_further(wrong, seconds):
    assert tries.wait_after(wrong) == timedelta(seconds=seconds)


def test_a_form_without_its_token_is_refused(client, world):
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"email": world.agent.email, "password": PASSWORD})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address", ["/sign-out", "/switch", "/account", "/account/password", "/people", "/language"]
)
def test_no_form_of_a_signed_in_person_works_without_its_token(sign_in, world, address):
    browser = sign_in(world.administrator)
    del browser.environ_base["HTTP_X_CSRFTOKEN"]
    assert browser.post(address).status_code == 400


def test_one_comes_back_to_the_page_one_asked_for(client, world):
    asked = client.get("/account?page=2")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=/account?page%3D2"
    answer = try_to_enter(client, world.agent.email, PASSWORD, next="/account?page=2")
    assert answer.location == "/account?page=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://mal.example/",
        "//mal.example",
        "///mal.example",
        "/\\mal.example",
        "\\\\mal.example",
        "/\t/mal.example",
        "/\n/mal.example",
        "javascript:alert(1)",
        "http:mal.example",
        " //mal.example",
        "/\x00/mal.example",
    ],
)
def test_signing_in_never_leads_to_another_site(client, world, target):
    answer = try_to_enter(client, world.agent.email, PASSWORD, next=target)
    assert answer.location == "/"


def test_a_stranger_is_sent_to_sign_in_and_gets_nothing(client):
    answer = client.get("/people")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/people")


def test_a_stranger_who_posts_is_not_sent_back_to_post_again(client):
    token = token_of(client.get("/sign-in").text)
    answer = client.post("/account/password", headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_role_without_the_right_gets_403(sign_in, world):
    assert sign_in(world.agent).get("/people").status_code == 403
    assert sign_in(world.manager).get("/directory").status_code == 403
    assert sign_in(world.referent).get("/people").status_code == 403


def test_a_session_sees_the_rights_of_the_moment(app, sign_in, world):
    browser = sign_in(world.administrator)
    assert browser.get("/people").status_code == 200
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Person, (world.centre_id, world.administrator.id)).role = "agent"
    assert browser.get("/people").status_code == 403


def test_leaving_the_place_shows_who_was_here(client, world):
    for person in (world.agent, world.second_agent):
        try_to_enter(client, person.email, PASSWORD)
        token = token_of(client.get("/account").text)
        assert client.post("/switch", data={"csrf_token": token}).location == "/sign-in"
        assert client.get("/account").status_code == 303
    page = client.get("/sign-in").text
    assert page.index(world.second_agent.email) < page.index(world.agent.email)
    assert f'value="{world.agent.email}"' in client.get("/sign-in?who=1").text


def test_what_a_browser_claims_of_its_place_is_only_text(client):
    client.set_cookie("last", '"><script>alert(1)</script>@x|nobody|a@b.example')
    page = client.get("/sign-in").text
    assert "<script>alert" not in page
    assert "nobody" not in page
    assert "a@b.example" in page


def test_who_used_the_place_yesterday_is_forgotten(client, world):
    answer = try_to_enter(client, world.agent.email, PASSWORD)
    kept = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("last="))
    assert f"Max-Age={int(timedelta(hours=12).total_seconds())}" in kept


def test_the_language_of_who_sat_here_before_does_not_stay(client, world):
    token = token_of(client.get("/sign-in").text)
    client.post("/language", data={"language": "nl", "csrf_token": token})
    assert '<html lang="nl"' in client.get("/sign-in").text
    try_to_enter(client, world.agent.email, PASSWORD)
    assert f'<html lang="{world.agent.language}"' in client.get("/account").text
