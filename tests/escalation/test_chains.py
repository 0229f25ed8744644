"""What a team refuses goes on by itself, is one wait, and says what is wrong in the directory."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory import actions as directory
from contactcenter.directory.models import Site, Team, Topic, TopicTeam
from contactcenter.directory.territories import Place, answers_for, place_of
from contactcenter.edge import JOBS, ContactCenter, transaction
from contactcenter.escalation import actions, asking, chain, corrections, routing
from contactcenter.escalation.correction_models import DirectoryCorrection
from contactcenter.escalation.models import Referral, ReferralStatus, Refusal
from contactcenter.tickets import actions as tickets
from tests.conftest import MovableClock, SignIn, Worker
from tests.escalation.matter import Matter
from tests.factories import ALL_DAY, World


def team_of(world: World, name: str, **more: object) -> Team:
    """Another team of the partner, which answers the topic after those before it."""
    values = {"organisation_id": world.partner_id, "answers": True, **more}
    answers = values.pop("answers")
    team = Team(
        name=name,
        email=f"{name}@dgfip.example",
        timezone="Europe/Paris",
        country="FR",
        hours=ALL_DAY,
        answer_minutes=8 * 60,
        **values,
    )
    db.session.add(team)
    db.session.flush()
    if answers:
        rank = 1 + len(db.session.scalars(db.select(TopicTeam)).all())
        db.session.add(TopicTeam(topic_id=world.topic_id, team_id=team.id, rank=rank))
    return team


def latest() -> Referral:
    return db.session.scalars(db.select(Referral).order_by(Referral.id.desc()).limit(1)).one()


def refuse(
    referral: Referral, world: World, worker: Worker, code: Refusal = Refusal.NOT_OUR_FIELD
) -> None:
    with transaction():
        actions.refuse(referral, code, "Pas pour nous.", by=world.referent)
    worker.run_all()
    db.session.expire_all()


def test_a_refused_question_goes_to_the_next_team_and_its_first_clock_keeps_running(
    asked: Referral, world: World, worker: Worker, clock: MovableClock
) -> None:
    with transaction():
        second = team_of(world, "Seconde")
        second_id = second.id
    first_due = asked.due_at
    clock.advance(hours=2)
    refuse(asked, world, worker)
    on = latest()
    assert (on.team_id, on.status, on.after_id) == (second_id, ReferralStatus.SENT, asked.id)
    assert (on.hops, on.due_at, on.clock_from) == (1, first_due, asked.asked_at)
    assert on.question == asked.question


def test_the_time_a_team_waited_for_us_is_not_held_against_the_next(
    asked: Referral, world: World, worker: Worker, clock: MovableClock
) -> None:
    with transaction():
        team_of(world, "Seconde")
        actions.ask_back(asked, "Quelle année ?", by=world.referent)
    clock.advance(hours=1)
    with transaction():
        actions.give_precision(asked, "2025", by=world.agent)
    refuse(asked, world, worker)
    assert latest().clock_from == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", [Refusal.NO_MANDATE, Refusal.STANDARD_PROCEDURE, Refusal.OTHER])
def test_what_the_agent_must_mend_goes_back_to_the_agent(
    asked: Referral, world: World, worker: Worker, code: Refusal
) -> None:
    with transaction():
        team_of(world, "Seconde")
    refuse(asked, world, worker, code)
    assert latest() == asked


def test_nobody_is_asked_twice_in_a_chain(asked: Referral, world: World, worker: Worker) -> None:
    with transaction():
        team_of(world, "Seconde")
    refuse(asked, world, worker)
    second = latest()
    refuse(second, world, worker)
    assert latest() == second


def test_after_a_few_hops_only_the_fallback_is_asked(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        for number in range(chain.MOST_HOPS + 2):
            team_of(world, f"E{number}")
        last = team_of(world, "Recours", is_fallback=True, answers=False)
        last_id = last.id
    for _hop in range(chain.MOST_HOPS + 1):
        refuse(latest(), world, worker)
    assert (latest().team_id, latest().hops) == (last_id, chain.MOST_HOPS + 1)
    final = latest()
    refuse(final, world, worker)
    assert latest() == final


def test_the_centres_own_fallback_gets_what_no_partner_can_without_naming_the_citizen(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        own = team_of(
            world,
            "Recours du centre",
            organisation_id=world.own_organisation_id,
            is_fallback=True,
            answers=False,
        )
        own_id = own.id
    refuse(asked, world, worker)
    assert (latest().team_id, latest().mandate_id) == (own_id, None)


def test_a_question_that_names_the_citizen_goes_to_no_organisation_without_permission(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        db.session.add(TopicTeam(topic_id=world.topic_id, team_id=world.other_team_id, rank=2))
    refuse(asked, world, worker)
    assert latest() == asked


def test_a_team_of_another_territory_is_passed_over(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        site = db.session.get_one(Site, (world.centre_id, world.site_id))
        site.address = "1 rue Neuve, 57000 Metz"
        team_of(world, "Nord", territories=["59"])
        here = team_of(world, "Moselle", territories=["57"])
        here_id = here.id
    refuse(asked, world, worker, Refusal.NOT_OUR_TERRITORY)
    assert latest().team_id == here_id


def test_routing_twice_asks_once(asked: Referral, world: World, worker: Worker) -> None:
    with transaction():
        team_of(world, "Seconde")
    refuse(asked, world, worker)
    with transaction():
        JOBS["escalation.route_on"](referral_id=asked.id)
    assert len(db.session.scalars(db.select(Referral)).all()) == 2


def test_a_finished_matter_is_not_asked_on(
    asked: Referral, world: World, worker: Worker, matter: Matter
) -> None:
    with transaction():
        team_of(world, "Seconde")
        actions.refuse(asked, Refusal.NOT_OUR_FIELD, "Non.", by=world.referent)
        tickets.resolve(tickets.get(matter.ticket_id), by=world.agent)
    worker.run_all()
    assert latest() == asked


def test_a_team_that_is_late_from_its_first_minute_is_pressed_from_then_on(
    asked: Referral, world: World, worker: Worker, clock: MovableClock
) -> None:
    with transaction():
        team_of(world, "Seconde")
    clock.time = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    refuse(asked, world, worker)
    on = latest()
    assert on.due_at == asked.due_at
    assert on.due_at is not None
    assert on.due_at < clock.time
    assert on.next_due_at == clock.time


# --- what refusals say of the directory ---


def refused_times(world: World, matter: Matter, worker: Worker, times: int, code: Refusal) -> None:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    for number in range(times):
        with transaction():
            question = asking.ask(
                tickets.get(matter.ticket_id), team, question=f"Q{number} ?", by=world.agent
            )
        refuse(question, world, worker, code)


def proposals() -> list[DirectoryCorrection]:
    return list(db.session.scalars(db.select(DirectoryCorrection)))


def test_what_went_on_by_itself_is_not_offered_to_be_asked_again(
    app: ContactCenter, world: World, matter: Matter, asked_id: int, worker: Worker, sign_in: SignIn
) -> None:
    with app.test_request_context(), within(Scope(world.centre_id)):
        with transaction():
            team_of(world, "suivante")
        refuse(actions.get(asked_id), world, worker)
    panel = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals").text
    assert "suivante" in panel
    assert "Demander à une autre équipe" not in panel


def test_enough_refusals_alike_propose_a_correction(
    in_centre: None, world: World, matter: Matter, worker: Worker
) -> None:
    refused_times(world, matter, worker, corrections.ENOUGH - 1, Refusal.NOT_OUR_FIELD)
    assert proposals() == []
    refused_times(world, matter, worker, 1, Refusal.NOT_OUR_FIELD)
    [proposed] = proposals()
    assert (proposed.team_id, proposed.topic_id, proposed.district) == (
        world.team_id,
        world.topic_id,
        "",
    )


def test_an_accepted_correction_takes_the_team_from_the_topic(
    in_centre: None, world: World, matter: Matter, worker: Worker
) -> None:
    refused_times(world, matter, worker, corrections.ENOUGH, Refusal.NOT_OUR_FIELD)
    with transaction():
        corrections.settle(proposals()[0], accept=True, by=world.administrator)
    assert db.session.scalars(db.select(TopicTeam)).all() == []


def test_refusals_for_a_territory_leave_the_team_its_other_districts(
    in_centre: None, world: World, matter: Matter, worker: Worker
) -> None:
    with transaction():
        site = db.session.get_one(Site, (world.centre_id, world.site_id))
        site.address = "1 rue Neuve, 57000 Metz"
    refused_times(world, matter, worker, corrections.ENOUGH, Refusal.NOT_OUR_TERRITORY)
    [proposed] = proposals()
    assert proposed.district == "57"
    with transaction():
        corrections.settle(proposed, accept=True, by=world.administrator)
    assert db.session.scalars(db.select(TopicTeam.not_in)).all() == [["57"]]


def test_a_refused_correction_is_proposed_again_only_by_new_refusals(
    in_centre: None, world: World, matter: Matter, worker: Worker, clock: MovableClock
) -> None:
    refused_times(world, matter, worker, corrections.ENOUGH, Refusal.NOT_OUR_FIELD)
    with transaction():
        corrections.settle(proposals()[0], accept=False, by=world.administrator)
    clock.advance(hours=1)
    refused_times(world, matter, worker, corrections.ENOUGH - 1, Refusal.NOT_OUR_FIELD)
    assert len(proposals()) == 1
    refused_times(world, matter, worker, 1, Refusal.NOT_OUR_FIELD)
    assert len(proposals()) == 2
    assert len(db.session.scalars(db.select(TopicTeam)).all()) == 1


def test_choosing_the_teams_of_a_topic_anew_keeps_where_they_do_not_answer(
    in_centre: None, world: World
) -> None:
    topic = db.session.get_one(Topic, (world.centre_id, world.topic_id))
    with transaction():
        directory.leave_out(topic, world.team_id, "57", by=world.administrator)
        directory.choose_teams(topic, [world.other_team_id, world.team_id], by=world.administrator)
    rows = db.session.scalars(db.select(TopicTeam).order_by(TopicTeam.rank)).all()
    assert [row.not_in for row in rows] == [[], ["57"]]


def test_an_administrator_settles_a_correction_in_a_page(
    app: ContactCenter, world: World, matter: Matter, worker: Worker, sign_in: SignIn
) -> None:
    with app.app_context(), within(Scope(world.centre_id)):
        refused_times(world, matter, worker, corrections.ENOUGH, Refusal.NOT_OUR_FIELD)
        door = f"/directory/corrections/{proposals()[0].id}/acceptance"
    browser = sign_in(world.administrator)
    assert "Avis d’impôt" in browser.get("/directory/corrections").text
    assert browser.post(door).status_code == 303
    assert browser.post(door).status_code == 409
    with app.app_context(), within(Scope(world.centre_id)):
        assert db.session.scalars(db.select(TopicTeam)).all() == []


# --- where ---


@pytest.mark.parametrize(
    ("address", "country", "postcode", "district"),
    [
        ("1 rue Neuve, 57000 Metz", "FR", "57000", "57"),
        ("12345 allée Longue 97400 Saint-Denis", "FR", "97400", "974"),
        ("Grand-Place 1, 1000 Bruxelles", "BE", "1000", "10"),
        ("Mairie", "FR", "", ""),
    ],
)
def test_the_place_of_an_address(address: str, country: str, postcode: str, district: str) -> None:
    place = place_of(address, country)
    assert (place.postcode, place.district) == (postcode, district)


@given(st.from_regex(r"[0-9]{5}", fullmatch=True), st.integers(1, 5))
def test_a_team_answers_for_every_postcode_that_begins_as_its_territory(
    postcode: str, length: int
) -> None:
    prefix = postcode[:length]
    assert answers_for(Place("FR", postcode), "FR", [prefix])
    assert not answers_for(Place("BE", postcode), "FR", [prefix])
    assert answers_for(Place("FR", ""), "FR", [prefix])


def test_the_citizens_own_address_says_more_than_the_site(
    in_centre: None, world: World, matter: Matter
) -> None:
    ticket = tickets.get(matter.ticket_id)
    citizen = db.session.get_one(Citizen, (world.centre_id, ticket.citizen_id))
    citizen.address = "3 impasse du Lac, 88400 Gérardmer"
    assert routing.where(ticket).district == "88"
