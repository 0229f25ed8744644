"""The people of a centre, kept by its administrator."""

import re

import pytest
from sqlalchemy import select

from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import Membership, Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.events import EventRecord
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Notice
from tests.factories import PASSWORD


@pytest.fixture
def admin(sign_in, world):
    return sign_in(world.administrator)


def form(world, **values):
    return {
        "name": "Nina Nouvelle",
        "email": "nina@orme.example",
        "role": "agent",
        "organisation_id": world.own_organisation_id,
        "language": "fr",
        "sites": [world.site_id],
        "queues": [world.counter_queue_id, world.phone_queue_id],
        **values,
    }


def of_agent(world, **values):
    return form(world, name=world.agent.name, **values)


def memberships(app, world, person_id):
    with app.app_context(), within(Scope(world.centre_id)):
        rows = db.session.scalars(select(Membership).filter_by(person_id=person_id)).all()
        return {(each.site_id, each.queue_id, each.team_id, each.leads) for each in rows}


def person(app, world, email):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(select(Person).filter_by(email=email)).one_or_none()


def test_the_list_shows_the_people_of_this_centre_only(admin, world, other_world):
    page = admin.get("/people").text
    assert world.agent.email in page
    assert other_world.agent.email not in page


def test_people_are_found_by_a_part_of_their_name_or_address(admin, world):
    page = admin.get("/people?q=SECOND@").text
    assert world.second_agent.email in page
    assert world.agent.email not in page
    assert "Personne ne porte ce nom" in admin.get("/people?q=%25").text


def test_an_invited_person_gets_a_link_and_what_they_serve(app, admin, client, world):
    answer = admin.post("/people", data=form(world))
    assert answer.status_code == 201, answer.text
    link = re.search(r'value="http://[^/]*(/invitations/[\w-]+)"', answer.text)[1]
    assert client.get(link).status_code == 200
    nina = person(app, world, "nina@orme.example")
    assert nina.password_hash is None
    assert memberships(app, world, nina.id) == {
        (world.site_id, None, None, False),
        (None, world.counter_queue_id, None, False),
        (None, world.phone_queue_id, None, False),
    }


def test_an_address_has_one_account_in_the_whole_installation(admin, world, other_world):
    for taken in (world.agent.email.upper(), other_world.agent.email):
        answer = admin.post("/people", data=form(world, email=taken))
        assert answer.status_code == 422
        assert "a déjà un compte" in answer.text


@pytest.mark.parametrize("email", ["nina", "a b@c", "a|b@c.example", "@"])
def test_an_address_must_look_like_one(admin, world, email):
    assert admin.post("/people", data=form(world, email=email)).status_code == 422


def test_a_referent_belongs_to_a_partner_and_the_others_to_the_house(admin, world):
    nobody = {"sites": [], "queues": []}
    wrong = form(world, role="referent", **nobody)
    assert admin.post("/people", data=wrong).status_code == 422
    wrong = form(world, organisation_id=world.partner_id)
    assert admin.post("/people", data=wrong).status_code == 422
    right = form(
        world,
        role="referent",
        organisation_id=world.partner_id,
        teams=[world.team_id],
        **nobody,
    )
    assert admin.post("/people", data=right).status_code == 201


def test_nobody_joins_a_team_of_another_house(admin, world):
    data = form(
        world, role="referent", organisation_id=world.partner_id, sites=[], queues=[],
        teams=[world.other_team_id],
    )  # fmt: skip
    answer = admin.post("/people", data=data)
    assert answer.status_code == 422
    assert "du même organisme" in answer.text


def test_nobody_serves_a_queue_of_another_centre(admin, world, other_world):
    data = form(world, queues=[other_world.phone_queue_id])
    assert admin.post("/people", data=data).status_code == 422


def test_what_a_person_serves_is_what_the_form_says(app, admin, world):
    address = f"/people/{world.agent.id}"
    data = of_agent(world, queues=[world.written_queue_id])
    assert admin.post(address, data=data).status_code == 303
    assert memberships(app, world, world.agent.id) == {
        (world.site_id, None, None, False),
        (None, world.written_queue_id, None, False),
    }


def test_a_member_can_come_to_lead_the_team(app, admin, world):
    data = {
        "name": world.referent.name, "role": "referent", "language": "fr",
        "organisation_id": world.partner_id,
        "teams": [world.team_id], "led_teams": [world.team_id],
    }  # fmt: skip
    assert admin.post(f"/people/{world.referent.id}", data=data).status_code == 303
    assert memberships(app, world, world.referent.id) == {(None, None, world.team_id, True)}


def test_a_closed_account_is_out_at_once(admin, sign_in, world):
    browser = sign_in(world.agent)
    assert admin.post(f"/people/{world.agent.id}/closing").status_code == 303
    assert browser.get("/account").status_code == 303
    assert "Compte fermé" in admin.get("/people").text


def test_a_closed_account_can_be_opened_again(admin, sign_in, world):
    admin.post(f"/people/{world.agent.id}/closing")
    admin.post(f"/people/{world.agent.id}/reopening")
    assert sign_in(world.agent).get("/account").status_code == 200


def test_a_closed_account_has_no_living_invitation(admin, client, world):
    made = admin.post(f"/people/{world.agent.id}/invitation").text
    link = re.search(r"/invitations/[\w-]+", made)[0]
    assert client.get(link).status_code == 200
    admin.post(f"/people/{world.agent.id}/closing")
    assert client.get(link).status_code == 404


def test_a_new_invitation_ends_the_one_before(admin, client, world):
    links = [
        re.search(r"/invitations/[\w-]+", admin.post(f"/people/{world.agent.id}/invitation").text)[
            0
        ]
        for _time in range(2)
    ]
    assert [client.get(link).status_code for link in links] == [404, 200]


def test_an_administrator_cannot_lock_themselves_out(admin, world):
    address = f"/people/{world.administrator.id}"
    assert admin.post(f"{address}/closing").status_code == 409
    data = form(world, role="agent", name=world.administrator.name)
    answer = admin.post(address, data=data)
    assert answer.status_code == 422
    assert "Un autre administrateur" in answer.text


def test_a_token_of_a_closed_account_opens_nothing_when_it_is_opened_again(
    app, admin, client, world
):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        agent = db.session.get_one(Person, (world.centre_id, world.agent.id))
        token = accounts.make_api_token(agent, ["tickets:read"])
    admin.post(f"/people/{world.agent.id}/closing")
    admin.post(f"/people/{world.agent.id}/reopening")
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/tickets", headers=bearer).status_code == 401


def test_the_people_of_another_centre_do_not_exist(admin, other_world):
    address = f"/people/{other_world.agent.id}"
    assert admin.get(address).status_code == 404
    assert admin.post(address, data={}).status_code == 404
    for act in ("invitation", "closing", "reopening"):
        assert admin.post(f"{address}/{act}").status_code == 404


def test_what_was_done_to_people_stays_in_the_history(app, admin, world):
    admin.post("/people", data=form(world))
    admin.post(f"/people/{world.agent.id}", data=of_agent(world, language="nl"))
    admin.post(f"/people/{world.agent.id}/closing")
    with app.app_context(), within(Scope(world.centre_id)):
        told = db.session.scalars(
            select(EventRecord)
            .where(EventRecord.kind.startswith("Person"))
            .order_by(EventRecord.id)
        ).all()
        assert [each.kind for each in told] == ["PersonInvited", "PersonChanged", "PersonDisabled"]
        assert {each.person_id for each in told} == {world.administrator.id}
        assert "language" in told[1].detail["changed"]


def test_the_password_of_the_administrator_is_on_no_page(admin, world):
    assert PASSWORD not in admin.get(f"/people/{world.administrator.id}").text


def test_where_mail_can_leave_the_invitation_is_sent_and_then_forgotten(
    app, admin, world, monkeypatch
):
    monkeypatch.setattr(app.config["SETTINGS"], "smtp_host", "mail.example")
    page = admin.post(f"/people/{world.agent.id}/invitation").text
    assert f"par courriel à {world.agent.email}" in page
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        notice = db.session.scalars(db.select(Notice)).one()
        link = re.search(r"/invitations/([\w-]+)", notice.body)[1]
        assert (notice.to_address, link in page) == (world.agent.email, False)
        assert world.administrator.name in notice.body
        notices.sent(notice)
        assert notice.body == ""


def test_an_invitation_that_did_not_arrive_is_said_where_the_person_is(
    app, admin, world, monkeypatch
):
    monkeypatch.setattr(app.config["SETTINGS"], "smtp_host", "mail.example")
    admin.post("/people", data=form(world))

    def last(act):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            newest = db.select(Notice).order_by(Notice.id.desc()).limit(1)
            notice = db.session.scalars(newest).one()
            act(notice)
            return db.session.scalars(select(Person.id).filter_by(email=notice.to_address)).one()

    person_id = last(lambda notice: notices.failed(notice, "550 no such user"))
    assert "Invitation non arrivée" in admin.get("/people").text
    assert "550 no such user" in admin.get(f"/people/{person_id}").text
    admin.post(f"/people/{person_id}/invitation")
    last(notices.sent)
    assert "Invitation non arrivée" not in admin.get("/people").text


def test_where_no_mail_can_leave_the_link_of_a_newcomer_is_only_shown(app, admin, world):
    assert "par courriel" not in admin.post("/people", data=form(world)).text
    assert mails(app, world) == []


def test_who_has_a_password_learns_of_each_link_and_of_its_use(app, admin, world):
    """Else an administrator could enter as anyone, and nobody would know."""
    page = admin.post(f"/people/{world.referent.id}/invitation").text
    link = re.search(r"/invitations/[\w-]+", page)[0]
    browser = app.test_client()
    csrf = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(link).text)[1]
    browser.post(link, data={"password": "trois mots sans rapport", "csrf_token": csrf})
    made, used = mails(app, world)
    assert (made.to_address, used.to_address) == (world.referent.email,) * 2
    assert world.administrator.name in made.body
    assert "/invitations/" not in made.body + used.body
    with app.app_context(), within(Scope(world.centre_id)):
        told = db.session.scalars(
            select(EventRecord)
            .where(EventRecord.kind.in_(("InvitationRenewed", "PasswordChosen")))
            .order_by(EventRecord.id)
        ).all()
    assert [each.person_id for each in told] == [world.administrator.id, world.referent.id]
    assert told[0].detail["invited_id"] == world.referent.id


def mails(app, world):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(select(Notice).order_by(Notice.id)).all()
