"""Waits that were told, and how often they came true."""

from datetime import timedelta

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.announced import Accuracy, Place, accuracy, note
from contactcenter.queues.models import Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.saturation import WaitRange, estimate_range
from tests.reports.conftest import visit as visit_fixture

visit = visit_fixture


@pytest.fixture
def say(app, world, clock):
    """Tell a visit a range when it came."""

    def tell(visit_id: int, told: WaitRange | None) -> None:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            row = db.session.get_one(Visit, (world.centre_id, visit_id))
            note(row, Place.PHONE, told, 3, row.entered_at)

    return tell


@pytest.fixture
def known(app, world, clock):
    def look() -> list[Accuracy]:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            return accuracy(clock.time - timedelta(days=1), include_rehearsal=False)

    return look


def test_what_came_true_is_counted_among_the_served(say, known, visit):
    for wait in (2, 8, 20):
        say(visit(Outcome.ANSWERED, wait=wait, ago=30), WaitRange(5, 10))
    say(visit(Outcome.ABANDONED, wait=1), WaitRange(5, 10))
    (found,) = known()
    assert (found.said, found.served, found.by_low, found.by_high) == (4, 3, 1, 2)
    assert found.mean_error_seconds == pytest.approx((7.5 - 10) * 60)
    assert found.hit_rate == pytest.approx(2 / 3)


def test_less_than_five_minutes_has_no_lower_end_to_be_served_before(say, known, visit):
    say(visit(Outcome.ANSWERED, wait=2, ago=30), WaitRange(0, 5))
    assert [(each.low_rate, each.hit_rate) for each in known()] == [(None, 1.0)]
    say(visit(Outcome.ANSWERED, wait=2, ago=30), WaitRange(3, 5))
    assert [(each.low_rate, each.from_low) for each in known()] == [(1.0, 1)]


def test_the_first_range_counts_and_silence_leaves_nothing(say, known, visit):
    told = visit(Outcome.ANSWERED, wait=8, ago=30)
    say(told, WaitRange(5, 10))
    say(told, WaitRange(1, 2))
    say(visit(Outcome.ANSWERED), None)
    assert [(each.said, each.by_high) for each in known()] == [(1, 1)]


def test_no_wait_is_told_to_whom_most_likely_is_not_served():
    """K + 1 > n mu / theta: 2 agents of 4 minutes, patience 2 minutes."""
    how = {
        "agents": 2,
        "handling_seconds": 240,
        "recent_services": 9,
        "patience_seconds": 120,
    }
    assert estimate_range(0, **how) is not None
    assert estimate_range(1, **how) is None


def test_managers_read_how_right_the_ranges_are(say, visit, sign_in, world):
    browser = sign_in(world.manager)
    assert "Aucune attente" in browser.get("/board/announced").text
    say(visit(Outcome.ANSWERED, wait=8, ago=30), WaitRange(5, 10))
    page = browser.get("/board/announced").text
    assert "au téléphone" in page
    assert "Aucune attente" not in page
