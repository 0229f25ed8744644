"""While someone is being noted: who may be the same person, and choosing them."""

from contactcenter.tickets.models import Ticket

ZOE = {"name": "Zoé Exemple", "phone": "01 99 00 12 34", "birth_year": 1958}


def citizen_of(visit, load):
    return load(Ticket, visit.ticket_id).citizen_id


def test_who_is_likely_the_same_person_is_proposed_with_why(desk, load, visit_of):
    known = citizen_of(visit_of(desk.admit("avis", **ZOE)), load)
    found = desk.post("alike", name="Zoe Exemple", birth_year="1958").text
    assert f'name="citizen" value="{known}"' in found
    assert "nom proche et même année de naissance" in found


def test_the_person_chosen_is_whom_the_number_is_for(desk, load, visit_of):
    known = citizen_of(visit_of(desk.admit("avis", **ZOE)), load)
    again = visit_of(desk.admit("avis", name="Zoe Exemple", citizen=known))
    assert citizen_of(again, load) == known


def test_without_a_choice_the_same_name_is_someone_new(desk, load, visit_of):
    known = citizen_of(visit_of(desk.admit("avis", **ZOE)), load)
    again = visit_of(desk.admit("avis", name="Zoe Exemple", citizen=""))
    assert citizen_of(again, load) not in (known, None)


def test_words_that_name_nobody_propose_nobody(desk):
    assert desk.post("alike", name="Z", birth_year="195800000000").text.strip() == ""


def test_a_person_who_is_not_known_cannot_be_chosen(desk):
    assert desk.post("visits", topic="avis", citizen=999_999_999, key="k").status_code == 404
