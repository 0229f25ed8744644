"""A centre rehearses: what was said in the play ends with it, and is erased with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from contactcenter.accounts.models import Centre, Person
from contactcenter.clock import now
from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.escalation.models import Press, Pressing, Referral
from contactcenter.escalation.staffing_models import CoverageAlarm
from contactcenter.events import EventRecord
from contactcenter.incidents.models import Incident
from contactcenter.queues import presence
from contactcenter.queues.models import (
    ChosenStatus,
    Presence,
    PresencePeriod,
    SaturationLevel,
)
from contactcenter.queues.past_models import LevelSpell
from contactcenter.steering import actions as steering
from contactcenter.steering.models import Protocol, ProtocolRun, Trigger


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


def show_full(queue_id):
    level = {"level": "full", "since": now(), "candidate": "full", "candidate_since": now()}
    db.session.add(SaturationLevel(queue_id=queue_id, computed_at=now(), **level))
    db.session.add(LevelSpell(queue_id=queue_id, level="full", began_at=now()))


def something_happens(app, world):
    """A queue is full, a protocol begins, a team has nobody, a topic is asked about too much."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        show_full(world.phone_queue_id)
        db.session.add(CoverageAlarm(team_id=world.team_id, raised_at=now(), questions=1))
        db.session.add(Incident(topic_id=world.topic_id, begun_at=now(), proposed_at=now()))
        protocol = Protocol(
            name="Renfort",
            queue_id=world.phone_queue_id,
            level=Trigger.FULL,
            actions={"wrap_up_seconds": 20},
            approved_by=world.administrator.id,
            approved_at=now(),
        )
        db.session.add(protocol)
        db.session.flush()
        steering.start(protocol, "Beaucoup de monde", by=None)


PAST = (LevelSpell, ProtocolRun, CoverageAlarm, Incident)


def test_no_protocol_of_the_play_is_in_force_after_it_and_its_levels_are_forgotten(
    app, world, rehearsal, look
):
    rehearsal("begin")
    something_happens(app, world)
    rehearsal("end")
    assert look(SaturationLevel) == []
    assert [spell.ended_at for spell in look(LevelSpell)] == [now()]
    [run] = look(ProtocolRun)
    assert (run.ended_at, run.end_why) == (now(), "La répétition est finie.")


@pytest.mark.parametrize(("is_played", "left"), [(True, 0), (False, 1)])
def test_what_was_seen_of_queues_and_teams_in_the_play_is_wiped_with_it(
    app, world, rehearsal, look, is_played, left
):
    if is_played:
        rehearsal("begin")
    something_happens(app, world)
    rehearsal("end")
    rehearsal("wipe")
    assert [len(look(model)) for model in PAST] == [left] * len(PAST)


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


@pytest.mark.parametrize("page", ["/tickets", "/referrals", "/referrals/{asked}"])
def test_what_was_played_is_marked_for_as_long_as_it_is_there(
    world, rehearsal, sign_in, asked_in_play, page
):
    rehearsal("end")
    reader = sign_in(world.referent if "referrals" in page else world.agent)
    assert ">Répétition</span>" in reader.get(page.format(asked=asked_in_play)).text


def test_what_is_real_carries_no_mark(world, rehearsal, sign_in, asked_id):
    rehearsal("begin")
    rehearsal("end")
    assert "Répétition" not in sign_in(world.referent).get(f"/referrals/{asked_id}").text
