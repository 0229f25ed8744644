"""The demo centres: complete, coherent, walled, and made once."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from config import Settings
from contactcenter import clock
from contactcenter.accounts.models import Centre, Membership, Organisation, Person
from contactcenter.accounts.permissions import Role
from contactcenter.db import Scope, db, within
from contactcenter.demo.plans import CATALOGUE, CODES, PlanRefused, faults_of, read_plan
from contactcenter.directory.models import Line, Team, Topic, TopicTeam
from contactcenter.directory.weekly_text import parse_weekly
from contactcenter.edge import transaction
from contactcenter.escalation.models import LadderStep
from contactcenter.escalation.staffing_models import DutyShift
from contactcenter.languages import LANGUAGES
from contactcenter.queues.figures import reconciles
from contactcenter.queues.measures import window_figures
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.past_demand import PastDemand
from contactcenter.reports import queries
from contactcenter.triage.models import TriageRule

PASSWORD = "mot de passe de la démonstration"
PRINTED = ("admin@centre.example", "manager@centre.example", "agent@centre.example",
           "referent@dgfip.example", "referent@caf.example", "agent@tax.example")  # fmt: skip


@pytest.fixture
def runner(app):
    settings: Settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"demo_password": PASSWORD})
    yield app.test_cli_runner()
    app.config["SETTINGS"] = settings


@pytest.fixture
def demo(runner):
    """Both centres, made by the command as the launcher runs it, but for their past."""
    result = runner.invoke(args=["demo", "--no-past"])
    assert result.exit_code == 0, result.output
    return runner


def centre_named(code):
    return db.session.scalars(select(Centre).where(Centre.code == code)).one()


def counts():
    tables = (Centre, Person, Membership, Queue, Topic, Team, TopicTeam, Line, Organisation)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


def enter(app, email, password):
    browser = app.test_client()
    token = browser.get("/sign-in").text.split('name="csrf-token" content="')[1].split('"')[0]
    data = {"email": email, "password": password, "csrf_token": token}
    return browser.post("/sign-in", data=data).status_code


@pytest.mark.parametrize("code", CODES)
def test_a_plan_says_everything_in_every_language(code):
    plan = read_plan(code)
    assert plan.topics
    for topic in plan.topics:
        for language in LANGUAGES:
            assert len(plan.papers_of(topic, language)) == len(topic.papers) > 0


@pytest.mark.parametrize("code", CODES)
def test_no_topic_claims_to_have_been_verified(code, app):
    assert not any("verified" in text.read_text() for text in CATALOGUE.glob("topics*.toml"))


def test_the_french_catalogue_covers_each_partner():
    plan = read_plan("val-dorme")
    covered = {topic.organisation for topic in plan.topics}
    assert covered == {each.code for each in plan.organisations}
    assert 40 <= len(plan.topics) <= 70
    assert all(plan.teams_of(each.code) for each in plan.organisations[1:])


@pytest.mark.parametrize("code", CODES)
def test_every_team_has_readable_hours_a_member_and_a_lead(code):
    plan = read_plan(code)
    assert plan.teams
    for team in plan.teams:
        assert parse_weekly(team.hours)
        assert any(team.full_name in person.serves for person in plan.persons)
        assert any(team.full_name in person.leads for person in plan.persons)


@pytest.mark.parametrize("code", CODES)
def test_nothing_in_a_plan_can_reach_anybody(code):
    text = (CATALOGUE / f"{code}.toml").read_text()
    addresses = re.findall(r"[\w.-]+@[\w.-]+", text)
    assert addresses
    assert all(address.endswith(".example") for address in addresses)
    numbers = re.findall(r"\+\d{9,}", text)
    assert numbers
    for number in numbers:
        assert number.startswith(("+3319900", "+3363998"))


def test_a_plan_that_contradicts_itself_is_refused_with_each_fault():
    plan = read_plan("impots-be")
    twice = plan.model_copy(update={"sites": [*plan.sites, plan.sites[0]], "queues": []})
    faults = list(faults_of(twice))
    assert f"site {plan.sites[0].name!r} stands 2 times" in faults
    assert f"queue {plan.lines[0].queue!r} is named and not described" in faults
    assert str(PlanRefused(["a", "b"])) == "a\nb"


def test_two_centres_are_made_with_everything_that_waits_and_answers(app, demo):
    with app.app_context():
        for code in CODES:
            centre, plan = centre_named(code), read_plan(code)
            assert not centre.rehearsing
            with within(Scope(centre.id)):
                of_centre = select(Queue.kind).where(Queue.centre_id == centre.id)
                kinds = Counter(db.session.scalars(of_centre))
                assert kinds[QueueKind.REFERRAL] == kinds[QueueKind.CONSULT] == len(plan.experts)
                assert kinds[QueueKind.COUNTER] >= 3
                for table in (DutyShift, LadderStep, TriageRule):
                    db.session.rollback()
                    assert db.session.scalar(select(func.count()).select_from(table))


def test_experts_of_the_demo_may_see_the_numbers_that_concern_them(app, demo):
    with app.app_context(), within(Scope(centre_named("val-dorme").id)):
        rows = db.session.execute(select(Organisation.code, Organisation.identifiers))
        allowed = {code: kinds for code, kinds in rows if kinds}
    assert (allowed["caf"], allowed["dgfip"]) == (["nir"], ["tax_fr"])
    assert "centre" not in allowed


def test_the_agent_serves_a_counter_the_phone_and_the_mail(app, demo):
    with app.app_context():
        served = db.session.scalars(
            select(Queue.kind)
            .join(Membership, Membership.queue_id == Queue.id)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.email == "agent@centre.example")
        ).all()
        assert set(served) == {QueueKind.COUNTER, QueueKind.PHONE, QueueKind.WRITTEN}


def test_every_queue_of_citizens_has_a_first_line_team_that_serves_it(app, demo):
    with app.app_context():
        queues = db.session.execute(
            select(Queue.name, Queue.in_charge_id, func.count(Membership.person_id.distinct()))
            .outerjoin(Membership, Membership.team_id == Queue.in_charge_id)
            .where(Queue.team_id.is_(None))
            .group_by(Queue.name, Queue.in_charge_id)
        ).all()
        assert len(queues) > 10
        assert [name for name, team, members in queues if not team or members < 2] == []


def test_each_referent_belongs_to_a_partner_and_only_to_its_teams(app, demo):
    with app.app_context():
        rows = db.session.execute(
            select(Person.role, Organisation.is_own, Person.organisation_id, Team.organisation_id)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .outerjoin(Membership, Membership.person_id == Person.id)
            .outerjoin(Team, Team.id == Membership.team_id)
        ).all()
        assert {role for role, *_rest in rows} > {Role.REFERENT}
        for role, is_own, organisation_id, team_organisation_id in rows:
            assert is_own == (role is not Role.REFERENT)
            assert team_organisation_id in (None, organisation_id)


def test_whoever_the_launcher_prints_can_enter(app, demo):
    assert [enter(app, email, PASSWORD) for email in PRINTED] == [303] * len(PRINTED)


def test_a_second_run_finds_the_same_data(app, demo):
    with app.app_context():
        before = counts()
    result = demo.invoke(args=["demo"])
    assert "was there" in result.output
    with app.app_context():
        assert counts() == before


def test_another_password_replaces_the_one_before(app, demo):
    changed = app.config["SETTINGS"].model_copy(update={"demo_password": "un autre"})
    app.config["SETTINGS"] = changed
    demo.invoke(args=["demo"])
    assert enter(app, "agent@centre.example", PASSWORD) == 422
    assert enter(app, "agent@centre.example", "un autre") == 303


def test_the_command_prints_no_password(app, demo):
    assert PASSWORD not in demo.invoke(args=["demo"]).output


def test_without_a_password_nothing_is_made(app):
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 2
    assert "DEMO_PASSWORD" in result.output
    with app.app_context():
        assert counts()[0] == 0


def test_a_past_lets_one_plan_tomorrow_and_leaves_nobody_to_call_back(app, runner):
    assert runner.invoke(args=["demo"]).exit_code == 0
    now = clock.now()
    with app.app_context():
        with transaction():
            centre = centre_named("val-dorme")
            scope, weeks = Scope(centre.id), (now - timedelta(weeks=5), now, centre.timezone)
        with within(scope), transaction():
            centre = centre_named("val-dorme")
            calls = db.session.scalars(select(Queue).where(Queue.name == "Téléphone général")).one()
            assert PastDemand(centre, calls, now.date() + timedelta(days=1), now).expectation
            told = window_figures(centre.id, *weeks, calls.id)["all"]
            lost = queries.never_served_count(weeks[0], include_rehearsal=True)
            assert db.session.scalar(lost) == 0
    assert reconciles(told)
    assert told["outcomes"]["answered"] > 4 * told["outcomes"]["abandoned"] > 0
    assert 0.3 < told["occupancy"] < 0.9
