"""Who is pressed when an answer is late, exactly once, and what ends by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.escalation import actions, alerts, jobs
from contactcenter.escalation.models import LadderStep, Press, Pressing, Referral, ReferralStatus
from contactcenter.escalation.rules import EXPIRES_AFTER, WAITS_FOR_US
from contactcenter.notices.models import Notice
from tests.conftest import MovableClock
from tests.factories import World

Sweep = Callable[[], None]


def pressed_addresses() -> list[str]:
    return sorted(db.session.scalars(db.select(Notice.to_address).where(Notice.kind == "ladder")))


def test_nobody_is_pressed_before_the_deadline(
    asked: Referral, clock: MovableClock, sweep: Sweep
) -> None:
    clock.time = datetime(2026, 11, 24, 9, 59, tzinfo=UTC)
    sweep()
    assert pressed_addresses() == []


def test_at_the_deadline_whoever_leads_the_late_team_is_pressed(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.time = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    sweep()
    assert pressed_addresses() == [world.lead.email]


def test_a_step_is_climbed_once_however_often_one_looks(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.advance(days=2)
    sweep()
    sweep()
    assert pressed_addresses() == [world.lead.email]
    assert len(db.session.scalars(db.select(Pressing)).all()) == 1


def test_a_crash_between_the_step_and_its_notice_neither_loses_nor_doubles_it(
    asked: Referral,
    world: World,
    clock: MovableClock,
    sweep: Sweep,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.advance(days=2)

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(alerts, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            sweep()
    db.session.expire_all()
    assert asked.steps_done == 0
    sweep()
    sweep()
    assert pressed_addresses() == [world.lead.email]


def test_an_organisations_own_ladder_is_climbed_step_by_step(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        for minutes, press in ((0, Press.TEAM), (7 * 60, Press.LEAD), (14 * 60, Press.ASKER)):
            db.session.add(
                LadderStep(organisation_id=world.partner_id, after_minutes=minutes, press=press)
            )
    clock.time = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    sweep()
    assert pressed_addresses() == sorted([world.referent.email, world.lead.email])
    clock.time = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    sweep()
    assert pressed_addresses().count(world.lead.email) == 2
    clock.time = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
    sweep()
    assert pressed_addresses().count(world.agent.email) == 1
    assert asked.steps_done == 3


def test_a_chased_question_presses_the_late_side_sooner(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        actions.chase(asked, "", by=world.agent)
    clock.time = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # half of the eight open hours
    sweep()
    assert pressed_addresses() == [world.lead.email]


def test_what_nobody_answers_expires_after_a_long_while(
    asked: Referral, clock: MovableClock, sweep: Sweep
) -> None:
    clock.advance(days=2)
    sweep()
    clock.time = datetime(2026, 11, 24, 10, 0, tzinfo=UTC) + EXPIRES_AFTER
    sweep()
    assert asked.status is ReferralStatus.EXPIRED


def test_a_precision_that_never_comes_ends_the_question(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        actions.ask_back(asked, "De quelle année ?", by=world.referent)
    clock.advance(days=10)
    sweep()
    assert (asked.status, pressed_addresses()) == (ReferralStatus.ASKED_BACK, [])
    clock.time += WAITS_FOR_US
    sweep()
    assert asked.status is ReferralStatus.EXPIRED


def test_a_question_ends_with_the_permission_to_share(
    asked: Referral, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        mandate = jobs._mandate(asked)
        assert mandate is not None
        mandate.expires_at = clock.time + timedelta(hours=1)
        asked.next_due_at = mandate.expires_at
    clock.advance(hours=1)
    sweep()
    assert asked.status is ReferralStatus.EXPIRED
    assert asked.closing_text == "L’accord de l’usager a pris fin."


def test_the_ladder_of_a_topic_takes_the_place_of_its_organisations(
    asked: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        db.session.add(
            LadderStep(organisation_id=world.partner_id, after_minutes=0, press=Press.TEAM)
        )
        db.session.add(LadderStep(topic_id=world.topic_id, after_minutes=0, press=Press.ASKER))
    clock.time = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    sweep()
    assert pressed_addresses() == [world.agent.email]
