"""What the past tells: the same people as the figures count, patience with who left unseen."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from contactcenter import clock as times
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.planning import actions
from contactcenter.queues import demand_rows
from contactcenter.queues.demand import demands
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.window import window_rows
from contactcenter.tickets.models import Channel
from tests.planning.store import PARIS


def entry(at: datetime, outcome: Outcome | None, waited: float = 60, **more):
    left = at + timedelta(seconds=waited) if outcome else None
    answered = left if outcome is Outcome.ANSWERED else None
    return {
        "entered_at": at,
        "outcome": outcome,
        "left_at": left,
        "called_at": answered,
        "answered_at": answered,
        "ended_at": answered and answered + timedelta(seconds=120),
        **more,
    }


def test_people_by_half_hour_are_those_that_the_figures_count(app, world, store):
    chance, now = random.Random(8), times.now()
    ended = [outcome for outcome in Outcome if outcome is not Outcome.WITHDRAWN]
    store(
        [
            entry(
                now - timedelta(hours=chance.uniform(3, 40)),
                chance.choice([*ended, Outcome.ABANDONED, Outcome.ABANDONED]),
                waited=chance.uniform(1, 300),
                caller_key=chance.choice([None, "a", "b", "c", "d"]),
            )
            for _ in range(400)
        ]
    )
    start, end = now - timedelta(hours=41), now
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        found = db.session.execute(
            demand_rows.people_by_half_hour(
                [world.phone_queue_id], start, end, "Europe/Paris", include_rehearsal=False
            )
        ).all()
        rows = window_rows(world.centre_id, start, end, queue_id=world.phone_queue_id)
        assert sum(row.people for row in found) == demands(rows, start, end)


def test_a_half_hour_is_that_of_the_clock_on_the_wall(app, world, store):
    store([entry(datetime(2026, 7, 1, 7, 29, tzinfo=UTC), Outcome.ANSWERED)])
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        found = db.session.execute(
            demand_rows.people_by_half_hour(
                [world.phone_queue_id],
                datetime(2026, 7, 1, tzinfo=UTC),
                datetime(2026, 7, 2, tzinfo=UTC),
                "Europe/Paris",
                include_rehearsal=False,
            )
        ).one()
    assert (found.day.isoformat(), found.slot, found.people) == ("2026-07-01", 18, 1)


def test_weekdays_are_forecast_from_weekdays(history, learn, workday):
    history(weeks=6)
    told = learn(lambda learnt: learnt.forecast, workday)
    busy = {slot for slot, each in enumerate(told.slots) if each.mean > 0}
    assert busy == set(range(18, 24))
    assert told.total == pytest.approx(36, rel=0.3)
    assert all(each.low <= each.mean <= each.high for each in told.slots)


def test_three_days_like_it_are_the_least(history, learn, workday):
    history(weeks=2)
    assert learn(lambda learnt: learnt.forecast, workday) is None


def test_a_known_event_multiplies_the_day(app, world, history, learn, workday):
    history(weeks=6)
    usual = learn(lambda learnt: learnt.forecast.total, workday)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        actions.add_event("Échéance", workday, workday, 2.0, [], by=world.manager)
        actions.add_event(
            "Ailleurs", workday, workday, 5.0, [world.counter_queue_id], by=world.manager
        )
    assert learn(lambda learnt: learnt.forecast.total, workday) == pytest.approx(2 * usual)


def test_what_came_so_far_updates_the_rest_of_today(history, learn, clock, store):
    noon = times.now().astimezone(PARIS).replace(hour=10, minute=0, second=0, microsecond=0)
    monday = noon + timedelta(days=(7 - noon.weekday()) % 7 + 7)
    clock.advance(minutes=(monday - times.now()).total_seconds() / 60)
    history(weeks=8)
    before = learn(lambda learnt: learnt.forecast, monday.date())
    rush = [
        entry(monday - timedelta(minutes=60 - minute), Outcome.ANSWERED, 5) for minute in range(60)
    ]
    store(rush)
    after = learn(lambda learnt: learnt.forecast, monday.date())
    assert after.cv == before.cv
    if after.cv:
        assert after.update > 1
        assert after.slots[22].mean > before.slots[22].mean


def test_patience_is_told_with_those_who_stayed(history, learn, workday):
    history(weeks=4, an_hour=30)
    patience = learn(lambda learnt: learnt.patience, workday)
    assert patience.left > 20
    assert patience.mean.low < 150 < patience.mean.high
    assert patience.share_after(60) == pytest.approx(0.67, abs=0.08)
    assert 100 < patience.restricted_mean(600) < 200


def test_whoever_is_missing_when_called_left_at_some_time_before(world, store, learn, workday):
    now = times.now() - timedelta(days=2)
    counter = {"queue_id": world.counter_queue_id, "channel": Channel.COUNTER, "calls": 0}

    def missing(minute: int):
        entered = now + timedelta(minutes=minute)
        called = entered + timedelta(minutes=10)
        row = entry(entered, Outcome.ABANDONED, 900, **counter)
        return row | {"calls": 2, "called_at": called}

    gone = [missing(minute) for minute in range(8)]
    told = entry(now, Outcome.ABANDONED, 300, **counter)
    store([*gone, told, *[entry(now, Outcome.ANSWERED, 600, **counter)] * 8])
    patience = learn(lambda learnt: learnt.patience, workday, world.counter_queue_id)
    assert (patience.left, patience.gone, patience.stayed) == (1, 8, 8)
    # Half of them had left within the ten minutes before the call, though nobody saw when.
    assert patience.share_after(600) == pytest.approx(8 / 17, abs=0.06)
