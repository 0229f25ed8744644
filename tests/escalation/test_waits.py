"""The wait for an expert is a visit with one outcome, so the figures cover it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions, asking
from contactcenter.escalation.models import Referral, ReferralStatus, Refusal
from contactcenter.escalation.rules import EXPIRES_AFTER
from contactcenter.queues.models import Queue, Source, Visit, VisitState
from contactcenter.queues.outcomes import COUNTS, Outcome
from contactcenter.tickets import actions as tickets
from tests.conftest import MovableClock
from tests.escalation.matter import Matter
from tests.factories import World


def visits_of(referral: Referral) -> list[Visit]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            db.select(Visit).where(Visit.referral_id == referral.id).order_by(Visit.id)
        )
    )


def ask_live(world: World, matter: Matter) -> Referral:
    with transaction():
        return asking.ask(
            tickets.get(matter.ticket_id),
            db.session.get_one(Team, (world.centre_id, world.team_id)),
            question="Avis définitif ?",
            by=world.agent,
            is_live=True,
        )


def test_a_question_waits_in_its_teams_queue(asked: Referral, world: World) -> None:
    [visit] = visits_of(asked)
    assert (visit.queue_id, visit.outcome) == (world.referral_queue_id, None)


def test_a_live_question_waits_in_a_queue_of_its_own(
    in_centre: None, world: World, matter: Matter
) -> None:
    [visit] = visits_of(ask_live(world, matter))
    assert visit.queue_id == world.consult_queue_id


def test_taking_ends_the_wait_and_answering_ends_the_service(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    clock.advance(minutes=10)
    with transaction():
        actions.take(asked, by=world.referent)
    clock.advance(minutes=20)
    with transaction():
        actions.answer(asked, "Oui.", by=world.referent)
    [visit] = visits_of(asked)
    assert visit.outcome is Outcome.ANSWERED
    assert visit.wait_until == visit.entered_at + timedelta(minutes=10)
    assert visit.ended_at == visit.entered_at + timedelta(minutes=30)
    assert visit.answered_by == world.referent.id


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (lambda r, w: actions.withdraw(r, "Trouvé.", by=w.agent), Outcome.WITHDRAWN),
        (
            lambda r, w: actions.refuse(r, Refusal.NOT_OUR_FIELD, "Ailleurs.", by=w.referent),
            Outcome.MOVED,
        ),
        (lambda r, w: actions.expire(r, mandate_ended=False), Outcome.TIMEOUT),
        (lambda r, w: actions.answer(r, "Oui.", by=w.referent), Outcome.ANSWERED),
    ],
)
def test_each_end_has_its_outcome(
    asked: Referral, world: World, end: Callable[[Referral, World], None], outcome: Outcome
) -> None:
    with transaction():
        end(asked, world)
    [visit] = visits_of(asked)
    assert (visit.outcome, visit.state) == (outcome, VisitState.OVER)


def test_taken_back_and_expired_questions_count_as_lost() -> None:
    assert COUNTS[Outcome.WITHDRAWN].lost
    assert COUNTS[Outcome.TIMEOUT].lost


def test_a_question_taken_before_it_was_taken_back_was_answered(
    asked: Referral, world: World
) -> None:
    with transaction():
        actions.take(asked, by=world.referent)
        actions.withdraw(asked, "Trouvé.", by=world.agent)
    [visit] = visits_of(asked)
    assert (visit.outcome, visit.state) == (Outcome.ANSWERED, VisitState.OVER)


def test_the_next_team_continues_the_wait_of_the_one_that_refused(
    asked: Referral, world: World, clock: MovableClock
) -> None:
    clock.advance(minutes=30)
    with transaction():
        actions.refuse(asked, Refusal.NOT_OUR_FIELD, "Ailleurs.", by=world.referent)
        onward = asking.ask(
            tickets.get(asked.ticket_id),
            db.session.get_one(Team, (world.centre_id, world.other_team_id)),
            question=asked.question,
            by=world.agent,
            without_identity=True,
            after=asked,
        )
    [first], [second] = visits_of(asked), visits_of(onward)
    assert (second.source, second.previous_id) == (Source.TRANSFER, first.id)
    assert second.virtual_entered_at == first.entered_at


def test_a_live_question_nobody_takes_ends_after_ten_minutes(
    in_centre: None,
    world: World,
    matter: Matter,
    clock: MovableClock,
    sweep: Callable[[], None],
) -> None:
    referral = ask_live(world, matter)
    clock.advance(minutes=9)
    sweep()
    assert referral.status is ReferralStatus.SENT
    clock.advance(minutes=1)
    sweep()
    assert referral.status is ReferralStatus.EXPIRED
    assert visits_of(referral)[0].outcome is Outcome.TIMEOUT


def test_a_live_question_once_taken_is_owed_in_the_teams_usual_time(
    in_centre: None,
    world: World,
    matter: Matter,
    clock: MovableClock,
    sweep: Callable[[], None],
) -> None:
    referral = ask_live(world, matter)
    clock.advance(minutes=2)
    with transaction():
        actions.take(referral, by=world.referent)
    clock.advance(hours=1)
    sweep()
    assert referral.status is ReferralStatus.TAKEN


def test_an_expired_question_leaves_its_visit_counted_as_timeout(
    asked: Referral, clock: MovableClock, sweep: Callable[[], None]
) -> None:
    clock.time += 2 * EXPIRES_AFTER
    sweep()
    sweep()
    assert asked.status is ReferralStatus.EXPIRED
    assert visits_of(asked)[0].outcome is Outcome.TIMEOUT


def test_a_team_without_a_queue_gets_one_with_its_first_live_question(
    in_centre: None, world: World, matter: Matter
) -> None:
    with transaction():
        asking.ask(
            tickets.get(matter.ticket_id),
            db.session.get_one(Team, (world.centre_id, world.other_team_id)),
            question="Possible ?",
            by=world.agent,
            is_live=True,
            without_identity=True,
        )
    made = db.select(Queue).where(Queue.team_id == world.other_team_id, Queue.kind == "consult")
    assert len(db.session.scalars(made).all()) == 1
