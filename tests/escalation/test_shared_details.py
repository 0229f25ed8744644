"""An expert sees the details of a citizen that the topic needs, and an agent sees which before."""

import re

import pytest

from contactcenter.accounts.actions import make_api_token
from contactcenter.accounts.models import Organisation
from contactcenter.citizens import identifiers
from contactcenter.citizens.identifier_models import Identifier
from contactcenter.citizens.identifier_rules import IdentifierKind
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Topic
from contactcenter.edge import transaction
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from tests.administration.test_directory import topic_form

NUMBER, MASKED = "3023217600053", "•••••••••••53"
VALUES = {
    "first_name": "Josette L.",
    "name": "Josette Lambertin",
    "birth_year": "1960",
    "phone": "+33639980042",
    "email": "josette@citoyens.example",
    "address": "12 rue des Essais",
    "tax_fr": MASKED,
}
WRITTEN = VALUES | {"phone": "06 39 98 00 42"}  # as people write it
ANY = [
    [],
    ["first_name"],
    ["name"],
    ["birth_year", "tax_fr"],
    ["phone", "address"],
    ["email", "first_name"],
    list(VALUES),
]


@pytest.fixture
def inside(app, world):
    """Do something in the centre, committed."""

    def do(act):
        with app.test_request_context(), within(Scope(world.centre_id)), transaction():
            return act()

    return do


@pytest.fixture
def known(inside, world, matter, asked_id):
    """Everything is known of the citizen, and their tax number concerns the organisation."""

    def tell():
        ticket = tickets.get(matter.ticket_id)
        citizen = db.session.get_one(Citizen, (world.centre_id, ticket.citizen_id))
        citizen.phone, citizen.address = VALUES["phone"], VALUES["address"]
        identifiers.note(citizen, IdentifierKind.TAX_FR, NUMBER, by=world.agent)
        partner = db.session.get_one(Organisation, (world.centre_id, world.partner_id))
        partner.identifiers = ["tax_fr"]

    inside(tell)


@pytest.fixture
def share(inside, world, known):
    def choose(details):
        def change():
            topic = db.session.get_one(Topic, (world.centre_id, world.topic_id))
            topic.shared = list(details)

        inside(change)

    return choose


def shown_in(page: str) -> set[str]:
    """Of the details, those whose value stands in a page."""
    found = {detail for detail, value in WRITTEN.items() if value in page}
    return found - ({"first_name"} if "name" in found else set())


def wanted(details: list[str]) -> set[str]:
    return set(details) - ({"first_name"} if "name" in details else set())


def test_the_expert_sees_what_the_topic_needs_and_nothing_else(share, world, asked_id, sign_in):
    expert = sign_in(world.referent)
    for details in ANY:
        share(details)
        assert shown_in(expert.get(f"/referrals/{asked_id}").text) == wanted(details)


def test_the_agent_sees_before_sending_what_the_expert_will(
    share, world, matter, asked_id, sign_in
):
    agent, expert = sign_in(world.agent), sign_in(world.referent)
    for details in ANY:
        share(details)
        page = agent.get(f"/tickets/{matter.reference}/referrals/new").text
        [told] = re.findall(r'<section class="seen.*?</section>', page, re.DOTALL)
        assert shown_in(told) == shown_in(expert.get(f"/referrals/{asked_id}").text)


def test_a_topic_without_a_choice_and_no_topic_share_nobody(
    app, inside, known, world, matter, asked_id, sign_in
):
    expert = sign_in(world.referent)

    def forget():
        tickets.get(matter.ticket_id).topic_id = None

    def fresh():
        topic = Topic(code="neuf", organisation_id=world.partner_id, label={"fr": "Neuf"})
        db.session.add(topic)
        db.session.flush()
        tickets.get(matter.ticket_id).topic_id = topic.id

    for change in (forget, fresh):
        inside(change)
        page = expert.get(f"/referrals/{asked_id}")
        assert (page.status_code, shown_in(page.text)) == (200, set())
        assert "Nom non partagé" in page.text
        with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
            assert db.session.scalars(db.select(Citizen)).all() == []  # PostgreSQL says no too


def test_a_number_the_topic_does_not_need_is_neither_shown_nor_read_by_its_id(
    app, inside, share, world, asked_id, sign_in
):
    number = inside(lambda: db.session.scalars(db.select(Identifier.id)).one())
    path, why = f"/referrals/{asked_id}/identifiers/{number}/readings", {"reason": "Voir"}
    expert = sign_in(world.referent)
    share(["name"])
    assert expert.post(path, data=why).status_code == 404
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        assert db.session.scalars(db.select(Identifier)).all() == []
    share(["tax_fr"])
    assert NUMBER in expert.post(path, data=why).text


def test_whatever_is_shared_lists_search_letters_and_the_api_tell_none_of_it(
    app, inside, share, world, asked_id, sign_in, worker
):
    share(VALUES)
    worker.run_all()
    expert = sign_in(world.referent)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        token = make_api_token(world.referent, ["tickets:read"])
    program = {"Authorization": f"Bearer {token}"}
    said = [
        expert.get("/referrals").text,
        expert.get("/referrals", query_string={"q": "définitif"}).text,
        app.test_client().get(f"/api/v1/referrals/{asked_id}", headers=program).text,
        *inside(
            lambda: [
                f"{letter.subject} {letter.body}"
                for letter in db.session.scalars(
                    db.select(Notice).where(Notice.citizen_id.is_(None))
                )
            ]
        ),
    ]
    assert len(said) > 3
    assert [shown_in(each) for each in said] == [set()] * len(said)


def test_nobody_else_sees_the_more_for_it(share, world, asked_id, sign_in, app):
    share(VALUES)
    for person in (world.other_referent, world.outsider):
        assert sign_in(person).get(f"/referrals/{asked_id}").status_code in (403, 404)
    assert app.test_client().get(f"/referrals/{asked_id}").status_code == 303


def test_an_administrator_chooses_and_what_is_no_detail_is_refused(world, sign_in, inside):
    admin, door = sign_in(world.administrator), "/directory/topics"
    assert admin.post(door, data=topic_form(world, shared=["name", "nir"])).status_code == 303
    wrong = topic_form(world, code="dgfip.autre", shared=["everything"])
    assert admin.post(door, data=wrong).status_code == 422
    plain = topic_form(world, code="dgfip.sobre")
    assert admin.post(door, data=plain).status_code == 303

    def shared():
        made = db.select(Topic.code, Topic.shared).where(Topic.code.startswith("dgfip"))
        return dict(iter(db.session.execute(made)))

    assert inside(shared) == {"dgfip.neuf": ["name", "nir"], "dgfip.sobre": []}
    assert sign_in(world.agent).post(door, data=topic_form(world)).status_code == 403
