"""A person's own account, and the invitation by which one gets it."""

import pytest
from sqlalchemy import select

from contactcenter.accounts import actions, jobs, tries
from contactcenter.accounts.models import Invitation, Person, SignedInSession
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from tests.factories import PASSWORD

LONG_ENOUGH = "trois mots sans rapport"


@pytest.fixture
def invitation(app, world):
    """The token of an invitation for somebody new."""
    from contactcenter.accounts.models import Organisation
    from contactcenter.accounts.permissions import Role

    with app.app_context(), within(Scope(world.centre_id)), transaction():
        _person, token = actions.invite(
            name="Nina Nouvelle",
            email="nina@orme.example",
            role=Role.AGENT,
            organisation=db.session.get_one(
                Organisation, (world.centre_id, world.own_organisation_id)
            ),
            language="fr",
            by=world.administrator,
        )
    return token


def accept(browser, token, password):
    page = browser.get(f"/invitations/{token}")
    assert page.status_code == 200, page.text
    csrf = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    return browser.post(f"/invitations/{token}", data={"password": password, "csrf_token": csrf})


def sessions_of(app, world, person):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(
            select(SignedInSession.id)
            .where(SignedInSession.person_id == person.id, SignedInSession.revoked_at.is_(None))
            .order_by(SignedInSession.id)
        ).all()


def test_two_people_who_have_not_signed_in_are_not_one(world):
    assert world.agent != world.manager


def test_an_invited_person_chooses_a_password_and_is_in(client, invitation):
    assert accept(client, invitation, LONG_ENOUGH).location == "/"
    assert "Nina Nouvelle" in client.get("/account").text


def test_an_invitation_serves_once(app, client, invitation):
    accept(client, invitation, LONG_ENOUGH)
    assert app.test_client().get(f"/invitations/{invitation}").status_code == 404


def test_an_invitation_ends_after_three_days(client, invitation, clock):
    clock.advance(days=3, minutes=1)
    assert client.get(f"/invitations/{invitation}").status_code == 404


def test_an_invitation_that_was_never_made_is_not_found(client, world):
    assert client.get("/invitations/" + "x" * 43).status_code == 404


def test_only_the_hash_of_an_invitation_is_kept(app, world, invitation):
    with app.app_context(), within(Scope(world.centre_id)):
        assert invitation not in db.session.scalars(select(Invitation.token_hash)).all()


@pytest.mark.parametrize("weak", ["court", "nina-et-encore-nina", "x" * 257])
def test_a_weak_password_is_refused_and_the_invitation_stays_good(client, invitation, weak):
    assert accept(client, invitation, weak).status_code == 422
    assert accept(client, invitation, LONG_ENOUGH).status_code == 303


def test_changing_the_password_asks_for_the_old_one(sign_in, world):
    browser = sign_in(world.agent)
    wrong = browser.post("/account/password", data={"old": "faux", "password": LONG_ENOUGH})
    assert wrong.status_code == 422
    assert "pas votre mot de passe actuel" in wrong.text
    right = browser.post("/account/password", data={"old": PASSWORD, "password": LONG_ENOUGH})
    assert right.status_code == 303


def test_guessing_the_old_password_is_slowed_as_at_sign_in(sign_in, world):
    browser = sign_in(world.agent)
    data = {"old": "faux", "password": LONG_ENOUGH}
    for _try in range(tries.MOST_TRIES_HERE):
        assert browser.post("/account/password", data=data).status_code == 422
    assert browser.post("/account/password", data=data).status_code == 429


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(sign_in, world):
    here, elsewhere = sign_in(world.agent), sign_in(world.agent)
    here.post("/account/password", data={"old": PASSWORD, "password": LONG_ENOUGH})
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_one_can_end_another_session_of_ones_own(app, sign_in, world):
    here, elsewhere = sign_in(world.agent), sign_in(world.agent)
    _mine, other = sessions_of(app, world, world.agent)
    assert here.post(f"/account/sessions/{other}/ending").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


def test_one_cannot_end_the_session_of_somebody_else(app, sign_in, world):
    here, colleague = sign_in(world.agent), sign_in(world.second_agent)
    [theirs] = sessions_of(app, world, world.second_agent)
    here.post(f"/account/sessions/{theirs}/ending")
    assert colleague.get("/account").status_code == 200


def test_the_look_is_remembered_with_the_person(app, sign_in, world):
    look = {"theme": "dark", "density": "compact", "font": "legible", "keys": "off", "undo": "5"}
    sign_in(world.agent).post("/account", data={"language": "de", **look})
    page = sign_in(world.agent).get("/account").text
    opening = page[page.index("<html") : page.index("<head>")]
    for attribute in ('lang="de"', 'data-theme="dark"', 'data-density="compact"'):
        assert attribute in opening
    assert 'data-font="legible"' in opening
    assert 'data-keys="off"' in opening


def test_a_look_that_does_not_exist_is_refused(sign_in, world):
    data = {"language": "xx", "theme": "", "density": "", "font": "", "keys": ""}
    assert sign_in(world.agent).post("/account", data=data).status_code == 422


def test_the_language_chosen_while_signed_in_stays_with_the_person(app, sign_in, world):
    browser = sign_in(world.agent)
    browser.post("/language", data={"language": "nl", "next": "/account"})
    with app.app_context(), within(Scope(world.centre_id)):
        assert db.session.get_one(Person, (world.centre_id, world.agent.id)).language == "nl"


def test_sessions_and_invitations_are_forgotten_a_month_after_their_end(
    app, world, invitation, sign_in, clock
):
    def left() -> int:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            jobs.forget_ended()
            kept = (db.session.scalars(select(each.id)) for each in (SignedInSession, Invitation))
            return sum(len(ids.all()) for ids in kept)

    sign_in(world.agent)
    clock.advance(days=25)
    assert left() == 2
    clock.advance(days=60)
    assert left() == 0
