import threading

import pytest

from contactcenter.citizens import actions, merging
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.queries import matching
from contactcenter.citizens.rules import read_wanted
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.errors import Invalid, NotFound

PHONE = "01 99 00 12 34"


@pytest.fixture
def meet(in_centre):
    def met(**who) -> Citizen:
        with transaction():
            return actions.find_or_create(**who)

    return met


def _found(words: str) -> list[str]:
    query = matching(read_wanted(words, "FR"))
    return [citizen.name for citizen in db.session.scalars(query)]


def test_the_same_number_is_the_same_person(meet):
    assert meet(phone=PHONE).id == meet(phone="+33 1 99 00 12 34").id


def test_the_same_address_is_the_same_person_whatever_its_case(meet):
    assert meet(email="Zoe@Exemple.example").id == meet(email="zoe@exemple.example").id


def test_two_names_behind_one_number_are_two_people(meet):
    zoe = meet(name="Zoé Exemple", phone=PHONE)
    jean = meet(name="Jean Exemple", phone=PHONE)
    assert zoe.id != jean.id
    assert meet(name="EXEMPLE Zoé", phone=PHONE).id == zoe.id


def test_a_shared_number_without_a_name_names_nobody(meet):
    known = {meet(name="Zoé Exemple", phone=PHONE).id, meet(name="Jean Exemple", phone=PHONE).id}
    somebody = meet(phone=PHONE)
    assert somebody.id not in known
    assert meet(phone=PHONE).id == somebody.id


def test_who_had_no_name_gets_the_one_they_say(meet):
    nameless = meet(phone=PHONE)
    assert meet(name="Zoé Exemple", phone=PHONE).id == nameless.id
    assert nameless.name_key == "zoe exemple"


def test_what_was_known_is_completed_never_overwritten(meet):
    meet(name="Zoé Exemple", phone=PHONE, birth_year=1958)
    again = meet(name="Zoé Exemple", phone=PHONE, email="zoe@exemple.example", birth_year=1999)
    assert (again.email, again.birth_year) == ("zoe@exemple.example", 1958)


def test_an_unreadable_number_refuses_nobody(meet):
    assert meet(name="Zoé Exemple", phone="anonymous").phone is None


def test_without_a_way_to_reach_someone_nobody_is_recognised(meet):
    assert meet(name="Zoé Exemple").id != meet(name="Zoé Exemple").id


def test_two_contacts_at_once_make_one_citizen(app, world):
    ready, found = threading.Barrier(4), []

    def meet() -> None:
        with app.app_context(), within(Scope(world.centre_id)):
            ready.wait()
            with transaction():
                found.append(actions.find_or_create(phone=PHONE).id)

    threads = [threading.Thread(target=meet) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"email": "zoe@"}, "email"),
        ({"birth_year": 58}, "birth_year"),
        ({"birth_year": 2100}, "birth_year"),
    ],
)
def test_what_an_agent_writes_wrong_is_said_with_its_field(in_centre, world, wrong, field):
    with pytest.raises(Invalid) as told:
        actions.create(name="Zoé Exemple", **wrong)
    assert told.value.field == field


@pytest.mark.parametrize("words", ["zoe", "ZOÉ", "exemple zoe", "Zoë Exempl", "1958 zoe"])
def test_a_name_is_found_as_one_remembers_it(meet, words):
    meet(name="Zoé Exemple", birth_year=1958)
    meet(name="Marc Autrement", birth_year=1958)
    assert _found(words) == ["Zoé Exemple"]


@pytest.mark.parametrize("words", [PHONE, "zoe@exemple.example", "1958"])
def test_someone_is_found_by_number_address_or_year(meet, words):
    meet(name="Zoé Exemple", phone=PHONE, email="zoe@exemple.example", birth_year=1958)
    meet(name="Marc Autrement")
    assert _found(words) == ["Zoé Exemple"]


def test_the_better_name_comes_first(meet):
    meet(name="Zoé Exemplaire")
    meet(name="Zoé Exemple")
    assert _found("zoé exemple")[0] == "Zoé Exemple"


def test_citizens_of_another_centre_do_not_exist(meet, app, other_world):
    citizen_id = meet(name="Zoé Exemple", phone=PHONE).id
    with within(Scope(other_world.centre_id)), transaction():
        assert _found("zoe") == []
        assert _found(PHONE) == []
        with pytest.raises(NotFound):
            merging.current(citizen_id)


def test_a_partner_finds_nobody_by_name(meet, world):
    meet(name="Zoé Exemple")
    with within(Scope(world.centre_id, world.partner_id)), transaction():
        assert _found("zoe") == []
