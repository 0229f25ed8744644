"""Reports by mail: after each week or month, to who ordered them and may still see them."""

from datetime import UTC, datetime, timedelta

import pytest

from contactcenter import clock as times
from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.notices.models import Notice
from contactcenter.queues.outcomes import Outcome
from contactcenter.reports import orders
from contactcenter.reports.models import Every, ReportOrder

SUNDAY = datetime(2026, 11, 22, 10, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 7 o'clock in Paris


@pytest.fixture
def in_scope(app, world, clock):
    clock.time = SUNDAY

    def done(work):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            found = work()
            db.session.flush()
            db.session.expunge_all()
            return found

    return done


@pytest.fixture
def letters(in_scope):
    def written():
        in_scope(orders.send_due)
        return in_scope(lambda: list(db.session.scalars(db.select(Notice).order_by(Notice.id))))

    return written


def order(sign_in, person, **asked):
    return sign_in(person).post("/reports/orders", data={"every": "week", **asked})


def test_the_figures_of_a_week_leave_once_on_the_morning_after_it(
    world, in_scope, letters, visit, sign_in, clock
):
    for _each in range(3):
        visit(Outcome.ANSWERED, at=SUNDAY - timedelta(days=1))
    assert order(sign_in, world.manager).status_code == 303
    assert letters() == []
    clock.time = MONDAY_MORNING
    (letter,) = letters()
    assert letter.to_address == world.manager.email
    assert "du 16 novembre au 22 novembre" in letter.subject
    assert "Visites\xa0: 3 (période d’avant\xa0: 0)" in letter.body
    assert "day=2026-11-16" in letter.body
    assert len(letters()) == 1


def test_what_a_stopped_sweeper_missed_is_one_letter_and_not_one_for_each_week(
    world, letters, sign_in, clock, in_scope
):
    order(sign_in, world.manager)
    clock.time = MONDAY_MORNING + timedelta(weeks=3)
    assert len(letters()) == 1
    assert len(letters()) == 1


def test_who_left_gets_nothing_and_their_order_is_gone(world, in_scope, letters, sign_in, clock):
    order(sign_in, world.manager)

    def leave():
        db.session.get_one(Person, (world.centre_id, world.manager.id)).disabled_at = times.now()

    in_scope(leave)
    clock.time = MONDAY_MORNING
    assert letters() == []
    assert in_scope(lambda: db.session.scalar(db.select(ReportOrder))) is None


def test_ordering_twice_is_ordering_once_and_it_can_be_given_up(world, in_scope, sign_in):
    browser = sign_in(world.manager)
    for _each in range(2):
        browser.post("/reports/orders", data={"every": "month"})
    made = in_scope(lambda: list(db.session.scalars(db.select(ReportOrder))))
    assert [each.due_at for each in made] == [datetime(2026, 12, 1, 6, tzinfo=UTC)]
    ending = f"/reports/orders/{made[0].id}/ending"
    assert sign_in(world.administrator).post(ending).status_code == 404
    assert browser.post(ending).status_code == 303
    assert "Ne plus recevoir" not in browser.get("/reports").text


def test_nobody_orders_what_they_may_not_see(world, other_world, in_scope, sign_in):
    assert order(sign_in, world.agent).status_code == 403
    assert order(sign_in, world.manager, queue=other_world.phone_queue_id).status_code == 404
    assert order(sign_in, world.manager, every="hour").status_code == 422


@pytest.mark.parametrize(
    ("every", "due"), [(Every.WEEK, (2027, 1, 4, 6)), (Every.MONTH, (2027, 1, 1, 6))]
)
def test_the_next_one_is_the_first_morning_after_the_period(every, due):
    at = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    assert orders.next_due(every, at, "Europe/Paris") == datetime(*due, tzinfo=UTC)
