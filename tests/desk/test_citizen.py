"""Who a request is from: found, noted, corrected, let go."""

import pytest

from contactcenter.citizens import actions as citizens
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from tests.desk.stage import far, opened, reload


@pytest.fixture
def ticket(app, world):
    return opened(app, world)


def known(app, world, **more):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        return citizens.create(**{"name": "Josette Lambertin"} | more).id


def of(app, world, ticket):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.get(Citizen, (world.centre_id, reload(app, ticket).citizen_id))


DETAILS = {
    "name": "Karim Benhaddou",
    "phone": "01 99 00 12 34",
    "email": "",
    "address": "",
    "birth_year": "1961",
    "language": "fr",
    "reach": "phone",
}


def test_someone_known_is_found_and_linked(agent, app, world, ticket):
    number = known(app, world)
    page = agent.get(f"/tickets/{ticket.reference}/citizen?q=lambertin").text
    assert f'value="{number}"' in page
    agent.post(f"/tickets/{ticket.reference}/citizen", data={"citizen": number})
    assert reload(app, ticket).citizen_id == number
    assert "Josette Lambertin" in agent.get(f"/tickets/{ticket.reference}").text


def test_someone_of_another_place_is_linked_by_who_can_name_them(agent, app, world, ticket):
    number = known(app, world)
    far(app, world, citizen_id=number)
    sent = {"citizen": number, "q": "lambertin"}
    assert agent.post(f"/tickets/{ticket.reference}/citizen", data=sent).status_code == 303
    assert reload(app, ticket).citizen_id == number


def test_someone_new_is_noted_with_how_they_like_to_be_reached(agent, app, world, ticket):
    agent.post(f"/tickets/{ticket.reference}/citizen/details", data=DETAILS)
    citizen = of(app, world, ticket)
    assert (citizen.name, citizen.phone, citizen.birth_year) == (
        "Karim Benhaddou",
        "+33199001234",
        1961,
    )
    assert citizen.reach == "phone"


def test_what_is_noted_can_be_corrected(agent, app, world, ticket):
    agent.post(f"/tickets/{ticket.reference}/citizen/details", data=DETAILS)
    agent.post(f"/tickets/{ticket.reference}/citizen/details", data=DETAILS | {"language": "nl"})
    assert of(app, world, ticket).language == "nl"


@pytest.mark.parametrize(
    "wrong", [{"phone": "12"}, {"email": "pas une adresse"}, {"birth_year": "58"}, {"reach": "x"}]
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(agent, app, world, ticket, wrong):
    address = f"/tickets/{ticket.reference}/citizen/details"
    answer = agent.post(address, data=DETAILS | wrong)
    assert answer.status_code == 422
    assert "Karim Benhaddou" in answer.text
    assert reload(app, ticket).citizen_id is None


def test_the_link_can_be_undone(agent, app, world, ticket):
    agent.post(f"/tickets/{ticket.reference}/citizen/details", data=DETAILS)
    agent.post(f"/tickets/{ticket.reference}/citizen", data={"citizen": ""})
    assert reload(app, ticket).citizen_id is None


def test_other_requests_of_the_person_are_listed(agent, app, world):
    number = known(app, world)
    ticket, other = (opened(app, world, citizen_id=number) for _ in range(2))
    assert f'href="/tickets/{other.reference}"' in agent.get(f"/tickets/{ticket.reference}").text


def test_a_citizen_of_another_centre_does_not_exist(agent, app, ticket, other_world):
    number = known(app, other_world)
    answer = agent.post(f"/tickets/{ticket.reference}/citizen", data={"citizen": number})
    assert answer.status_code == 404
