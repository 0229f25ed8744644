"""A live question goes round who is on duty: one at a time, nobody twice, until it ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from contactcenter.accounts.models import Person
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import ContactCenter, run_sweeps, transaction
from contactcenter.escalation import actions, asking
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.staffing_models import ConsultOffer, DutyShift
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus
from contactcenter.tickets import actions as tickets
from tests.conftest import MovableClock, SignIn
from tests.escalation.matter import Matter
from tests.factories import World

Sweep = Callable[[], None]


def on_duty(world: World, *people: Person) -> None:
    for person in people:
        shift = DutyShift(team_id=world.team_id, person_id=person.id, weekday=0)
        shift.from_minute, shift.to_minute = 0, 24 * 60
        db.session.add(shift)
        presence.choose(person, ChosenStatus.READY)


def ask_live(world: World, matter: Matter, question: str = "Définitif ?") -> Referral:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    ticket = tickets.get(matter.ticket_id)
    return asking.ask(ticket, team, question=question, by=world.agent, is_live=True)


def asked_for(referral: Referral) -> list[int]:
    offers = db.select(ConsultOffer.person_id).where(ConsultOffer.referral_id == referral.id)
    return list(db.session.scalars(offers.order_by(ConsultOffer.id)))


@pytest.fixture
def live(in_centre: None, world: World, matter: Matter) -> Referral:
    """Asked while two are on duty; the lead comes first by name."""
    with transaction():
        on_duty(world, world.referent, world.lead)
        return ask_live(world, matter)


def test_who_does_not_take_it_in_time_is_followed_by_the_next_on_duty(
    live: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    clock.advance(seconds=59)
    sweep()
    assert asked_for(live) == [world.lead.id]
    clock.advance(seconds=1)
    sweep()
    assert asked_for(live) == [world.lead.id, world.referent.id]


def test_nobody_is_asked_twice_and_it_ends_as_before(
    live: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    for _minute in range(9):
        clock.advance(minutes=1)
        sweep()
    assert (asked_for(live), live.status) == (
        [world.lead.id, world.referent.id],
        ReferralStatus.SENT,
    )
    clock.advance(minutes=1)
    sweep()
    assert live.status is ReferralStatus.EXPIRED


def test_who_comes_on_duty_while_someone_waits_is_asked(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        live = ask_live(world, matter)
    assert asked_for(live) == []
    with transaction():
        on_duty(world, world.referent)
    clock.advance(minutes=1)
    sweep()
    assert asked_for(live) == [world.referent.id]


def test_the_team_says_how_long_one_is_asked(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        db.session.get_one(Team, (world.centre_id, world.team_id)).consult_seconds = 20
        on_duty(world, world.referent, world.lead)
        live = ask_live(world, matter)
    clock.advance(seconds=20)
    sweep()
    assert asked_for(live) == [world.lead.id, world.referent.id]


def test_who_was_asked_longest_ago_comes_first(
    live: Referral, world: World, matter: Matter
) -> None:
    with transaction():
        other = ask_live(world, matter, "Une autre ?")
    assert asked_for(other) == [world.referent.id]


def test_once_taken_nobody_else_is_asked(
    live: Referral, world: World, clock: MovableClock, sweep: Sweep
) -> None:
    with transaction():
        actions.take(live, by=world.referent)
    clock.advance(minutes=5)
    sweep()
    assert asked_for(live) == [world.lead.id]
    assert live.status is ReferralStatus.TAKEN


def test_taken_at_the_moment_it_would_go_on_it_stays_taken(
    live: Referral, world: World, app: ContactCenter, clock: MovableClock
) -> None:
    referral_id = live.id
    db.session.rollback()
    clock.advance(minutes=1)
    together = Barrier(2)

    def take() -> None:
        with app.app_context(), within(world.referent.scope), transaction():
            together.wait(5)
            actions.take(actions.lock(referral_id, person=world.referent), by=world.referent)

    def go_on() -> None:
        with app.app_context():
            together.wait(5)
            for _round in range(3):
                run_sweeps(world.centre_id)

    with ThreadPoolExecutor(2) as both:
        for each in [both.submit(take), both.submit(go_on)]:
            each.result()
    clock.advance(minutes=1)
    run_sweeps(world.centre_id)
    taken = db.session.get_one(Referral, (world.centre_id, referral_id), populate_existing=True)
    assert (taken.status, taken.taken_by) == (ReferralStatus.TAKEN, world.referent.id)
    assert len(asked_for(taken)) <= 2


def test_both_sides_see_who_is_asked(
    app: ContactCenter, world: World, matter: Matter, sign_in: SignIn, clock: MovableClock
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        on_duty(world, world.referent, world.lead)
        number = ask_live(world, matter).id
    clock.advance(minutes=1)
    with app.app_context():
        run_sweeps(world.centre_id)
    panel = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals").text
    first, second = f"Demandé à {world.lead.name}, ", f"Demandé à {world.referent.name} depuis"
    assert panel.index(first) < panel.index(second)
    referent, lead = sign_in(world.referent), sign_in(world.lead)
    assert "un usager attend, à vous" in referent.get("/referrals").text
    assert f"demandée à {world.referent.name}" in lead.get("/referrals").text
    assert "C’est à vous qu’on la demande." in referent.get(f"/referrals/{number}").text


def test_postgresql_shows_who_was_asked_to_that_organisation_and_to_no_other(
    app: ContactCenter, live: Referral, world: World
) -> None:
    db.session.rollback()

    def seen(person: Person) -> int:
        with app.app_context(), within(person.scope):
            return len(db.session.scalars(db.select(ConsultOffer.id)).all())

    assert (seen(world.agent), seen(world.referent), seen(world.other_referent)) == (1, 1, 0)
