"""Two records of one person: proposed with a reason, merged after review, split back exactly."""

import pytest

from contactcenter.citizens import actions as citizens
from contactcenter.citizens import merging
from contactcenter.citizens.likeness import Described, alike, described
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.errors import Conflict, NotFound
from contactcenter.events import EventRecord
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel

pytestmark = pytest.mark.usefixtures("in_centre")


def known(name="Élodie Vasseur", **more):
    with transaction():
        return citizens.create(name=name, **more)


def request_of(citizen, world, **more):
    with transaction():
        return tickets.open_ticket(
            "Mon avis d’impôt",
            channel=Channel.EMAIL,
            language="fr",
            site_id=world.site_id,
            queue_id=world.written_queue_id,
            citizen_id=citizen.id,
            **more,
        )


def merged(kept, other, world, **choices):
    with transaction():
        return merging.merge(kept.id, other.id, choices, by=world.agent)


def found(**described_as):
    return [each.citizen.id for each in alike(Described(**described_as), "FR")]


def test_the_same_phone_or_address_is_likely_the_same_person(world):
    one = known(phone="06 39 98 00 01", email="Elodie@citoyens.example")
    assert found(phone="0639980001") == [one.id]
    assert found(email="elodie@CITOYENS.example") == [one.id]


def test_a_name_alike_with_the_year_is_likely_the_same_person(world):
    one = known(birth_year=1958)
    assert found(name="Elodie VASSEUR", birth_year=1958) == [one.id]
    assert found(name="Elodie Vaseur", birth_year=1958) == [one.id]


def test_another_year_or_another_name_is_another_person(world):
    known(birth_year=1958)
    assert found(name="Élodie Vasseur", birth_year=1985) == []
    assert found(name="Jean Delattre", birth_year=1958) == []


@pytest.mark.parametrize("empty", ["", "  ", "😀", "??", "\u200f"])
def test_empty_words_resemble_nobody(world, empty):
    known()
    assert found(name=empty, phone=empty, email=empty) == []


def test_nobody_resembles_themselves(world):
    one = known(phone="06 39 98 00 01")
    assert alike(described(one), "FR") == []


def test_ten_thousand_of_one_name_are_a_short_list(world):
    with transaction():
        db.session.execute(
            db.text(
                "INSERT INTO citizens (centre_id, name, name_key, address, language, met_at,"
                " is_rehearsal) SELECT :centre, 'Élodie Vasseur', 'elodie vasseur', '', 'fr',"
                " now(), false FROM generate_series(1, 10000)"
            ),
            {"centre": world.centre_id},
        )
    assert len(found(name="Élodie Vasseur")) == 5


def test_a_merge_gathers_requests_and_the_chosen_details(world):
    kept, other = known(phone="06 39 98 00 01"), known(phone="06 39 98 00 02", birth_year=1958)
    ticket = request_of(other, world)
    merged(kept, other, world, phone="merged")
    db.session.expire_all()
    assert (kept.phone, kept.birth_year) == ("+33639980002", 1958)
    assert ticket.citizen_id == kept.id
    assert merging.current(other.id) is kept


def test_a_merge_is_in_the_history_of_both(world):
    kept, other = known(), known()
    merged(kept, other, world)
    (row,) = db.session.scalars(
        db.select(EventRecord).where(EventRecord.kind == "CitizensMerged")
    ).all()
    assert (row.detail["kept_id"], row.detail["merged_id"]) == (kept.id, other.id)
    assert row.person_id == world.agent.id


def test_who_was_merged_is_no_longer_found_beside_who_was_kept(world):
    kept, other = known(phone="06 39 98 00 01"), known(phone="06 39 98 00 01")
    merged(kept, other, world)
    assert found(phone="06 39 98 00 01") == [kept.id]
    with transaction():
        assert citizens.find_or_create(name="Élodie Vasseur", phone="0639980001") is kept


def test_a_split_gives_back_exactly_what_each_had(world):
    kept, other = known(phone="06 39 98 00 01"), known(birth_year=1958)
    before = merging.details(kept), merging.details(other)
    own, moved = request_of(kept, world), request_of(other, world)
    merge = merged(kept, other, world)
    with transaction():
        merging.split(merge.id, by=world.manager)
    db.session.expire_all()
    assert (merging.details(kept), merging.details(other)) == before
    assert (own.citizen_id, moved.citizen_id) == (kept.id, other.id)
    assert merging.current(other.id) is other


def test_what_came_after_the_merge_stays_with_who_was_kept(world):
    kept, other = known(), known()
    merge = merged(kept, other, world)
    later = request_of(kept, world)
    with transaction():
        merging.split(merge.id, by=world.agent)
    db.session.expire_all()
    assert later.citizen_id == kept.id


def test_a_merge_is_not_undone_over_a_later_correction(world):
    kept, other = known(), known()
    merge = merged(kept, other, world)
    with transaction():
        kept.birth_year = 1960
    with pytest.raises(Conflict, match="corrigée"):
        merging.split(merge.id, by=world.agent)


def test_a_merge_is_not_undone_when_a_request_went_to_someone_else(world):
    kept, other, third = known(), known(), known("Jean Delattre")
    ticket = request_of(other, world)
    merge = merged(kept, other, world)
    with transaction():
        tickets.set_citizen(ticket, third.id, by=world.agent)
    with pytest.raises(Conflict, match="changé de personne"):
        merging.split(merge.id, by=world.agent)


def test_a_split_is_done_once(world):
    merge = merged(known(), known(), world)
    with transaction():
        merging.split(merge.id, by=world.agent)
    with pytest.raises(Conflict):
        merging.split(merge.id, by=world.agent)


def test_merges_are_undone_from_the_last_to_the_first(world):
    first, second, third = known(), known(), known()
    inner, outer = merged(second, first, world), merged(third, second, world)
    assert merging.current(first.id) is third
    with pytest.raises(Conflict):
        merging.split(inner.id, by=world.agent)
    with transaction():
        merging.split(outer.id, by=world.agent)
        merging.split(inner.id, by=world.agent)
    db.session.expire_all()
    assert merging.current(first.id) is first


def test_nobody_is_merged_twice_or_into_themselves(world):
    kept, other = known(), known()
    with pytest.raises(Conflict):
        merging.merge(kept.id, kept.id, {}, by=world.agent)
    merged(kept, other, world)
    with pytest.raises(Conflict):
        merging.merge(known().id, other.id, {}, by=world.agent)


def test_a_person_of_another_centre_does_not_exist(world, other_world, app):
    from contactcenter.db import Scope, within

    here = known(phone="06 39 98 00 01")
    with app.app_context(), within(Scope(other_world.centre_id)):
        with transaction():
            there = citizens.create(name="Élodie Vasseur", phone="06 39 98 00 01").id
        assert [each.citizen.id for each in alike(Described(phone="0639980001"), "FR")] == [there]
    with pytest.raises(NotFound):
        merging.merge(here.id, there, {}, by=world.agent)
