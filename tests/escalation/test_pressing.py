"""Who is told of a late answer, how often a day and in whose hours; chasing delays nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contactcenter.accounts.models import Organisation
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import actions, alerts, asking, jobs, pressings
from contactcenter.escalation.models import LadderStep, Press, Pressing, Reason, Referral, Side
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from tests.conftest import MovableClock, Worker
from tests.escalation.matter import Matter
from tests.factories import World

Sweep = Callable[[], None]
DUE = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def told(kind: str = "ladder") -> list[str]:
    return sorted(db.session.scalars(db.select(Notice.to_address).where(Notice.kind == kind)))


def step(press: Press, minutes: int = 0, **more: object) -> None:
    db.session.add(LadderStep(after_minutes=minutes, press=press, **more))


def many(world: World, matter: Matter, times: int) -> None:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    with transaction():
        for number in range(times):
            ticket = tickets.get(matter.ticket_id)
            asking.ask(ticket, team, question=f"Question {number} ?", by=world.agent)


def test_the_ladder_goes_from_the_referent_to_the_prefecture(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        actions.take(asked, by=world.referent)
        partner = db.session.get_one(Organisation, (world.centre_id, world.partner_id))
        partner.pilot_email, partner.prefecture_email = "pilote@x.example", "pref@x.example"
        presses = (Press.REFERENT, Press.LEAD, Press.PILOT, Press.PREFECTURE)
        for number, press in enumerate(presses):
            step(press, 60 * number)
    clock.time = DUE
    sweep()
    assert told() == [world.referent.email]
    clock.time = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    for _step in presses:
        sweep()
    assert told() == sorted(
        [world.referent.email, world.lead.email, "pilote@x.example", "pref@x.example"]
    )
    severities = db.session.scalars(db.select(Pressing.severity).order_by(Pressing.step)).all()
    assert severities == [1, 2, 3, 4]


def test_without_a_pilot_the_team_s_lead_is_pressed_again(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        step(Press.PILOT)
    clock.time = DUE
    sweep()
    assert told() == [world.lead.email]


def test_a_step_before_the_deadline_says_so(
    asked: Referral, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        step(Press.TEAM, -60)
        asked.next_due_at = DUE - timedelta(hours=1)
    clock.time = DUE - timedelta(hours=1)
    sweep()
    assert db.session.scalars(db.select(Pressing.reason)).all() == [Reason.BEFORE_DUE]


def test_a_person_gets_so_many_notices_a_day_and_the_rest_in_one(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, sweep: Sweep
) -> None:
    many(world, matter, alerts.MOST_A_DAY + 3)
    clock.time = DUE
    sweep()
    assert told() == [world.lead.email] * alerts.MOST_A_DAY
    clock.time = DUE + alerts.GATHERS_FOR
    sweep()
    sweep()
    [digest] = db.session.scalars(db.select(Notice).where(Notice.kind == "ladder_digest"))
    assert digest.body.count("http") == 3
    assert "ce qui se perd le plus tôt" in digest.body


def test_what_is_lost_first_is_told_alone_when_there_is_too_much_for_a_day(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, sweep: Sweep
) -> None:
    many(world, matter, alerts.MOST_A_DAY + 3)
    with transaction():
        last = db.session.scalars(db.select(Referral).order_by(Referral.id.desc())).first()
        assert last
        last.right_lost_at = DUE - timedelta(days=1)
        number = last.id
    clock.time = DUE
    sweep()
    alone = db.session.scalars(db.select(Notice.referral_id).where(Notice.kind == "ladder")).all()
    assert number in alone
    assert len(alone) == alerts.MOST_A_DAY


def test_a_digest_lists_what_is_lost_first_and_not_what_was_answered(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, sweep: Sweep
) -> None:
    many(world, matter, alerts.MOST_A_DAY + 3)
    clock.time = DUE
    sweep()
    last = db.session.scalars(db.select(Referral).order_by(Referral.id.desc())).all()
    with transaction():
        last[0].right_lost_at = DUE - timedelta(days=1)
        actions.answer(last[1], "Oui.", by=world.referent)
    first = last[0].id
    clock.time = DUE + alerts.GATHERS_FOR
    sweep()
    [digest] = db.session.scalars(db.select(Notice).where(Notice.kind == "ladder_digest"))
    assert digest.body.count("http") == 2
    assert digest.body.split("http")[1].split()[0].endswith(f"/{first}")


def test_the_next_day_the_budget_is_whole_again(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, sweep: Sweep
) -> None:
    many(world, matter, alerts.MOST_A_DAY)
    clock.time = DUE
    sweep()
    clock.advance(hours=1)
    many(world, matter, alerts.MOST_A_DAY + 1)  # one more question than before
    clock.time = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    sweep()
    assert len(told()) == alerts.MOST_A_DAY + 1


def test_what_is_late_by_night_is_told_when_the_team_opens(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.time = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    sweep()
    due = db.session.scalars(db.select(Notice.due_at).where(Notice.kind == "ladder")).one()
    assert due == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)


def test_a_step_that_needs_approval_leaves_once_a_manager_gives_it(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep, worker: Worker
) -> None:
    with transaction():
        step(Press.LEAD, needs_approval=True)
    clock.time = DUE
    sweep()
    worker.run_all()
    db.session.expire_all()
    assert told() == []
    assert told("approval_asked") == sorted([world.manager.email, world.administrator.email])
    pressing = db.session.scalars(db.select(Pressing)).one()
    with transaction():
        pressings.approve(pressing, by=world.manager)
    assert told() == [world.lead.email]
    with pytest.raises(Conflict):
        pressings.approve(pressing, by=world.manager)


def test_pressure_that_is_called_off_presses_nobody_and_keeps_the_deadline(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with pytest.raises(Invalid):
        pressings.call_off(asked, " ", by=world.manager)
    with transaction():
        pressings.call_off(asked, "Panne chez eux", by=world.manager)
    clock.time = DUE
    sweep()
    assert told() == []
    assert asked.due_at == DUE


def test_an_answer_ends_the_pressure(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.time = DUE
    sweep()
    with transaction():
        actions.answer(asked, "Oui.", by=world.referent)
    db.session.expire_all()
    pressing = db.session.scalars(db.select(Pressing)).one()
    assert (pressing.ended_at, pressing.ended_why) == (clock.time, "ReferralAnswered")


def test_two_sweepers_tell_each_once(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, sweep: Sweep
) -> None:
    many(world, matter, 4)
    clock.time = DUE
    jobs.climb_ladders()  # the other one has not committed yet
    db.session.rollback()  # and is killed
    sweep()
    sweep()
    assert len(told()) == 4


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["chase", "precision", "note"]), st.integers(0, 300)),
        min_size=1,
        max_size=5,
    )
)
def test_no_word_of_the_asker_ever_moves_a_deadline_or_a_step_later(
    asked: Referral, world: World, clock: MovableClock, said: list[tuple[str, int]]
) -> None:
    clock.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    try:
        for what, minutes in said:
            clock.advance(minutes=minutes)
            due_at, next_due_at = asked.due_at, asked.next_due_at
            assert due_at is not None
            assert next_due_at is not None
            _say(asked, what, world)
            assert asked.due_at == due_at
            assert asked.next_due_at is not None
            assert asked.next_due_at <= next_due_at
    finally:
        db.session.rollback()


def _say(asked: Referral, what: str, world: World) -> None:
    if what == "note":
        actions.note(asked, "Rien de neuf.", side=Side.ASKER, by=world.agent)
    elif what == "precision":
        actions.give_precision(asked, "Voici encore.", by=world.agent)
    else:
        try:
            actions.chase(asked, "Alors ?", by=world.agent)
        except Conflict:
            return  # chased a moment ago
