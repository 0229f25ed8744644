"""What a queue may expect: from the same hour of past weeks, and an alarm when more people come."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import g
from sqlalchemy import update

from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.planning import actions as planning
from contactcenter.planning.experience import Experience
from contactcenter.queues.models import Outlook, Queue, SaturationLevel, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.outlook import bring_up_to_date
from contactcenter.queues.past_models import LevelSpell
from contactcenter.reports import words
from contactcenter.reports.saturation_page import levels_since

WEEK = timedelta(weeks=1)


@pytest.fixture
def outlook(app, world, clock):
    """As kept at this moment."""

    def look() -> Outlook:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            bring_up_to_date(clock.time)
            db.session.flush()
            row = db.session.scalars(
                db.select(Outlook).where(Outlook.queue_id == world.phone_queue_id)
            ).one()
            db.session.expunge(row)
            return row

    return look


@pytest.fixture
def past_weeks(visit, clock):
    """Weeks with that many people in the hour that ends now, and a first day before them."""

    def make(*counts: int) -> None:
        visit(Outcome.ANSWERED, at=clock.time - len(counts) * WEEK - timedelta(days=3))
        for week, count in enumerate(counts, start=1):
            for number in range(count):
                at = clock.time - week * WEEK - timedelta(minutes=1 + 55 * number / max(1, count))
                visit(Outcome.ANSWERED, at=at)

    return make


def test_the_usual_hour_is_that_of_the_same_weekday(outlook, past_weeks, visit, clock):
    past_weeks(12, 10, 14)
    visit(Outcome.ANSWERED, at=clock.time - timedelta(days=1, minutes=5))
    found = outlook()
    assert (found.expected_last_hour, found.weeks) == (12, 3)


def test_who_calls_twice_is_expected_once(outlook, past_weeks, visit, clock):
    past_weeks(2, 2, 2)
    for minutes in (10, 20, 30):
        at = clock.time - WEEK - timedelta(minutes=minutes)
        visit(Outcome.ABANDONED, at=at, caller_key="k")
    assert outlook().expected_last_hour == pytest.approx(7 / 3)


def test_two_weeks_are_too_few_to_expect_anything(outlook, past_weeks):
    past_weeks(10, 10)
    assert outlook().expected_last_hour is None


def test_a_holiday_is_no_usual_day(outlook, past_weeks, clock):
    clock.advance(days=-7 * 28)  # Monday 11 May 2026; Easter Monday was five weeks before
    past_weeks(10, 10, 10, 10, 0)
    assert (outlook().expected_last_hour, outlook().weeks) == (10, 4)


def test_patience_counts_those_who_were_served(outlook, visit):
    for _ in range(5):
        visit(Outcome.ABANDONED, wait=1)
    visit(Outcome.ANSWERED, wait=20)
    assert outlook().patience_seconds == 300


def test_who_was_found_gone_counts_alike_on_boards_and_in_planning(
    app, world, outlook, visit, clock
):
    for wait in (2, 4, 6, 8, 10):
        visit(Outcome.ABANDONED, wait=wait, ago=30, channel="counter", calls=2)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        centre = db.session.get_one(Centre, world.centre_id)
        queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        planned = Experience(centre, queue).patience.seconds
    assert outlook().patience_seconds == planned == 180  # half of six minutes: not seen leaving


def test_an_imported_past_tells_its_patience_at_once(app, world, outlook, clock, tmp_path):
    assert outlook().patience_seconds is None
    gone = [f"c{each},1,Téléphone,2026-11-20T09:0{each}:00+01:00" for each in range(5)]
    lines = [f"{each},,,,{each.split(',')[-1][:-8]}30+01:00,abandoned" for each in gone]
    header = "call_id,leg,queue,arrived,answered_at,agent,ended_at,abandoned_at,outcome"
    (tmp_path / "past.csv").write_text("\n".join([header, *lines]))
    asked = ["import-log", str(tmp_path / "past.csv"), "--format", "visits-csv"]
    told = app.test_cli_runner().invoke(args=asked)
    assert told.exit_code == 0, told.output
    clock.advance(minutes=5)
    assert outlook().patience_seconds == 30


def test_too_few_departures_tell_no_patience(outlook, visit):
    for _ in range(4):
        visit(Outcome.ABANDONED, wait=1)
    assert (outlook().patience_seconds, outlook().gave_up) == (None, 4)


def test_a_surge_is_told_while_the_queue_is_still_short(outlook, past_weeks, visit, clock):
    past_weeks(12, 12, 12, 12)
    outlook()
    for _ in range(4):
        clock.advance(minutes=5)
        for _person in range(4):
            visit(Outcome.ANSWERED, ago=1, wait=0)
    assert outlook().surge_since == clock.time


def test_an_usual_hour_is_no_surge(outlook, past_weeks, visit, clock):
    past_weeks(12, 12, 12, 12)
    outlook()
    for _ in range(12):
        clock.advance(minutes=5)
        visit(Outcome.ANSWERED, ago=1, wait=0)
        assert outlook().surge_since is None


def test_the_sweeper_back_after_hours_begins_anew(outlook, past_weeks, visit, clock):
    past_weeks(12, 12, 12, 12)
    outlook()
    for _person in range(30):
        visit(Outcome.ANSWERED, ago=-1, wait=0)
    clock.advance(hours=2)
    assert (outlook().score, outlook().counted_until) == (0, clock.time)


def test_the_board_says_what_was_expected_and_why_the_level_is_raised(
    app, world, past_weeks, visit, sign_in, outlook, clock
):
    past_weeks(12, 12, 12, 12)
    outlook()
    for _ in range(4):
        clock.advance(minutes=5)
        for _person in range(4):
            visit(Outcome.ANSWERED, ago=1, wait=0)
    outlook()
    page = sign_in(world.manager).get("/board").text
    assert "prévu" in page
    assert "16 personnes sont venues en une heure" in page
    page = sign_in(world.manager).get(f"/board/queues/{world.phone_queue_id}/saturation").text
    assert "alerte depuis" in page


def test_the_time_at_each_level_is_kept(app, world, visit, clock):
    with app.app_context():
        run_sweeps(world.centre_id)
        visit(ago=0)
        for _ in range(3):
            clock.advance(minutes=1)
            run_sweeps(world.centre_id)
        with within(Scope(world.centre_id)), transaction():
            spells = db.session.execute(
                db.select(LevelSpell.level, LevelSpell.ended_at)
                .where(LevelSpell.queue_id == world.phone_queue_id)
                .order_by(LevelSpell.began_at)
            ).all()
            shown = db.session.scalars(
                db.select(SaturationLevel.level).where(
                    SaturationLevel.queue_id == world.phone_queue_id
                )
            ).one()
    assert spells == [("fluid", clock.time), ("blocked", None)]
    assert shown == "blocked"


def test_what_was_played_fills_no_queue_of_the_day(app, world, clock):
    since = clock.time - timedelta(hours=1)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        for minutes, is_played in ((40, True), (20, False)):
            began = clock.time - timedelta(minutes=minutes)
            ended = began + timedelta(minutes=10)
            spell = {"level": "full", "began_at": began, "ended_at": ended}
            row = LevelSpell(queue_id=world.phone_queue_id, **spell, is_rehearsal=is_played)
            db.session.add(row)
        db.session.flush()
        asked = world.phone_queue_id, since, clock.time
        for played, seconds in ((False, 600), (True, 1200)):
            assert dict(levels_since(*asked, include_rehearsal=played))["full"] == seconds


def test_boards_and_plans_expect_the_same_of_an_hour(app, world, past_weeks, outlook, clock):
    past_weeks(12, 10, 14, 9)
    found = outlook()
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        centre = db.session.get_one(Centre, world.centre_id)
        queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        planned = Experience(centre, queue).forecast.slots
    local = clock.time.astimezone(ZoneInfo("Europe/Paris"))
    last = [slot.mean for slot in planned[2 * local.hour - 2 : 2 * local.hour]]
    assert (found.expected_last_hour, found.weeks) == (pytest.approx(sum(last)), 4)


def test_boards_expect_what_a_known_event_brings(app, world, past_weeks, outlook, clock):
    past_weeks(12, 12, 12)
    assert outlook().expected_last_hour == 12
    today = clock.time.date()
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        g.centre = db.session.get_one(Centre, world.centre_id)
        planning.add_event("Lettres", today, today, 2.5, [world.phone_queue_id], by=world.manager)
    clock.advance(minutes=5)
    assert outlook().expected_last_hour > 25


def test_what_comes_changes_nothing_of_what_was_expected(outlook, past_weeks, visit, clock):
    past_weeks(*[12, 20, 4, 12])
    before = outlook().expected_last_hour
    for _ in range(60):
        visit(Outcome.ANSWERED, ago=40, wait=0)
    clock.advance(minutes=5)
    assert outlook().expected_last_hour == pytest.approx(before, abs=2)


def test_what_was_played_is_expected_only_of_a_rehearsal(app, world, past_weeks, outlook, clock):
    past_weeks(12, 12, 12)
    _rehearse(app, world, is_on=True)
    assert outlook().expected_last_hour == 12
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.execute(update(Visit).values(is_rehearsal=True))
    _rehearse(app, world, is_on=False)
    clock.advance(minutes=5)
    assert outlook().expected_last_hour is None


def _rehearse(app, world, *, is_on):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Centre, world.centre_id).rehearsing = is_on


def test_a_rehearsal_at_an_hour_when_nobody_comes_is_no_surge(
    app, world, past_weeks, outlook, visit, clock
):
    past_weeks(12, 12, 12)
    clock.advance(hours=3)
    for _each in range(20):
        visit(Outcome.ANSWERED, ago=1)
    assert outlook().surge_since is not None
    _rehearse(app, world, is_on=True)
    clock.advance(minutes=5)
    found = outlook()
    assert (found.expected_last_hour, found.surge_since) == (0, None)


def test_what_today_brought_says_nothing_of_the_hour_after_midnight(outlook, visit, clock):
    clock.advance(hours=13, minutes=50)  # ten to midnight in Paris
    morning, night = clock.time - timedelta(hours=13), clock.time + timedelta(minutes=20)
    for week, came in enumerate((3, 21, 6, 30), start=1):  # days that differ tell of each other
        for _ in range(came):
            visit(Outcome.ANSWERED, at=morning - week * WEEK)
        for _ in range(4):
            visit(Outcome.ANSWERED, at=night - week * WEEK)
    for _ in range(40):
        visit(Outcome.ANSWERED, at=morning)
    assert outlook().expected_next_hour == pytest.approx(4)


def test_a_surge_where_nobody_usually_comes_is_said_in_words(app):
    asked = SimpleNamespace(reason="surge", numbers={"came": 15.0, "expected": 0.01})
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert "il n’en vient aucune" in words.why(asked, Queue(threshold_seconds=120))
