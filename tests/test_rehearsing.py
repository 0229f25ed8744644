"""A centre rehearses: what was said in the play ends with it, and is erased with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from contactcenter.accounts.models import Centre, Person
from contactcenter.clock import now
from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.escalation.models import Press, Pressing, Referral
from contactcenter.events import EventRecord
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus, Presence, PresencePeriod


@pytest.fixture
def rehearsal(app, world):
    """A command about the rehearsal of this centre."""

    def command(word, *more):
        arguments = ["rehearsal", word, "--centre", world.code, *more]
        result = app.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == 0, result.output

    return command


@pytest.fixture
def look(app, world):
    """The rows of a table of this centre."""

    def rows(model):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            found = list(db.session.scalars(select(model).filter_by(centre_id=world.centre_id)))
            db.session.expunge_all()
            return found

    return rows


@pytest.fixture
def rehearses(app, world):
    def asked():
        with app.app_context(), transaction():
            return db.session.get_one(Centre, world.centre_id).rehearsing

    return asked


@pytest.fixture
def asked_in_play(rehearsal, request):
    """A question to experts that was asked after the play had begun."""
    rehearsal("begin")
    return request.getfixturevalue("asked_id")


def say_ready(app, person):
    with app.app_context(), within(Scope(person.centre_id)), transaction():
        who = db.session.get_one(Person, (person.centre_id, person.id))
        presence.choose(who, ChosenStatus.READY)


def sweep(app, world):
    with app.app_context():
        run_sweeps(world.centre_id)


def test_a_rehearsal_ends_by_itself_when_nobody_says_again_that_they_play(
    app, world, rehearsal, rehearses, clock
):
    rehearsal("begin", "--minutes", "10")
    clock.advance(minutes=9)
    sweep(app, world)
    assert rehearses()
    clock.advance(minutes=2)
    sweep(app, world)
    assert not rehearses()


def test_a_player_who_says_it_again_plays_on(app, world, rehearsal, rehearses, clock):
    rehearsal("begin", "--minutes", "10")
    clock.advance(minutes=9)
    rehearsal("begin", "--minutes", "10")
    clock.advance(minutes=9)
    sweep(app, world)
    assert rehearses()


def test_a_rehearsal_without_a_time_lasts_until_it_is_ended(
    app, world, rehearsal, rehearses, clock
):
    rehearsal("begin")
    clock.advance(days=2)
    sweep(app, world)
    assert rehearses()


@pytest.mark.parametrize("killed", [False, True])
def test_who_only_said_so_in_the_play_is_not_ready_after_it(
    app, world, rehearsal, look, clock, killed
):
    rehearsal("begin", "--minutes", "10")
    say_ready(app, world.agent)
    clock.advance(minutes=11)
    sweep(app, world) if killed else rehearsal("end")
    assert [each.status for each in look(Presence)] == [ChosenStatus.OFFLINE]
    assert [each.ended_at for each in look(PresencePeriod)] == [now()]


def test_who_was_ready_before_the_play_stays_ready(app, world, rehearsal, look):
    say_ready(app, world.agent)
    rehearsal("begin")
    rehearsal("end")
    assert [each.status for each in look(Presence)] == [ChosenStatus.READY]


def test_what_staff_said_of_themselves_in_the_play_is_wiped_with_it(
    app, world, rehearsal, look, clock
):
    say_ready(app, world.second_agent)
    rehearsal("begin")
    say_ready(app, world.agent)
    clock.advance(minutes=5)
    rehearsal("end")
    rehearsal("wipe")
    assert [each.person_id for each in look(PresencePeriod)] == [world.second_agent.id]
    said = [each for each in look(EventRecord) if each.kind == "PresenceChanged"]
    assert [each.person_id for each in said] == [world.second_agent.id]


def test_who_presses_an_expert_while_the_play_is_wiped_is_waited_for(
    app, world, rehearsal, look, asked_in_play, owner
):
    with ThreadPoolExecutor(1) as pool:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            db.session.add(
                Pressing(referral_id=asked_in_play, step=1, press=Press.TEAM, planned_at=now())
            )
            db.session.flush()
            wiping = pool.submit(rehearsal, "wipe")
            while not (wiping.done() or waits_for_a_row(owner)):
                continue
        wiping.result(timeout=60)
    assert look(Pressing) == look(Referral) == []


def waits_for_a_row(owner):
    with owner.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
