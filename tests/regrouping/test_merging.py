"""Two requests become one and two again, in chains too, and never in a circle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from contactcenter import clock as times
from contactcenter.edge import transaction
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.queues.models import Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.regrouping import actions
from contactcenter.tickets import actions as tickets
from contactcenter.tickets import search
from contactcenter.tickets.models import Priority, Status
from tests.regrouping.stage import OTHER, Scene

# --- Merging ---


def test_all_words_go_on_in_the_one_that_is_kept_and_the_other_leads_there(scene, sign_in):
    kept, merged = scene.open("Avis perdu"), scene.open("Toujours l’avis")
    browser = sign_in(scene.world.agent)
    sent = browser.post(f"/tickets/{kept}/merges", data={"other": merged})
    assert sent.status_code == 303
    assert scene.words(kept) == ["Avis perdu", "Toujours l’avis"]
    gone = scene.ticket(merged)
    assert (gone.status, gone.merged_into) == (Status.CLOSED, scene.ticket(kept).id)
    led = browser.get(f"/tickets/{merged}")
    assert led.status_code == 303
    assert led.headers["Location"].endswith(f"/tickets/{kept}")
    assert f"réunit ici la demande {merged}" in browser.get(f"/tickets/{kept}").text


def test_the_review_says_what_moves_and_asks_nothing_of_one_person(scene, sign_in):
    kept, merged = scene.open("Avis perdu"), scene.open("Toujours l’avis")
    page = sign_in(scene.world.agent).get(f"/tickets/{kept}/merges/new?with={merged}").text
    assert "1 message" in page
    assert "deux personnes différentes" not in page


def test_the_other_requests_of_the_same_person_are_offered_and_the_number_alone_is_enough(
    scene, sign_in
):
    kept, merged = scene.open("Avis perdu"), scene.open("Toujours l’avis")
    scene.open("D’une autre personne", email=OTHER)
    browser = sign_in(scene.world.agent)
    page = browser.get(f"/tickets/{kept}/merges/new").text
    assert f"/tickets/{kept}/merges/new?with={merged}" in page
    assert "D’une autre personne" not in page
    number = merged.partition("-")[2].lstrip("0")
    assert "1 message" in browser.get(f"/tickets/{kept}/merges/new?with={number}").text


def test_two_persons_need_a_word_more_and_the_chosen_one_stays(scene, sign_in):
    kept, merged = scene.open("Avis"), scene.open("Autre", email=OTHER)
    with pytest.raises(Invalid):
        scene.merge(kept, merged)
    refused = sign_in(scene.world.agent).post(f"/tickets/{kept}/merges", data={"other": merged})
    assert refused.status_code == 422
    stays = scene.ticket(merged).citizen_id
    scene.merge(kept, merged, is_sure=True, takes_citizen=True)
    assert scene.ticket(kept).citizen_id == stays
    said = sign_in(scene.world.agent).get(f"/tickets/{kept}/regroupings").text
    assert "ne reviennent pas : redemandez-les" in said.replace("\xa0", " ")


def test_where_nobody_s_permission_ended_parting_says_nothing_of_it(scene, sign_in):
    kept, merged = scene.open("Avis"), scene.open("Autre", email=OTHER)
    scene.merge(kept, merged, is_sure=True)
    said = sign_in(scene.world.agent).get(f"/tickets/{kept}/regroupings").text
    assert "redemandez-les" not in said


def test_the_earlier_promise_and_the_greater_haste_are_kept(scene):
    kept, merged = scene.open("Avis"), scene.open("Saisie demain")
    due = times.now() + timedelta(hours=1)

    def hurry():
        ticket = tickets.lock(merged, person=scene.world.agent)
        ticket.due_at, ticket.priority = due, Priority.HIGH

    scene.do(hurry)
    scene.merge(kept, merged)
    assert (scene.ticket(kept).due_at, scene.ticket(kept).priority) == (due, Priority.HIGH)


def test_one_answer_ends_both_waits_each_with_its_own_outcome(scene):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    scene.merge(kept, merged)
    assert [visit.outcome for visit in scene.rows(Visit)] == [None, None]
    agent = scene.world.agent
    scene.do(lambda: tickets.reply(tickets.lock(kept, person=agent), "Voici.", by=agent))
    assert [visit.outcome for visit in scene.rows(Visit)] == [Outcome.ANSWERED] * 2


def test_an_open_one_opens_the_finished_one_that_is_kept(scene):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    agent = scene.world.agent
    scene.do(lambda: tickets.resolve(tickets.lock(kept, person=agent), by=agent))
    scene.merge(kept, merged)
    assert scene.ticket(kept).status is Status.OPEN


def test_what_is_merged_is_found_by_its_words_where_it_goes_on(scene):
    kept, merged = scene.open("Avis"), scene.open("Trottinette écrasée")
    scene.merge(kept, merged)
    with scene.app.app_context(), scene.staff():
        assert scene.ticket(kept).id in search.ticket_ids("trottinette")


def test_nothing_more_is_done_with_what_was_merged(scene, sign_in):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    scene.merge(kept, merged)
    late = sign_in(scene.world.agent).post(f"/tickets/{merged}/reopening")
    assert late.status_code == 409
    assert kept in late.text


@pytest.mark.parametrize("who", ["outsider", "referent"])
def test_who_may_not_read_both_merges_neither(scene, who):
    kept, merged = scene.open("Avis"), scene.open("Avis encore")
    with pytest.raises(NotFound):
        scene.merge(kept, merged, by=getattr(scene.world, who))


def test_a_request_of_another_centre_does_not_exist_here(scene, app, other_world):
    kept = scene.open("Avis")
    away = Scene(app, other_world).open("Avis")
    away = f"{away[:5]}999999" if away == kept else away
    with pytest.raises(NotFound):
        scene.merge(kept, away)


# --- Chains and circles ---


def test_a_chain_leads_to_its_end_at_once(scene, sign_in):
    first, second, third = (scene.open(text) for text in ("Un", "Deux", "Trois"))
    scene.merge(second, third)
    scene.merge(first, second)
    assert scene.words(first) == ["Un", "Deux", "Trois"]
    assert scene.ticket(third).merged_into == scene.ticket(first).id
    led = sign_in(scene.world.agent).get(f"/tickets/{third}")
    assert led.headers["Location"].endswith(first)


def test_a_chain_comes_apart_from_its_end_only(scene):
    first, second, third = (scene.open(text) for text in ("Un", "Deux", "Trois"))
    inner, outer = scene.merge(second, third), scene.merge(first, second)
    with pytest.raises(Conflict):
        scene.part(inner)
    scene.part(outer)
    assert scene.ticket(third).merged_into == scene.ticket(second).id
    assert scene.words(second) == ["Deux", "Trois"]
    scene.part(inner)
    assert [scene.words(each) for each in (first, second, third)] == [["Un"], ["Deux"], ["Trois"]]


def test_a_circle_cannot_be_made(scene):
    kept, merged = scene.open("Un"), scene.open("Deux")
    scene.merge(kept, merged)
    for one, other in ((merged, kept), (kept, merged)):
        with pytest.raises(Conflict):
            scene.merge(one, other)
    with pytest.raises(Invalid):
        scene.merge(kept, kept)


def test_two_who_merge_both_ways_at_once_are_one_merge_and_one_who_is_told(scene):
    for _round in range(3):
        one, other = scene.open("Un"), scene.open("Deux")
        together = Barrier(2)

        def merge(pair, person, together=together):
            with scene.app.test_request_context(), scene.staff():
                try:
                    with transaction():
                        together.wait(60)
                        actions.merge(*pair, by=person)
                except Conflict:
                    return "told"
            return "merged"

        people = (scene.world.agent, scene.world.second_agent)
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(merge, ((one, other), (other, one)), people))
        assert sorted(said) == ["merged", "told"]
        ends = [scene.ticket(each).merged_into for each in (one, other)]
        assert ends.count(None) == 1


# --- And two again ---


def test_parting_gives_back_exactly_what_came_and_leaves_what_came_later(scene, sign_in):
    kept, merged = scene.open("Avis"), scene.open("Autre affaire")
    before = scene.ticket(merged)
    done = scene.merge(kept, merged)
    scene.do(lambda: tickets.hear(tickets.lock_survivor(before.id), "Arrivé après"))
    browser = sign_in(scene.world.agent)
    assert "Séparer à nouveau" in browser.get(f"/tickets/{kept}/regroupings").text
    parted = browser.post(f"/tickets/{kept}/merges/{done}/parting", follow_redirects=True)
    assert "arrivé après la réunion reste ici" in parted.text
    assert scene.words(kept) == ["Avis", "Arrivé après"]
    assert scene.words(merged) == ["Autre affaire"]
    after = scene.ticket(merged)
    for field in ("status", "resolved_at", "closed_at", "merged_into", "citizen_id", "due_at"):
        assert getattr(after, field) == getattr(before, field)
    visits = {visit.ticket_id for visit in scene.rows(Visit) if visit.outcome is None}
    assert visits == {scene.ticket(kept).id, after.id}


def test_a_merge_is_undone_once(scene):
    done = scene.merge(scene.open("Un"), scene.open("Deux"))
    scene.part(done)
    with pytest.raises(Conflict):
        scene.part(done)
