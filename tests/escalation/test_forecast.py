"""What a team's answers took, before one asks it: half, nine in ten, how many, and what is open."""

from datetime import timedelta

import pytest

from contactcenter import clock as the_clock
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions
from contactcenter.escalation.forecast import forecasts
from contactcenter.escalation.models import Referral
from contactcenter.tickets import actions as tickets


@pytest.fixture
def team(in_centre, world):
    return db.session.get_one(Team, (world.centre_id, world.team_id))


@pytest.fixture
def foretold(matter, team):
    def look():
        return forecasts(tickets.get(matter.ticket_id), [team])[team.id]

    return look


def answered(matter, team, minutes, *, days_ago=1, **more):
    """Answers that took so many open minutes each."""
    with transaction():
        for number, took in enumerate(minutes):
            row = {
                "ticket_id": matter.ticket_id,
                "team_id": team.id,
                "organisation_id": team.organisation_id,
                "topic_id": tickets.get(matter.ticket_id).topic_id,
                "status": "answered",
                "question": f"Question {number} ?",
                "asked_by": 0,
                "asked_at": the_clock.now() - timedelta(days=days_ago + 1),
                "closed_at": the_clock.now() - timedelta(days=days_ago),
                "answer_seconds": took * 60,
            } | more
            db.session.add(Referral(**row))


def test_an_answer_is_kept_with_the_open_time_it_took(asked, world, clock):
    clock.advance(days=1)  # Monday to Tuesday, 9:00 to 9:00: one open day of the team
    with transaction():
        actions.answer(asked, "Oui.", by=world.referent)
    assert asked.answer_seconds is not None
    assert 0 < asked.answer_seconds < 24 * 3600


def test_half_and_nine_in_ten_are_told_as_moments_in_the_teams_hours(foretold, matter, team, world):
    answered(matter, team, range(10, 110, 10), asked_by=world.agent.id)
    seen = foretold()
    assert (seen.cases, seen.on_topic) == (10, True)
    now = the_clock.now()
    assert now < seen.half_at < seen.most_at


def test_nine_answers_are_too_few_to_say(foretold, matter, team, world):
    answered(matter, team, range(9), asked_by=world.agent.id)
    assert (foretold().cases, foretold().half_at) == (9, None)


def test_answers_on_other_topics_speak_for_the_team_when_those_on_this_one_are_few(
    foretold, matter, team, world
):
    answered(matter, team, range(1, 4), asked_by=world.agent.id)
    answered(matter, team, range(1, 9), asked_by=world.agent.id, topic_id=None)
    seen = foretold()
    assert (seen.cases, seen.on_topic) == (11, False)
    assert seen.half_at is not None


def test_what_was_answered_ninety_days_ago_is_forgotten(foretold, matter, team, world):
    answered(matter, team, range(20), days_ago=91, asked_by=world.agent.id)
    assert foretold().cases == 0


def test_what_is_open_and_what_is_late_is_counted(foretold, asked, clock):
    assert (foretold().open, foretold().late) == (1, 0)
    clock.advance(days=20)
    assert (foretold().open, foretold().late) == (1, 1)


def test_the_page_says_it_before_one_asks(app, matter, world, sign_in):
    with app.app_context(), within(Scope(world.centre_id)):
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        answered(matter, team, range(10, 110, 10), asked_by=world.agent.id)
        db.session.rollback()
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals/new").text
    assert "D’ordinaire avant" in page
    assert "10 réponses sur ce motif en 90 jours" in page
    assert "Aucune question ouverte" in page


def test_a_page_without_cases_says_that_they_are_too_few(matter, world, sign_in):
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals/new").text
    assert "Trop peu de cas pour prédire" in page


def test_all_that_was_told_reaches_the_expert(matter, world, sign_in, asked_id):
    agent = sign_in(world.agent)
    told = {
        "team": world.team_id,
        "question": "Et le recours ?",
        "valid_days": 31,
        "blocks": "Une pièce manque",
        "since": "depuis la lettre du 3 mars",
        "tried": "Un appel au service",
        "right_lost": "Le droit au recours",
        "right_lost_on": "2026-12-24",
    }
    assert agent.post(f"/tickets/{matter.reference}/referrals", data=told).status_code == 303
    page = sign_in(world.referent).get(f"/referrals/{asked_id + 1}").text
    for words in (told["blocks"], told["since"], told["tried"], told["right_lost"]):
        assert words in page
