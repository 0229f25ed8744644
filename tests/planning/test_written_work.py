"""Staffing of letters and questions: the page of a queue for which nobody stands in line."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from contactcenter import clock as times
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.planning.written_work import written_work
from contactcenter.queues.models import Queue, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel

WEEKS = 5


@pytest.fixture
def asked(world, store):
    """Weeks of four questions each weekday, an hour each, two at a time; three are open."""
    rows, now = [], times.now()
    common = {"queue_id": world.referral_queue_id, "channel": Channel.WEB}
    for back in range(1, 7 * WEEKS + 1):
        day = (now - timedelta(days=back)).replace(hour=9, minute=0)
        if day.weekday() < 5:
            for number in range(4):
                at = day + timedelta(hours=number // 2)
                rows.append(
                    {
                        **common,
                        "entered_at": at - timedelta(minutes=30),
                        "left_at": at,
                        "called_at": at,
                        "answered_at": at,
                        "ended_at": at + timedelta(hours=1),
                        "answered_by": world.referent.id,
                        "outcome": Outcome.ANSWERED,
                    }
                )
    store(rows)
    waits = {"state": VisitState.WAITING, "outcome": None, "left_at": None}
    dues = (-1, 2, 4)
    store(
        [
            {**common, **waits, "entered_at": now - timedelta(hours=5), "due_at": now + due * HOUR}
            for due in dues
        ]
    )


HOUR = timedelta(hours=1)


@pytest.fixture
def look(app, world):
    def at(typed=None):
        with app.test_request_context(), within(Scope(world.centre_id)), transaction():
            centre = db.session.get_one(Centre, world.centre_id)
            queue = db.session.get_one(Queue, (world.centre_id, world.referral_queue_id))
            return written_work(centre, queue, typed)

    return at


def test_two_questions_at_hand_at_once_count_their_hour_once(asked, look):
    assert look().measured.minutes == pytest.approx(30, rel=0.06)  # less a public holiday


def test_the_past_is_read_once_for_the_days_to_come(asked, look, app):
    read: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if "AS people" in statement:
            read.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    look(60.0)
    event.remove(engine, "before_cursor_execute", note)
    assert len(read) == 1


def test_the_team_s_questions_and_hours_say_how_many_people_it_takes(asked, look):
    shown = look(60.0)
    assert (shown.open, shown.open_days, shown.people) == (3, 5, 2)
    assert shown.work.per_day == pytest.approx(4, rel=0.05)
    assert shown.work.late_already == 1
    assert shown.steady == 1
    assert next(rung.people for rung in shown.ladder) == 1


def test_without_services_the_time_is_asked_for_and_nothing_is_invented(world, look, sign_in):
    assert (look().measured, look().work) == (None, None)
    page = sign_in(world.manager).get(f"/planning/queues/{world.referral_queue_id}").text
    assert "Tapez plus haut" in page
    assert "<table" not in page


def test_a_manager_reads_the_page_of_a_team(asked, world, sign_in):
    browser = sign_in(world.manager)
    assert "Experts impôts" in browser.get("/planning").text
    page = browser.get(f"/planning/queues/{world.referral_queue_id}?minutes=60").text
    assert "Pour tenir aussi les délais" in page
    assert (
        sign_in(world.agent).get(f"/planning/queues/{world.referral_queue_id}").status_code == 403
    )
