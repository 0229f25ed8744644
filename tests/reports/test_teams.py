"""Figures by team and by every other group: which team a visit counts for, and what adds up."""

import json
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete

from contactcenter.accounts.models import Membership
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues import actions
from contactcenter.queues.models import PriorityClass, Queue
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.respects import RESPECTS
from contactcenter.reports import visit_list
from contactcenter.reports.overview import GROUPINGS
from contactcenter.tickets.models import Channel

DAY = ("--from", "2026-11-23T00:00", "--to", "2026-11-24T00:00", "--timezone", "Europe/Paris")
WINDOW = {"from": "2026-11-23T00:00", "to": "2026-11-24T00:00"}


@pytest.fixture
def queue(in_centre, world):
    return db.session.get(Queue, (world.centre_id, world.phone_queue_id))


@pytest.fixture
def enter(queue):
    def entered():
        with transaction():
            return actions.enter(queue, channel=Channel.PHONE)

    return entered


@pytest.fixture
def join(world):
    """Put a person into a team."""

    def joined(person, team_id):
        with transaction():
            db.session.add(Membership(person_id=person.id, team_id=team_id))

    return joined


@pytest.fixture
def mixed(app, world, visit):
    """Visits of two teams and of none, alike in hardly any respect."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        counter = db.session.get_one(Queue, (world.centre_id, world.counter_queue_id))
        counter.site_id = world.other_site_id
    teams = (world.team_id, world.other_team_id, None)
    at_a_counter = ({}, {"queue_id": world.counter_queue_id, "channel": Channel.COUNTER})
    for number in range(36):
        visit(
            [None, Outcome.ANSWERED, Outcome.ABANDONED, Outcome.CLOSED][number % 4],
            ago=number,
            team_id=teams[number % 3],
            language=["fr", "nl"][number % 2],
            priority_class=list(PriorityClass)[number // 2 % 2],
            topic_id=world.topic_id if number % 5 else None,
            **at_a_counter[number // 18],
        )


def test_who_is_not_served_counts_for_the_team_of_the_queue(enter, queue, world):
    with transaction():
        queue.in_charge_id = world.team_id
    visit = enter()
    with transaction():
        actions.leave(visit, Outcome.ABANDONED)
    assert visit.team_id == world.team_id


def test_who_is_served_counts_for_the_team_that_served(enter, queue, world, join):
    with transaction():
        queue.in_charge_id = world.team_id
    join(world.agent, world.other_team_id)
    visit = enter()
    with transaction():
        actions.answer(visit, by=world.agent)
    assert visit.team_id == world.other_team_id


def test_who_is_in_the_team_of_the_queue_serves_for_it(enter, queue, world, join):
    with transaction():
        queue.in_charge_id = max(world.team_id, world.other_team_id)
    join(world.agent, world.team_id)
    join(world.agent, world.other_team_id)
    visit = enter()
    with transaction():
        actions.answer(visit, by=world.agent)
    assert visit.team_id == queue.in_charge_id


def test_who_leaves_a_team_leaves_its_past_as_it_was(enter, world, join):
    join(world.agent, world.other_team_id)
    visit = enter()
    with transaction():
        actions.answer(visit, by=world.agent)
        db.session.execute(delete(Membership).where(Membership.person_id == world.agent.id))
    db.session.refresh(visit)
    assert visit.team_id == world.other_team_id


def test_an_expert_team_s_own_queue_is_its_own(in_centre, world):
    queue = db.session.get(Queue, (world.centre_id, world.referral_queue_id))
    with transaction():
        assert actions.enter(queue, channel=Channel.WEB).team_id == world.team_id


def test_each_group_of_a_report_adds_up_and_all_of_them_to_the_whole(app, world, mixed):
    by = [word for name in RESPECTS for word in ("--by", name)]
    told = app.test_cli_runner().invoke(args=["report", "--json", *DAY, *by, "--interval", "12h"])
    assert told.exit_code == 0, told.output or told.exception
    figures = json.loads(told.output)
    stretches = figures.pop("intervals")
    for name, each in [*figures.items(), *_of(stretches)]:
        ended = sum(each["outcomes"].values()) - each["outcomes"]["closed"]
        assert each["legs_offered"] == ended + each["still_waiting"], name
    for respect in RESPECTS:
        own = [each for name, each in figures.items() if name.startswith(f"{respect}:")]
        assert sum(each["legs_offered"] for each in own) == figures["all"]["legs_offered"] == 27
    assert {name for name in figures if name.startswith("team:")} == {
        "team:",
        "team:Impôts d’essai, Impôts",
        "team:Allocations d’essai, Logement",
    }


def _of(stretches):
    return [
        (n, each) for stretch in stretches for n, each in stretch.items() if isinstance(each, dict)
    ]


def test_every_figure_of_a_group_opens_its_visits(world, mixed, sign_in):
    page = (browser := sign_in(world.manager)).get("/reports").text
    for by in GROUPINGS:
        opened = re.findall(rf'<a href="(/reports/visits\?[^"]*by={by}[^"]*)">(\d+)</a>', page)
        assert sum(int(n) for address, n in opened if "figure=offered" in address) == 27
        address, count = opened[-1]
        listed = browser.get(address.replace("&amp;", "&")).text
        assert listed.count('<th scope="row">') == int(count), address


def test_what_a_group_opens_can_be_taken_away_with_its_team(world, mixed, sign_in):
    browser = sign_in(world.manager)
    asked = urlencode({**WINDOW, "by": "team", "key": world.team_id})
    lines = browser.get(f"/reports/visits.csv?{asked}").text.splitlines()[1:]
    assert len(lines) == 9
    assert all(";Impôts;" in line for line in lines)
    assert browser.get(f"/reports/visits.parquet?{asked}").data.startswith(b"PAR1")


@pytest.mark.parametrize("asked", ["by=colour&key=3", "by=team&key=x", "by=channel&key=smoke"])
def test_a_group_that_is_none_is_not_found(world, sign_in, asked):
    assert sign_in(world.manager).get(f"/reports/visits?{asked}").status_code == 404


def test_who_may_not_see_reports_opens_no_group(world, sign_in):
    for page in ("visits", "visits.csv", "visits.parquet"):
        assert sign_in(world.agent).get(f"/reports/{page}").status_code == 403


def test_a_group_that_no_key_can_name_is_not_there(world, sign_in):
    manager = sign_in(world.manager)
    for key in ("9" * 30, "-1", "x"):
        assert manager.get(f"/reports/visits?by=topic&key={key}").status_code == 404


def test_a_file_of_more_visits_than_a_large_day_brings_is_refused_in_words(
    world, sign_in, visit, monkeypatch
):
    monkeypatch.setattr(visit_list, "MOST_IN_A_FILE", 2)
    manager, ever = sign_in(world.manager), "from=2026-10-01&to=2027-01-01"
    for number in range(3):
        assert manager.get(f"/reports/visits.csv?{ever}").status_code == 200
        visit(ago=number + 1)
    for file in ("csv", "parquet"):
        answer = manager.get(f"/reports/visits.{file}?{ever}")
        assert answer.status_code == 422
        assert "choisissez une période plus courte" in answer.text
