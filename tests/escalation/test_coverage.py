"""No question is left alone, or closed, because somebody is not there."""

from datetime import date

import pytest

from contactcenter.accounts import actions as accounts
from contactcenter.accounts.models import Membership, Person
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Site, Team
from contactcenter.edge import ContactCenter, transaction
from contactcenter.escalation import actions, coverage, ladder
from contactcenter.escalation.models import Press, Referral, ReferralStatus
from contactcenter.escalation.staffing_models import Absence, CoverageAlarm
from contactcenter.notices.models import Notice
from contactcenter.queues.models import Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets import actions as tickets
from tests.conftest import MovableClock, SignIn, Worker
from tests.factories import ALL_DAY, World

TODAY = date(2026, 11, 23)


def absent(person: Person, substitute: Person | None = None) -> None:
    db.session.add(
        Absence(
            person_id=person.id,
            from_on=TODAY,
            to_on=TODAY,
            substitute_id=substitute.id if substitute else None,
        )
    )


def fallback(world: World, *people: Person) -> Team:
    team = Team(
        organisation_id=world.partner_id,
        name="Recours",
        email="recours@dgfip.example",
        timezone="Europe/Paris",
        country="FR",
        hours=ALL_DAY,
        answer_minutes=8 * 60,
        is_fallback=True,
    )
    db.session.add(team)
    db.session.flush()
    db.session.add_all(Membership(person_id=each.id, team_id=team.id) for each in people)
    return team


def another(world: World, name: str = "Relève") -> Person:
    person = Person(
        name=name,
        email=f"{name}@dgfip.example",
        role=world.referent.role,
        organisation_id=world.partner_id,
        language="fr",
    )
    db.session.add(person)
    db.session.flush()
    return person


def covered() -> None:
    with transaction():
        coverage.keep_covered()
    db.session.expire_all()


def test_what_an_absent_person_took_goes_to_who_stands_in(asked: Referral, world: World) -> None:
    with transaction():
        actions.take(asked, by=world.referent)
        absent(world.referent, world.lead)
    covered()
    assert (asked.status, asked.taken_by) == (ReferralStatus.TAKEN, world.lead.id)


def test_without_a_substitute_it_goes_back_to_the_team(asked: Referral, world: World) -> None:
    with transaction():
        actions.take(asked, by=world.referent)
        absent(world.referent)
    due_at = asked.due_at
    covered()
    assert (asked.status, asked.taken_by, asked.due_at) == (ReferralStatus.SENT, None, due_at)


def test_the_day_after_the_absence_nothing_is_taken_from_anybody(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    with transaction():
        absent(world.referent)
    clock.advance(days=1)
    with transaction():
        actions.take(asked, by=world.referent)
    covered()
    assert asked.taken_by == world.referent.id


def test_who_is_away_is_not_pressed_but_who_stands_in_is(asked: Referral, world: World) -> None:
    with transaction():
        absent(world.lead, another(world))
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    pressed = ladder.recipients(asked, team, Press.LEAD)
    assert [each.address for each in pressed] == ["Relève@dgfip.example"]


def test_who_answers_for_the_request_is_pressed_once_the_asker_is_gone(
    asked: Referral, world: World
) -> None:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))

    def pressed() -> list[str]:
        return [each.address for each in ladder.recipients(asked, team, Press.ASKER)]

    with transaction():
        asker = db.session.get_one(Person, (world.centre_id, asked.asked_by))
        accounts.disable(asker, by=world.administrator)
    serve = pressed()
    assert serve
    assert asker.email not in serve
    with transaction():
        ticket = tickets.get(asked.ticket_id)
        tickets.assign(ticket, world.second_agent, by=world.administrator)
    assert pressed() == [world.second_agent.email]


def test_an_empty_team_sends_its_questions_to_the_fallback_and_an_alarm_rings_once(
    asked: Referral, world: World, worker: Worker
) -> None:
    with transaction():
        recourse = fallback(world, another(world)).id
        absent(world.referent)
        absent(world.lead)
    covered()
    covered()
    assert (asked.team_id, asked.status) == (recourse, ReferralStatus.SENT)
    [alarm] = db.session.scalars(db.select(CoverageAlarm)).all()
    assert (alarm.team_id, alarm.moved_to, alarm.questions) == (world.team_id, recourse, 1)
    worker.run_all()
    db.session.rollback()
    told = db.session.scalars(db.select(Notice.to_address).where(Notice.kind == "coverage")).all()
    assert sorted(told) == sorted([world.manager.email, world.administrator.email])


def test_the_wait_goes_on_in_the_queue_of_the_fallback(asked: Referral, world: World) -> None:
    with transaction():
        fallback(world, another(world))
        absent(world.referent)
        absent(world.lead)
    covered()
    first, second = db.session.scalars(db.select(Visit).order_by(Visit.id)).all()
    assert (first.outcome, second.outcome) == (Outcome.MOVED, None)
    assert second.previous_id == first.id


def test_an_empty_team_without_a_fallback_keeps_its_questions_open_and_the_alarm_rings(
    asked: Referral, world: World
) -> None:
    with transaction():
        absent(world.referent)
        absent(world.lead)
    covered()
    assert (asked.team_id, asked.is_open) == (world.team_id, True)
    assert db.session.scalars(db.select(CoverageAlarm.moved_to)).all() == [None]


def test_the_alarm_ends_when_somebody_serves_the_team_again(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    with transaction():
        absent(world.referent)
        absent(world.lead)
    covered()
    clock.advance(days=1)
    covered()
    assert db.session.scalars(db.select(CoverageAlarm.ended_at)).all() == [clock.time]


def test_closing_an_account_hands_over_and_closes_no_question(
    app: ContactCenter, asked_id: int, world: World, sign_in: SignIn, worker: Worker
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.take(actions.get(asked_id), by=world.referent)
    browser = sign_in(world.administrator)
    address = f"/people/{world.referent.id}/closing"
    assert "1 question d’expert" in browser.get(address).text
    assert browser.post(address, data={"substitute": world.lead.id}).status_code == 303
    worker.run_all()
    with app.app_context(), within(Scope(world.centre_id)):
        asked = actions.get(asked_id)
        assert (asked.taken_by, asked.is_open) == (world.lead.id, True)


def test_an_account_is_not_handed_over_to_another_organisation(
    app: ContactCenter, asked_id: int, world: World, sign_in: SignIn
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.take(actions.get(asked_id), by=world.referent)
    address = f"/people/{world.referent.id}/closing"
    sign_in(world.administrator).post(address, data={"substitute": world.other_referent.id})
    with app.app_context(), within(Scope(world.centre_id)):
        assert actions.get(asked_id).taken_by is None


def test_a_team_with_questions_is_emptied_only_on_purpose(
    app: ContactCenter, asked_id: int, world: World, sign_in: SignIn
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        absent(world.lead)
    browser = sign_in(world.administrator)
    form = {
        "name": world.referent.name,
        "role": "referent",
        "organisation_id": world.partner_id,
        "language": "fr",
    }
    address = f"/people/{world.referent.id}"
    refused = browser.post(address, data=form)
    assert refused.status_code == 422
    assert "n’aura plus personne" in refused.text
    assert browser.post(address, data={**form, "leave_empty": "y"}).status_code == 303


def test_a_referent_notes_their_own_absence_and_removes_it(
    app: ContactCenter, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.referent)
    dates = {"from_on": "2026-12-24", "to_on": "2026-12-31", "substitute": world.lead.id}
    assert browser.post("/referrals/absences", data=dates).status_code == 303
    assert world.lead.name in browser.get("/referrals/absences").text
    with app.app_context(), within(Scope(world.centre_id)):
        absence = db.session.scalars(db.select(Absence.id)).one()
    door = f"/referrals/absences/{absence}/removal"
    assert sign_in(world.lead).post(door).status_code == 404
    assert browser.post(door).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [{"to_on": "2026-12-01"}, {"to_on": ""}, {"substitute": "0"}, {"to_on": "2030-12-01"}],
)
def test_an_absence_that_makes_no_sense_is_refused(
    app: ContactCenter, world: World, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    sent = {"from_on": "2026-12-24", "to_on": "2026-12-31", "substitute": "", **wrong}
    assert sign_in(world.referent).post("/referrals/absences", data=sent).status_code == 422


def test_another_organisation_sees_no_absence(app: ContactCenter, world: World) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        absent(world.referent)
    with app.app_context(), within(Scope(world.centre_id, world.other_partner_id)):
        assert db.session.scalars(db.select(Absence)).all() == []
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        assert len(db.session.scalars(db.select(Absence)).all()) == 1


def test_the_map_shows_a_topic_that_nobody_answers(
    app: ContactCenter, world: World, sign_in: SignIn
) -> None:
    browser = sign_in(world.manager)
    assert "Chaque motif a quelqu’un" in browser.get("/coverage").text
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        absent(world.referent)
        absent(world.lead)
    page = browser.get("/coverage?gaps=1").text
    assert "Personne n’est là" in page
    assert "Personne n’est là" in browser.get("/coverage.csv").text


def test_the_map_shows_the_districts_where_no_team_answers(
    app: ContactCenter, world: World, sign_in: SignIn
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        team.territories = ["57"]
        site = db.session.get_one(Site, (world.centre_id, world.site_id))
        site.address = "Grande Rue, 59000 Lille"
    page = sign_in(world.manager).get("/coverage.csv?gaps=1").text
    assert ";59;;0;" in page
    assert ";57;" not in page
