"""Every address of the product, tried by everybody who must not get through it."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contactcenter import clock as times
from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, Role, granted
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.slices import EXEMPT_FROM_CSRF
from tests.addresses import Address, addresses
from tests.desk.stage import far, lambertin
from tests.factories import World
from tests.scene import Scene
from tests.scenes.requests import SECRETS

# What a door reads before it looks for the record: good, so that only the wall can refuse.
SENT: dict[str, dict[str, Any]] = {
    "api.create_message": {"json": {"text": "Bonjour", "kind": "note"}},
    "api.create_referral": {"json": {"team": 1, "question": "Bonjour ?"}},
    "api.create_visit": {"json": {}},
    "steering.create_run": {"data": {"why": "Beaucoup de monde"}},
    "steering.create_end": {"data": {"why": "C’est fini"}},
    "unserved.create_message": {"data": {"text": "Bonjour"}},
    "unserved.create_outcome": {"data": {"outcome": "reached"}},
}
SECRET_PHONE = "+33639980733"
SIGNED = {blueprint.name for blueprint in EXEMPT_FROM_CSRF}


@dataclass
class Tries:
    """Goes to many addresses and keeps what was not answered as it should be."""

    scene: Scene
    browser: FlaskClient

    def wrong(self, tried: list[Address], right: set[int]) -> dict[str, int]:
        answers = {address.name: self.go(address) for address in tried}
        assert answers, "no address was tried"
        return {
            name: answer.status_code
            for name, answer in answers.items()
            if answer.status_code not in right or tells_a_secret(answer)
        }

    def go(self, address: Address) -> TestResponse:
        sent = SENT.get(address.rule.endpoint, {}) if address.method == "POST" else {}
        return self.browser.open(address.path(self.scene), method=address.method, **sent)


def tells_a_secret(answer: TestResponse) -> bool:
    if answer.mimetype == "text/event-stream":
        return False
    return any(secret in answer.text for secret in SECRETS)


def guarded(address: Address) -> bool:
    """A page of people who sign in; programs with a token are another matter."""
    return address.permission is not Permission.PUBLIC and address.blueprint not in SIGNED


@pytest.fixture
def scene(scenery, clock) -> Scene:
    return scenery.scene()


@pytest.fixture
def world(scene) -> World:
    return scene.world


@pytest.fixture
def every(app) -> list[Address]:
    return addresses(app)


@pytest.fixture
def stranger(app) -> FlaskClient:
    """A browser without a session; its forms carry a good token."""
    browser = app.test_client()
    page = browser.get("/sign-in").text
    browser.environ_base["HTTP_X_CSRFTOKEN"] = page.split('name="csrf-token" content="')[1].split(
        '"'
    )[0]
    return browser


def test_a_stranger_is_sent_to_sign_in(every, scene, stranger):
    tried = [address for address in every if guarded(address)]
    assert tried
    for address in tried:
        answer = Tries(scene, stranger).go(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), address


def test_a_stranger_learns_nothing_at_the_public_doors(every, scene, stranger):
    tried = [address for address in every if address.permission is Permission.PUBLIC]
    wrong = Tries(scene, stranger).wrong(tried, {200, 303, 400, 401, 403, 404, 422, 429})
    assert wrong == {}


@pytest.mark.parametrize("role", Role)
def test_a_role_without_the_right_gets_403(role, every, scene, world, sign_in):
    tried = [
        address for address in every if guarded(address) and not granted(role, address.permission)
    ]
    browser = sign_in(getattr(world, role.value))
    assert Tries(scene, browser).wrong(tried, {403}) == {}


@pytest.mark.parametrize("role", Role)
def test_another_centre_s_person_of_the_right_role_gets_404(
    role, every, scene, other_world, sign_in
):
    tried = [
        address
        for address in every
        if guarded(address) and address.names_a_record and granted(role, address.permission)
    ]
    browser = sign_in(getattr(other_world, role.value))
    browser.post("/counter/place", data={"counter": other_world.counter_id})
    assert Tries(scene, browser).wrong(tried, {404}) == {}


def test_a_referent_of_another_organisation_gets_404(every, scene, world, sign_in):
    tried = [
        address
        for address in every
        if guarded(address)
        and address.names_a_record
        and granted(Role.REFERENT, address.permission)
    ]
    browser = sign_in(world.other_referent)
    assert Tries(scene, browser).wrong(tried, {404}) == {}


def test_an_agent_of_another_site_reads_no_content(every, scene, world, sign_in):
    tried = [
        address
        for address in every
        if guarded(address)
        and address.names_a_record
        and granted(Role.AGENT, address.permission)
        # figures; a counter comes first; articles are of nobody
        and address.blueprint not in {"reports", "counter", "knowledge"}
        and address.rule.endpoint != "ticket.create_reading"  # says why, and is written down
    ]
    browser = sign_in(world.outsider)
    # 409: a call that rings for others. A request shows reference, topic, status and dates, as 403.
    assert Tries(scene, browser).wrong(tried, {403, 404, 409}) == {}
    page = browser.get(f"/tickets/{scene.reference}").text
    assert scene.reference in page
    assert not any(secret in page for secret in SECRETS)


def test_a_person_nobody_told_of_is_not_found_by_an_id_beside_the_address(
    scene, world, sign_in, app
):
    stranger = lambertin(app, world, phone=SECRET_PHONE, birth_year=1931)
    far(app, world, citizen_id=stranger)
    browser = sign_in(world.agent)
    browser.post("/counter/place", data={"counter": world.counter_id})
    person, request = f"/citizens/{scene.citizen_id}", f"/tickets/{scene.reference}"
    visit = {"citizen": stranger, "key": "k", "name": "Une autre personne"}
    answers = [
        browser.get(f"/citizens/{stranger}"),
        browser.get(f"{person}/merges/new?with={stranger}"),
        browser.post(f"{person}/merges", data={"other": stranger}),
        browser.post(f"{request}/citizen", data={"citizen": stranger}),
        browser.post(f"/counter/visits/{scene.serving_visit_id}/citizen", data=visit),
        browser.post("/counter/visits", data=visit),
    ]
    assert [each.status_code for each in answers] == [404] * len(answers)
    assert not any(SECRET_PHONE[-4:] in each.text for each in answers)


@pytest.mark.parametrize("how", ["disabled", "revoked"])
def test_an_ended_session_is_a_stranger(how, every, scene, world, sign_in, app):
    browser = sign_in(world.agent)
    _end(app, world.agent, how)
    tried = [address for address in every if guarded(address) and address.method == "GET"]
    assert tried
    for address in tried:
        answer = Tries(scene, browser).go(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), address


def test_a_form_without_its_token_is_refused(every, scene, world, sign_in):
    browser = sign_in(world.agent)
    del browser.environ_base["HTTP_X_CSRFTOKEN"]
    tried = [
        address for address in every if address.method == "POST" and address.blueprint not in SIGNED
    ]
    assert Tries(scene, browser).wrong(tried, {400}) == {}


def test_the_doors_of_programs_refuse_who_proves_nothing(every, scene, client):
    tried = [
        address
        for address in every
        if address.blueprint in SIGNED and address.rule.endpoint != "api.show_openapi"
    ]
    assert Tries(scene, client).wrong(tried, {401, 403}) == {}


def test_a_token_of_another_centre_gets_404(every, scene, other_world, app):
    scopes = ("tickets:read", "tickets:write", "referrals:write", "queues:read", "queues:write")
    with app.test_request_context(), within(Scope(other_world.centre_id)), transaction():
        token = accounts.make_api_token(other_world.agent, scopes)
    tries = Tries(scene, app.test_client())
    tries.browser.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    tried = [each for each in every if each.blueprint == "api" and each.names_a_record]
    assert tries.wrong(tried, {404}) == {}


def _end(app: ContactCenter, person: Person, how: str) -> None:
    with app.test_request_context(), within(Scope(person.centre_id)), transaction():
        kept = db.session.get_one(Person, (person.centre_id, person.id))
        if how == "disabled":
            kept.disabled_at = times.now()
        else:
            accounts.sign_out_everywhere(kept)
