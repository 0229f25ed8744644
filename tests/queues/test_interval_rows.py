"""What is kept by quarter hours is what the visits say, whatever happened to them and when."""

from datetime import UTC, datetime, timedelta
from math import ceil
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text

from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.queues import actions, interval_rows
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.interval_models import IntervalMark, Threshold, VisitInterval
from contactcenter.queues.interval_rows import KEPT, Asked, answered_waits, tallies
from contactcenter.queues.measures import window_figures
from contactcenter.queues.models import PriorityClass, Queue, Source, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.tally import NOTHING, Tally
from contactcenter.tickets.models import Channel

ZONE = "Europe/Paris"
SPRING, AUTUMN, PLAIN = (
    datetime(2026, month, day, tzinfo=UTC).date() for month, day in ((3, 29), (10, 25), (11, 18))
)

pytestmark = pytest.mark.usefixtures("in_centre")


def _store(world, outcome, at, wait=30.0, service=120.0, **more):
    left = at + timedelta(seconds=wait) if outcome else None
    answered = left if outcome is Outcome.ANSWERED else None
    state = VisitState.OVER if outcome else VisitState.WAITING
    row = Visit(
        queue_id=more.pop("queue_id", world.phone_queue_id),
        channel=more.pop("channel", Channel.PHONE),
        entered_at=at,
        outcome=outcome,
        left_at=left,
        answered_at=answered,
        called_at=answered,
        ended_at=answered + timedelta(seconds=service) if answered else None,
        answered_by=world.agent.id if answered else None,
        state=state,
        **more,
    )
    db.session.add(row)
    return row


def _kept() -> list[tuple]:
    columns = [getattr(VisitInterval, name) for name in KEPT]
    return sorted(db.session.execute(select(*columns)).all(), key=str)


def _marks() -> int:
    return db.session.scalar(select(func.count()).select_from(IntervalMark)) or 0


def _dies(work):
    """Do it in a transaction that then fails."""

    def whole():
        with transaction():
            work()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        whole()


def _day(world, day=PLAIN, **more) -> Tally:
    start, end = day_of(day, ZONE)
    asked = Asked(world.centre_id, [world.phone_queue_id], start, end, **more)
    return sum(tallies(asked, "begins_at").values(), NOTHING)


def _told(world, day=PLAIN) -> dict:
    start, end = day_of(day, ZONE)
    told = window_figures(world.centre_id, start, end, ZONE, world.phone_queue_id)
    return told.get("queue:Téléphone") or told["all"]


def _agrees(world, day=PLAIN):
    """The figures of the kept rows are those that `report` computes from every visit."""
    tally, told = _day(world, day), _told(world, day)
    assert tally.offered == told["legs_offered"]
    assert tally.outcomes == told["outcomes"]
    assert tally.waiting == told["still_waiting"]
    assert tally.offered == sum(tally.outcomes.values()) - tally.closed + tally.waiting
    start, end = day_of(day, ZONE)
    asked = Asked(world.centre_id, [world.phone_queue_id], start, end)
    assert sum(tallies(asked, "language", "topic_id").values(), NOTHING) == tally
    teams = tallies(asked, "team_id")
    assert sum(teams.values(), NOTHING) == tally
    for own in teams.values():
        assert own.offered == sum(own.outcomes.values()) - own.closed + own.waiting
    assert tally.blocked == told["blocked"]
    assert tally.lost.share == told["lost_rate"]
    assert tally.lost_after_transfer == told["lost_after_transfer"]
    assert tally.abandonment.share == told["abandon_rate_excl_short"]
    assert tally.on_time.share == told["service_level"]
    assert tally.asa_seconds == told["asa_s"]
    assert tally.mean_wait_abandoned_seconds == told["mean_wait_abandoned_s"]
    assert tally.mean_handling_seconds == told["aht_s"]
    exact = told["wait_answered_quantiles_s"]["0.9"]
    assert answered_waits(asked, 0.9) == (None if exact is None else ceil(exact))


visits = st.lists(
    st.tuples(
        st.sampled_from([None, *Outcome]),
        st.sampled_from([PLAIN, SPRING, AUTUMN]),
        st.integers(-600, 25 * 3600),  # seconds after midnight, the evening before included
        st.sampled_from([0.0, 3.0, 59.999999, 60.0, 600.0, 600.000001, 5000.0]),
        st.sampled_from(list(Source)),
        st.sampled_from(list(PriorityClass)),
        st.sampled_from(["fr", "nl"]),
    ),
    max_size=25,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=visits, swept=st.booleans(), changed=st.booleans())
def test_kept_is_rebuilt_is_what_the_visits_say(world, clock, history, swept, changed):
    clock.time = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with transaction():
        db.session.execute(delete(Visit))
        for outcome, day, seconds, wait, source, priority, language in history:
            at = day_of(day, ZONE)[0] + timedelta(seconds=seconds)
            how = {"source": source, "priority_class": priority, "language": language}
            how["team_id"] = world.team_id if language == "nl" else None
            _store(world, outcome, at, wait, **how)
    if swept:
        with transaction():
            interval_rows.recount()
    if changed:
        with transaction():
            db.session.execute(
                text(
                    "UPDATE visits SET ended_at = ended_at + interval '1 s',"
                    " entered_at = entered_at - interval '7 minutes'"
                )
            )
    for day in (PLAIN, SPRING, AUTUMN):
        _agrees(world, day)
    with transaction():
        interval_rows.recount()
        kept = _kept()
    with transaction():
        interval_rows.rebuild()
        assert _kept() == kept
    for day in (PLAIN, SPRING, AUTUMN):
        _agrees(world, day)


def test_a_change_marks_its_quarter_hour_in_the_same_transaction(world, clock):
    _dies(lambda: (_store(world, None, clock.time), db.session.flush()))
    assert _marks() == 0
    with transaction():
        _store(world, None, clock.time)
    assert _marks() == 1


def test_a_sweep_that_dies_leaves_everything_to_the_next(world, clock):
    with transaction():
        _store(world, Outcome.ANSWERED, clock.time)
    _dies(interval_rows.recount)
    assert _marks() == 1
    with transaction():
        assert interval_rows.recount() == 1
    assert (_marks(), len(_kept())) == (0, 2)


def test_a_verb_of_the_queue_is_in_the_figures_at_once(world, clock):
    with transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        visit = actions.enter(queue, channel=Channel.PHONE)
    with transaction():
        interval_rows.recount()
    assert (_day(world, clock.time.date()).waiting, _marks()) == (1, 0)
    with transaction():
        actions.answer(actions.lock(visit.id), by=world.agent)
    assert _day(world, clock.time.date()).answered == 1


def test_what_is_played_and_what_was_imported_can_be_left_out(world, clock):
    with transaction():
        _store(world, Outcome.ANSWERED, clock.time)
        _store(world, Outcome.ANSWERED, clock.time, is_rehearsal=True)
        _store(world, Outcome.ANSWERED, clock.time, source_log="x", log_call="1", log_leg=1)
    today = clock.time.date()
    for _swept in range(2):
        assert _day(world, today).answered == 2
        assert _day(world, today, include_rehearsal=True).answered == 3
        assert _day(world, today, include_imported=False).answered == 1
        with transaction():
            interval_rows.recount()


def test_a_new_threshold_judges_only_who_arrives_from_then_on(world, clock):
    """History is not rewritten: neither what is kept nor what is counted again from visits."""
    with transaction():
        _store(world, Outcome.ANSWERED, clock.time - timedelta(hours=2), wait=700)
    today = clock.time.date()
    assert _day(world, today).on_time.part == 0
    with transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        assert queue.threshold_seconds < 700
        queue.threshold_seconds = 800
    clock.advance(hours=1)
    with transaction():
        _store(world, Outcome.ANSWERED, clock.time - timedelta(minutes=50), wait=700)
        interval_rows.rebuild()
    assert _day(world, today).on_time.part == 1
    _agrees(world, today)
    versions = db.session.scalars(interval_rows.thresholds(queue.id, *day_of(today, ZONE))).all()
    assert [(each.version, each.threshold_seconds) for each in versions][1:] == [(2, 800)]


def test_a_change_of_something_else_makes_no_version(world):
    with transaction():
        db.session.get_one(Queue, (world.centre_id, world.phone_queue_id)).capacity = 9
    versions = select(Threshold.version).where(Threshold.queue_id == world.phone_queue_id)
    assert db.session.scalars(versions).all() == [1]


def test_another_centre_s_quarter_hours_are_not_counted(world, other_world, clock):
    with transaction():
        _store(world, Outcome.ANSWERED, clock.time)
        interval_rows.recount()
    assert _day(other_world, clock.time.date()).offered == 0


def test_days_meet_at_midnight_of_the_place(world, clock):
    """23, 24 and 25 hours: each visit is in one day, and what waited across is where it began."""
    chance = Random(3)
    with transaction():
        for day in (SPRING, AUTUMN, PLAIN):
            start, end = day_of(day, ZONE)
            for at in (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end):
                _store(world, Outcome.ANSWERED, at, wait=chance.choice([0, 7200]))
    for day, hours in ((SPRING, 23), (AUTUMN, 25), (PLAIN, 24)):
        start, end = day_of(day, ZONE)
        assert end - start == timedelta(hours=hours)
        assert _day(world, day).answered == 2
        _agrees(world, day)


def test_a_letter_is_on_time_by_open_hours_on_the_page_and_in_the_report(world, clock):
    """Friday 16:30 to Monday 9:30: an open hour has passed, though the weekend lies between."""
    clock.time = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    with transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.written_queue_id))
        queue.threshold_seconds = 7200
    with transaction():
        visit = actions.enter(queue, channel=Channel.EMAIL)
    clock.time = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    with transaction():
        actions.answer(actions.lock(visit.id), by=world.agent)
    start, end = day_of(datetime(2026, 11, 20, tzinfo=UTC).date(), ZONE)
    told = window_figures(world.centre_id, start, end, ZONE, queue.id)
    day = tallies(Asked(world.centre_id, [queue.id], start, end), "queue_id")[queue.id]
    assert told[f"queue:{queue.name}"]["service_level"] == day.on_time.share == 1.0


def test_long_arithmetic_on_a_busy_machine_is_not_cut_off(world):
    bound = "SHOW idle_in_transaction_session_timeout"
    with transaction():
        assert db.session.scalar(text(bound)) != "0"
        _told(world)
        assert db.session.scalar(text(bound)) == "0"
    with transaction():
        assert db.session.scalar(text(bound)) != "0"


def test_the_command_counts_everything_again(app, world, clock):
    with transaction():
        _store(world, Outcome.ANSWERED, clock.time)
        db.session.execute(delete(IntervalMark))
    answer = app.test_cli_runner().invoke(args=["rebuild-intervals", "--centre", world.code])
    assert (answer.exit_code, answer.output) == (0, "2 rows kept\n")


def test_counting_a_long_history_again_is_not_cut_short(world):
    asked = text("SHOW statement_timeout")
    with transaction():
        assert db.session.scalar(asked) == "15s"
        interval_rows.rebuild()
        assert db.session.scalar(asked) == "0"
    assert db.session.scalar(asked) == "15s"
